import { isKubeError } from "../k8s/errors.ts";
import { isForeign, keyOf, type LiveObject, refOf, refOnly } from "../release/plan.ts";
import type { Application, ObjectRef, Plan, PlannedObject } from "../release/release.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import type { Planned } from "./applying.ts";
import { forget } from "./heads.ts";
import type { ControllerPorts, Environment } from "./ports.ts";

/**
 * What docc made for the app before and the wanted objects do not have: read now, so that the plan can
 * pin each by its uid. What somebody else has taken over since stays.
 */
export async function superfluous(
  wanted: readonly KubernetesObject[],
  { spec, status }: Application,
  { cluster, platform }: Environment,
): Promise<readonly LiveObject[]> {
  const kept = new Set(wanted.map((object) => keyOf(refOf(object))));
  const left = (status?.inventory ?? []).filter(
    // Of a namespace that the environment had before, docc may have lost its rights.
    (ref) => !kept.has(keyOf(ref)) && ref.namespace === platform.namespace,
  );
  const live = await Promise.all(left.map((ref) => cluster.find(ref)));
  return live.flatMap((each) => (each === undefined || isForeign(each, spec.app) ? [] : [each]));
}

/** Whether an object would work against the wanted ones until it is gone. */
function isInTheWay({ kind }: PlannedObject, plan: Plan): boolean {
  const isAutoscaled = plan.changes.some(
    (change) => change.kind === kind && change.action !== "prune",
  );
  return kind === "HorizontalPodAutoscaler" && !isAutoscaled;
}

/** Before anything is applied: an autoscaler would go on changing the scale that the manifest fixes. */
export async function clearTheWay(planned: Planned, env: Environment): Promise<void> {
  const { app, plan } = planned;
  await removeAll(
    prunesOf(plan).filter((change) => isInTheWay(change, plan)),
    env,
    { isOurs: (live) => !isForeign(live, app) },
  );
}

/**
 * After the success: removes what the plan says is not wanted any more, that very object and no other of
 * its name, and forgets it. What somebody has taken over since stays and is forgotten, too. Doing it again
 * changes nothing.
 * @returns what is still there: the cluster refuses to let it go, or it is somebody else's now
 */
export async function prune(
  { app, plan }: Planned,
  env: Environment,
  { records, cache, log }: ControllerPorts,
): Promise<readonly ObjectRef[]> {
  const prunes = prunesOf(plan);
  if (prunes.length === 0) return [];
  const { refused, taken } = await removeAll(prunes, env, {
    isOurs: (live) => !isForeign(live, app),
  });
  for (const ref of taken) {
    log.info(
      { object: keyOf(ref) },
      "what is not wanted any more is somebody else's now; it stays",
    );
  }
  for (const { ref, error } of refused) {
    log.warn({ err: error, object: keyOf(ref) }, "the cluster keeps what is not wanted any more");
  }
  const stays = new Set(refused.map(({ ref }) => keyOf(ref)));
  const gone = prunes.filter((ref) => !stays.has(keyOf(ref)));
  cache.rememberApplication(await forget(records, app, env.name, gone));
  return [...refused.map(({ ref }) => ref), ...taken];
}

export function prunesOf({ changes }: Plan): readonly PlannedObject[] {
  return changes.filter(({ action }) => action === "prune");
}

interface Left {
  /** The cluster keeps them. */
  readonly refused: readonly { readonly ref: ObjectRef; readonly error: unknown }[];
  /** Not docc's for the app any more. */
  readonly taken: readonly ObjectRef[];
}

/** What may be removed, and when. */
interface RemoveOptions {
  readonly isOurs: (live: LiveObject) => boolean;
  readonly confirm?: () => Promise<void>;
  /** Whether what comes behind one that the cluster keeps is left alone. */
  readonly stopsAtRefusal?: boolean;
}

/** Removes planned objects one after another, each by its uid and in the state in which it was found to be ours. */
export async function removeAll(
  prunes: readonly PlannedObject[],
  { cluster }: Environment,
  { stopsAtRefusal = false, ...which }: RemoveOptions,
): Promise<Left> {
  const refused: { ref: ObjectRef; error: unknown }[] = [];
  const taken: ObjectRef[] = [];
  for (const prune of prunes) {
    const { uid = "" } = prune;
    const ref = refOnly(prune);
    try {
      const isGone = await cluster.remove(ref, { uid, ...which });
      if (!isGone) taken.push(ref);
    } catch (error) {
      if (!isKubeError(error, "forbidden", "invalid")) throw error;
      refused.push({ ref, error });
      if (stopsAtRefusal) break;
    }
  }
  return { refused, taken };
}
