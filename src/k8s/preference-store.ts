import { type Clock, within } from "../clock.ts";
import { DoccError } from "../errors.ts";
import {
  changedPreferences,
  type PreferenceChange,
  preferenceName,
  type PreferenceRecord,
  type Preferences,
  type PreferencesChanged,
  type PreferenceState,
  samePreferences,
  type Subject,
} from "../release/preferences.ts";
import type { ObjectMeta } from "../release/release.ts";
import type { KubeApi } from "./api.ts";
import { isAbsence, isKubeError } from "./errors.ts";
import { apiVersionOf, preferences } from "./kinds.ts";
import type { OpaqueObject, Stored } from "./objects.ts";
import { OwnWrites } from "./own-writes.ts";
import { reflect } from "./reflector.ts";

/** What people and channels prefer: a local copy to read, compare-and-swap to write. */
export interface PreferenceStore {
  /** From the local copy: no read of the API. Nothing where nothing is stored, or nothing can be. */
  of(subject: Subject): Preferences;
  /**
   * Changes what a subject prefers; the record with nothing left in it goes.
   * @throws DoccError `bad-config` where the cluster takes none: docc was installed before there were any
   * @throws KubeError `conflict` when others change them again and again meanwhile
   */
  change(subject: Subject, change: PreferenceChange): Promise<PreferencesChanged>;
  readonly state: PreferenceState;
  /** Resolves when the state is no longer `reading`, or after so many milliseconds. */
  settled(patienceMs: number): Promise<void>;
  stop(): Promise<void>;
}

const mostTries = 5;

export function openPreferences(options: {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hears of every list and watch that failed, but of one and the same absence once; they go on by themselves. */
  readonly onError: (error: Error) => void;
}): PreferenceStore {
  const { api, namespace, clock, random, onError } = options;
  const settling = Promise.withResolvers<void>();
  const own = new OwnWrites<PreferenceRecord>();
  /** Uids of what this process has deleted, by name: the watch may tell of that a moment later. */
  const gone = new Map<string, string>();
  let state: PreferenceState = "reading";
  const copy = reflect(api, preferences, {
    namespace,
    clock,
    random,
    project: asPreference,
    onChange: (change) => {
      if (state === "absent") state = "known";
      own.heard(change);
    },
    onError: (error) => {
      // What is known already stays known while a right is taken away.
      const isGone = isKubeError(error, "not-served") || (isAbsence(error) && state !== "known");
      if (!isGone) return onError(error);
      if (state !== "absent") onError(error);
      state = "absent";
      settling.resolve();
    },
  });
  copy.synced().then(
    () => {
      state = "known";
      settling.resolve();
    },
    // A store that is stopped first has nobody to tell.
    () => settling.resolve(),
  );

  const newest = (name: string): PreferenceRecord | undefined => {
    const found = own.newest(name) ?? copy.get(`${namespace}/${name}`);
    return found === undefined || found.metadata.uid === gone.get(name) ? undefined : found;
  };
  const remember = (object: Stored<OpaqueObject>): void => {
    const record = asPreference(object);
    own.remember(record, copy.get(`${namespace}/${record.metadata.name}`));
  };

  const swap = async (subject: Subject, change: PreferenceChange): Promise<PreferencesChanged> => {
    const name = preferenceName(subject);
    const found = await api.find(preferences, { namespace, name });
    const stored = found === undefined ? undefined : asPreference(found);
    const before = valuesOf(stored);
    const after = changedPreferences(before, change);
    if (samePreferences(before, after)) return { before, after };
    const spec = { subject, ...after };
    const kind = { apiVersion: apiVersionOf(preferences), kind: preferences.kind };
    if (found === undefined || stored === undefined) {
      const object = { ...kind, metadata: { name, namespace }, spec };
      remember(await api.create(preferences, object));
    } else if (isNothing(after)) {
      const { uid, resourceVersion } = stored.metadata;
      await api.delete(preferences, { namespace, name }, { uid, resourceVersion });
      gone.set(name, uid);
    } else {
      const { uid, resourceVersion } = stored.metadata;
      const object = { ...kind, metadata: { name, namespace, uid, resourceVersion }, spec };
      remember(await api.replace(preferences, object));
    }
    return { before, after };
  };

  return {
    of: (subject) => valuesOf(newest(preferenceName(subject))),
    change: async (subject, change) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await swap(subject, change);
        } catch (error) {
          if (isAbsence(error)) throw notInstalled(error);
          const isLate = isKubeError(error, "conflict", "already-exists", "not-found");
          if (!isLate || tries >= mostTries) throw error;
        }
      }
    },
    get state() {
      return state;
    },
    settled: (patienceMs) => within(clock, patienceMs, settling.promise),
    stop: () => copy.stop(),
  };
}

function notInstalled(cause: unknown): DoccError {
  const sentence = "This installation of docc cannot store preferences yet.";
  const hint = "An operator can mend that with kubectl apply --server-side -k deploy.";
  return new DoccError("bad-config", sentence, { hint, cause });
}

function isNothing(values: Preferences): boolean {
  return samePreferences(values, {});
}

function valuesOf(record: PreferenceRecord | undefined): Preferences {
  return record === undefined ? {} : changedPreferences(record.spec, {});
}

/** The API server has checked it against the CRD in deploy/crds: this is where JSON becomes a record. */
function asPreference({ metadata, spec }: Stored<OpaqueObject>): PreferenceRecord {
  return { metadata: metaOf(metadata), spec: spec as PreferenceRecord["spec"] };
}

function metaOf({
  name,
  namespace = "",
  uid,
  resourceVersion,
  creationTimestamp = "",
}: Stored<OpaqueObject>["metadata"]): ObjectMeta {
  return { name, namespace, uid, resourceVersion, creationTimestamp };
}
