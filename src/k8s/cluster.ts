import type { Inspection } from "../commands/inspecting/inspection.ts";
import type { AppHealth, EventGroup, EventQuery, LogQuery, LogReading } from "../commands/ports.ts";
import type { Adoptable } from "../manifest/adopt/asked.ts";
import type { KubernetesObject, ObjectMeta } from "../manifest/objects/objects.ts";
import type { TakenHost } from "../release/hosts.ts";
import type { Observation } from "../release/observation.ts";
import type { ObjectRef } from "../release/release.ts";
import { readAdoptable } from "./adoptable.ts";
import type { Actor } from "./actor.ts";
import type { KubeApi } from "./api.ts";
import { readEvents } from "./app-events.ts";
import { healthOf } from "./app-health.ts";
import { type Inspected, inspectApp } from "./app-inspection.ts";
import { readLogLines } from "./app-logs.ts";
import { type FieldConflict, isKubeError } from "./errors.ts";
import { takenHosts } from "./hosts.ts";
import { deployments, kindOf, type Kind } from "./kinds.ts";
import type { KubeObject, Ref, Stored } from "./objects.ts";
import { lookAt, type Subject } from "./look.ts";
import { reflect, type Reflector } from "./reflector.ts";
import { followRollout, type RolloutWatch, type WatchPlace } from "./rollout-watch.ts";
import { DoccError } from "../errors.ts";

const fieldManager = "docc";
/** Somebody waits for it. */
const adoptableMs = 10_000;
const ownLabel = "app.kubernetes.io/managed-by=docc";

/** An apply that is bound to what was read: it changes that very object in that very state. */
export interface Fence {
  readonly uid?: string;
  readonly resourceVersion: string;
}

/**
 * Of an object that was not there: the apply makes it, or is a `conflict` when it is there meanwhile.
 * No object has this version; the API server compares it only with one that exists (measured, 1.35).
 */
export const absent: Fence = { resourceVersion: "1" };

/** Of an object that exists already, server-side apply takes whatever its manager wants to own. */
type Part = Pick<KubernetesObject, "apiVersion" | "kind" | "spec"> & {
  readonly metadata: Pick<ObjectMeta, "name" | "namespace"> & Partial<ObjectMeta>;
};

interface ApplyOptions {
  readonly force: boolean;
  readonly fence?: Fence;
  /** Who owns what is applied; docc unless given. */
  readonly manager?: string;
}

/** Which object of its name is to go. */
interface Removal {
  readonly uid: string;
  /** Asked of the very state that is deleted. */
  readonly isOurs: (live: Stored<KubeObject>) => boolean;
  /** After every read, before the delete that is bound to it: rejects where nothing is to be deleted any more. */
  readonly confirm?: () => Promise<void>;
  /** Only asks whether the cluster would let it go. */
  readonly dryRun?: boolean;
}

/** What a dry run of one object says. */
interface Preview {
  /** Undefined when an admission webhook allows no dry run. */
  readonly object: Stored<KubeObject> | undefined;
  /** Fields that another manager owns and our apply would take over. */
  readonly conflicts: readonly FieldConflict[];
}

type Writes = Pick<Cluster, "remove" | "preview" | "apply">;

/** One environment's cluster, in docc's words. */
export interface Cluster {
  /** The same cluster, changed in somebody else's name; what is read is read by docc. */
  as(actor: Actor): Cluster;
  /**
   * docc's own objects of one kind, with who wrote what in them; undefined where docc may not list them.
   */
  owned(
    kind: Pick<ObjectRef, "apiVersion" | "kind">,
  ): Promise<readonly Stored<KubeObject>[] | undefined>;
  /** Undefined also where the API server does not serve such a kind any more. */
  find(ref: ObjectRef): Promise<Stored<KubeObject> | undefined>;
  /**
   * Deletes that very object, if it is still there, in the state that is read now; one of another uid is
   * left alone. What belongs to it goes in the background: whoever waits for pods looks at them.
   * @returns false when it is there and not ours any more: then it is left alone, too
   */
  remove(ref: ObjectRef, which: Removal): Promise<boolean>;
  /** Server-side dry run; a conflict is reported, and previewed as if it were forced. */
  preview(object: KubernetesObject): Promise<Preview>;
  apply(object: Part, options: ApplyOptions): Promise<Stored<KubeObject>>;
  /** What answers to which host, see {@link takenHosts}. */
  hosts(): Promise<readonly TakenHost[]>;
  /** One fresh look, for verdicts. */
  look(subject: Subject, signal?: AbortSignal): Promise<Observation>;
  /** Calls `onChange` whenever something of the app's rollout moved. */
  follow(subject: Subject, onChange: () => void): RolloutWatch;
  logs(app: string, query: LogQuery): Promise<LogReading>;
  /** The last lines of one container, for a cause. */
  lastLines(
    pod: string,
    container: string,
    previous: boolean,
    lines: number,
  ): Promise<readonly string[]>;
  events(app: string, query: EventQuery): Promise<readonly EventGroup[]>;
  /** Everything about an app that people ask for at once; see {@link inspectApp}. */
  inspect(subject: Inspected): Promise<Inspection>;
  /** A Deployment by its name and all that may belong to it; see {@link readAdoptable}. */
  adoptable(name: string): Promise<Adoptable>;
  /** From the local copy; undefined when no Deployment of docc's has that name. */
  health(app: string): AppHealth | undefined;
  /** False until the local copy of the Deployments is complete. */
  readonly synced: boolean;
  stop(): Promise<void>;
}

/** What docc keeps of every Deployment it manages: some hundred bytes. */
type Summary = AppHealth;

export function openCluster(place: WatchPlace): Cluster {
  const { api, namespace, clock, random, onError } = place;
  const stopping = new AbortController();
  let synced = false;
  const summaries: Reflector<Summary> = reflect(api, deployments, {
    namespace,
    labelSelector: ownLabel,
    project: healthOf,
    onError,
    clock,
    random,
    signal: stopping.signal,
  });
  summaries.synced().then(
    () => {
      synced = true;
    },
    () => undefined,
  );

  const own: Cluster = {
    ...writes(api, namespace),
    // All the rest is its own, live getters included.
    as: (actor) => Object.assign(Object.create(own) as Cluster, writes(api, namespace, actor)),
    owned: async (kind) => {
      try {
        const options = { namespace, labelSelector: ownLabel, limit: 100, keepManagedFields: true };
        return (await api.listAll(kindFor(kind), options)).items;
      } catch (error) {
        if (isKubeError(error, "not-served")) return [];
        if (isKubeError(error, "forbidden")) return undefined;
        throw error;
      }
    },
    find: async (ref) => {
      try {
        return await api.find(kindFor(ref), { namespace, name: ref.name });
      } catch (error) {
        if (isKubeError(error, "not-served")) return undefined;
        throw error;
      }
    },
    hosts: () => takenHosts(api, namespace),
    look: (subject, signal) => lookAt(api, namespace, subject, signal),
    follow: (subject, onChange) => followRollout(place, subject, onChange),
    logs: (app, query) => readLogLines(api, { namespace, app }, query, clock),
    lastLines: async (pod, container, previous, lines) => {
      const text = await api.readLogs(
        { namespace, name: pod },
        { container, previous, tailLines: lines, limitBytes: 64 * 1024 },
      );
      return text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .slice(-lines);
    },
    events: (app, query) => readEvents(api, namespace, app, query),
    inspect: (subject) => inspectApp(api, namespace, subject, clock),
    adoptable: (name) => readAdoptable(api, namespace, name, { timeoutMs: adoptableMs }),
    health: (app) => summaries.get(`${namespace}/${app}`),
    get synced() {
      return synced;
    },
    stop: async () => {
      stopping.abort();
      await summaries.stop();
    },
  };
  return own;
}

/** What changes something, or tries to: in the name of `actor`, else docc's own. */
function writes(api: KubeApi, namespace: string, actor?: Actor): Writes {
  const by = actor === undefined ? {} : { as: actor };
  return {
    remove: (ref, which) =>
      removeExactly(api, kindFor(ref), { namespace, name: ref.name }, which, by),
    preview: async (object) => {
      const apply = async (force: boolean): Promise<Stored<KubeObject> | undefined> => {
        try {
          return await api.apply(asKube(object), { fieldManager, dryRun: true, force, ...by });
        } catch (error) {
          if (!isKubeError(error, "no-dry-run")) throw error;
          return undefined;
        }
      };
      try {
        return { object: await apply(false), conflicts: [] };
      } catch (error) {
        if (!isKubeError(error, "apply-conflict")) throw error;
        return { object: await apply(true), conflicts: error.conflicts };
      }
    },
    apply: (object, { force, fence, manager = fieldManager }) =>
      api.apply({ ...asKube(object), metadata: { ...object.metadata, ...fence } } as KubeObject, {
        fieldManager: manager,
        force,
        ...by,
      }),
  };
}

const mostTries = 5;

/** By uid and version: a request that is late must not take what another release wants by now. */
async function removeExactly(
  api: KubeApi,
  kind: Kind,
  ref: Ref,
  { uid, isOurs, confirm, dryRun = false }: Removal,
  by: { readonly as?: Actor },
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      const live = await api.find(kind, ref);
      if (live?.metadata.uid !== uid) return true;
      if (!isOurs(live)) return false;
      const { resourceVersion } = live.metadata;
      await confirm?.();
      const propagationPolicy = "Background";
      await api.delete(kind, ref, { uid, resourceVersion, propagationPolicy, dryRun, ...by });
      return true;
    } catch (error) {
      if (isKubeError(error, "not-found", "not-served")) return true;
      if (tries >= mostTries || !isKubeError(error, "conflict")) throw error;
    }
  }
}

function kindFor({ apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">): Kind {
  const found = kindOf(apiVersion, kind);
  if (found === undefined) throw new DoccError("internal", `docc knows no ${apiVersion} ${kind}.`);
  return found;
}

/** Our own objects are complete Kubernetes objects with narrower types. */
function asKube(object: Part): KubeObject {
  return object as KubeObject;
}
