import type { Clock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import { applicationName } from "../release/names.ts";
import type { Application, Release } from "../release/release.ts";
import type { KubeApi } from "./api.ts";
import { applications, releases } from "./kinds.ts";
import { asApplication, asRelease, isSpoilt } from "./records.ts";
import { nameOf, OwnWrites } from "./own-writes.ts";
import { packed } from "./packed.ts";
import { reflect } from "./reflector.ts";

/** A local copy of docc's records, and the news of their changes. */
export interface RecordCache {
  release(name: string): Release | undefined;
  releases(): readonly Release[];
  application(app: string, environment: string): Application | undefined;
  applications(): readonly Application[];
  /** What this process just wrote, so that it is not surprised by its own past. */
  remember(release: Release): void;
  rememberApplication(application: Application): void;
  readonly synced: boolean;
  waitUntilSynced(): Promise<void>;
  /** Resolves when the copy is at least as new as this call; rejects when stopped before that. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export function openRecordCache(options: {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onRelease: (name: string) => void;
  /** Hears of every list and watch that failed; they go on by themselves. */
  readonly onError: (error: Error) => void;
}): RecordCache {
  const { api, namespace, clock, random, onError } = options;
  const shared = { namespace, clock, random, onError };
  const ownReleases = new OwnWrites<Release>();
  const ownApplications = new OwnWrites<Application>();
  /** Made anew when something has changed: every step of every release looks at all of them. */
  let all: readonly Release[] | undefined;
  const releaseCopy = reflect(api, releases, {
    ...shared,
    project: (object) => packed(asRelease(object)),
    onChange: (change) => {
      all = undefined;
      ownReleases.heard(change);
      options.onRelease(change.value.metadata.name);
    },
  });
  const applicationCopy = reflect(api, applications, {
    ...shared,
    project: (object) => {
      const head = asApplication(object);
      if (isSpoilt(object, head)) onError(spoilt(head));
      return head;
    },
    onChange: (change) => ownApplications.heard(change),
  });
  let synced = false;
  const syncing = Promise.all([releaseCopy.synced(), applicationCopy.synced()]).then(() => {
    synced = true;
  });
  // Whoever waits hears of it; a cache that is stopped first has nobody to tell.
  syncing.catch(() => undefined);

  return {
    release: (name) => ownReleases.newest(name) ?? releaseCopy.get(`${namespace}/${name}`),
    releases: () => {
      all ??= releaseCopy.values().map((each) => ownReleases.newest(nameOf(each)) ?? each);
      return all;
    },
    application: (app, environment) => {
      const name = applicationName(app, environment);
      return ownApplications.newest(name) ?? applicationCopy.get(`${namespace}/${name}`);
    },
    applications: () =>
      applicationCopy.values().map((each) => ownApplications.newest(nameOf(each)) ?? each),
    remember: (release) => {
      all = undefined;
      ownReleases.remember(release, releaseCopy.get(`${namespace}/${nameOf(release)}`));
    },
    rememberApplication: (application) =>
      ownApplications.remember(
        application,
        applicationCopy.get(`${namespace}/${nameOf(application)}`),
      ),
    get synced() {
      return synced;
    },
    waitUntilSynced: () => syncing,
    refresh: async () => {
      await Promise.all([releaseCopy.refresh(), applicationCopy.refresh()]);
    },
    stop: async () => {
      await Promise.all([releaseCopy.stop(), applicationCopy.stop()]);
    },
  };
}

/** Quarantine: see asApplication. Whoever operates docc reads its name. */
function spoilt({ metadata: { name } }: Application): DoccError {
  return new DoccError("internal", `Application ${name} holds a manifest that cannot be read.`);
}
