import { isKubeError } from "../k8s/errors.ts";
import { type Held, isMade, sayDeleted, sayHeld } from "../release/deletion.ts";
import { enter } from "../release/phases.ts";
import { isForeign, keyOf, type LiveObject, refOnly } from "../release/plan.ts";
import type { Cause, ObjectRef, PlannedObject } from "../release/release.ts";
import { advise } from "../text/advice.ts";
import { cap } from "../text/cap.ts";
import { lacking } from "./acting.ts";
import { confirmPhase, type Planned } from "./applying.ts";
import { forget } from "./heads.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { prunesOf, removeAll } from "./pruning.ts";
import { cause } from "./refusal.ts";
import { conclude, type Step } from "./step.ts";

/** How often the cluster is asked what is left; a watch of the pods says so sooner. */
const tickMs = 2_000;

/**
 * `applying` of a deletion: every object in the plan's order, that very one and in a state in which it was docc's.
 * Doing it again changes nothing: what is gone, or is another one by now, is left alone. It ends at the first
 * that the cluster keeps, so that pods whose address stays go on to run.
 */
export async function deleteAll(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const { release, app, plan } = planned;
  const owner = { app, environment: env.platform.environment };
  const { refused } = await removeAll(prunesOf(plan), env, {
    isOurs: (live) => isMade(live, owner),
    confirm: () => confirmPhase(release, ports),
    stopsAtRefusal: true,
  });
  const [first] = refused;
  if (first !== undefined) return keeps(planned, first, env, ports);
  const now = ports.clock.now();
  return { write: enter(release.status, "progressing", { now, actor: "docc" }) };
}

/** What an admission policy, or a right that is missing, did not let go. */
async function keeps(
  planned: Planned,
  { ref, error }: { readonly ref: ObjectRef; readonly error: unknown },
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const evidence = isKubeError(error) ? [cap(error.message, 1_000)] : [];
  const sentence = `the cluster does not let ${ref.kind} ${ref.name} go`;
  const next = `see to what refuses it, then ${advise("delete", placeOf(planned))} again`;
  const why = lacking(error, env) ?? cause("apply-refused", sentence, next, evidence);
  return endAsFailed(planned, await leftOf(planned, env), why, env, ports);
}

/**
 * `progressing` and `verifying` of a deletion: until the objects and their pods are really gone. Twice in a row,
 * in two looks, is what counts; past the deadline the verdict names what is left and what holds it.
 */
export async function followEnd(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const { release } = planned;
  const { phase, deadline = "" } = release.status;
  const left = await leftOf(planned, env);
  const now = ports.clock.now();
  const isGone = left.objects.length === 0 && left.pods.length === 0;
  if (isGone && phase === "verifying") return endAsGone(planned, left, env, ports);
  if (isGone) return { write: enter(release.status, "verifying", { now, actor: "docc" }) };
  const until = Date.parse(deadline);
  if (!(now < until)) return endAsFailed(planned, left, heldBy(planned, left), env, ports);
  if (phase === "verifying") {
    return { write: enter(release.status, "progressing", { now, actor: "docc" }) };
  }
  return { againMs: Math.max(1, Math.min(tickMs, until - now)) };
}

/** Somebody wants it to end: what is gone stays gone. */
export async function stopDeleting(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const { stop } = planned.release.status;
  const why = stop === undefined || stop.reason === "" ? "" : `: ${stop.reason}`;
  const next = `${advise("rollback", placeOf(planned))} brings back what is gone`;
  const stopped = cause("stopped", `the deletion was stopped on the way${why}`, next);
  return endAsFailed(planned, await leftOf(planned, env), stopped, env, ports);
}

/** What the plan named and is there still, and the pods that its Deployment had. */
interface Left {
  readonly objects: readonly (PlannedObject & { readonly live: LiveObject })[];
  readonly pods: readonly Held[];
  /** Others of the same names, and what somebody has taken over: they stay. */
  readonly taken: readonly ObjectRef[];
}

async function leftOf({ app, plan }: Planned, env: Environment): Promise<Left> {
  const { cluster, platform } = env;
  const owner = { app, environment: platform.environment };
  const prunes = prunesOf(plan);
  const [found, seen] = await Promise.all([
    Promise.all(prunes.map(async (prune) => ({ prune, live: await cluster.find(prune) }))),
    cluster.look({ app, certificates: [] }),
  ]);
  const there = found.flatMap(({ prune, live }) => (live === undefined ? [] : [{ prune, live }]));
  const isLeft = ({ prune, live }: (typeof there)[number]): boolean =>
    live.metadata.uid === prune.uid && isMade(live, owner);
  return {
    objects: there.filter(isLeft).map(({ prune, live }) => ({ ...prune, live })),
    taken: there.filter((each) => !isLeft(each)).map(({ prune }) => refOnly(prune)),
    pods: seen.pods.flatMap((pod) => podOf(pod, app)),
  };
}

/** A pod that a ReplicaSet of docc's has made; what somebody started with the same labels is theirs. */
function podOf(
  pod: { readonly metadata?: object; readonly spec?: object },
  app: string,
): readonly Held[] {
  const live = { kind: "Pod", ...pod } as LiveObject &
    Held & {
      readonly metadata: { readonly ownerReferences?: readonly { readonly kind: string }[] };
    };
  const isMadeByUs = live.metadata.ownerReferences?.some(({ kind }) => kind === "ReplicaSet");
  return isMadeByUs === true && !isForeign(live, app) ? [live] : [];
}

function heldBy(planned: Planned, { objects, pods }: Left): Cause {
  const held = [...objects.map(({ live }): Held => live as Held), ...pods].map(sayHeld);
  const [first = "something is left", ...others] = held;
  // Pods stand in no inventory: where they alone are left, there is nothing to delete again.
  const next =
    objects.length === 0
      ? `see to what holds it; nothing else of ${planned.app} is left`
      : `see to what holds it, then ${advise("delete", placeOf(planned))} again`;
  return cause("deletion-held", first, next, others.slice(0, mostNamed));
}

const mostNamed = 20;

function placeOf({ app, release }: Planned): {
  readonly app: string;
  readonly environment: string;
} {
  return { app, environment: release.spec.environment };
}

async function endAsGone(
  planned: Planned,
  { taken }: Left,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  await forgetBut([], planned, env, ports);
  return conclude(planned.release, "succeeded", {}, ports.clock.now(), { inventory: taken });
}

async function endAsFailed(
  planned: Planned,
  left: Left,
  why: Cause,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const inventory = left.objects.map(refOnly);
  await forgetBut(inventory, planned, env, ports);
  const all = prunesOf(planned.plan).length;
  const affected = `${sayDeleted(all - inventory.length, all)}.`;
  return conclude(planned.release, "failed", { affected, cause: why }, ports.clock.now(), {
    inventory,
  });
}

/** The head remembers what is left: the next deletion takes it up. */
async function forgetBut(
  left: readonly ObjectRef[],
  { app, plan }: Planned,
  env: Environment,
  { records, cache }: ControllerPorts,
): Promise<void> {
  const stays = new Set(left.map(keyOf));
  const gone = prunesOf(plan).filter((ref) => !stays.has(keyOf(ref)));
  cache.rememberApplication(await forget(records, app, env.name, gone));
}
