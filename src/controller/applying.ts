import { DoccError } from "../errors.ts";
import { absent, type Fence } from "../k8s/cluster.ts";
import { isKubeError, KubeError } from "../k8s/errors.ts";
import type { Deployment } from "../k8s/kinds.ts";
import { templateHash } from "../k8s/look.ts";
import { readManifest, storedManifest } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { stamp } from "../manifest/stamp.ts";
import { enter } from "../release/phases.ts";
import { stamps } from "../release/comparable.ts";
import { handoverManager, handoverOf, withFirstReplicas } from "../release/handover.ts";
import { isForeign, type LiveObject, objectsOf, refOf } from "../release/plan.ts";
import { appliedAt } from "../release/managed-fields.ts";
import { restartManager, restartOf } from "../release/restart.ts";
import type { Application as Head, Cause, Plan, RolloutTarget } from "../release/release.ts";
import { timesOf } from "../release/times.ts";
import { cap } from "../text/cap.ts";
import { lacking } from "./acting.ts";
import type { FreshPlan, FreshPlans } from "./fresh-plans.ts";
import { begin, revisionFor } from "./heads.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { clearTheWay } from "./pruning.ts";
import { cause } from "./refusal.ts";
import { type Accepted, conclude, expire, type Step } from "./step.ts";

const mostTries = 5;

/** A release with the plan that it is about to carry out, or has carried out. */
export interface Planned {
  readonly release: Accepted;
  readonly app: string;
  readonly plan: Plan;
}

/**
 * From `planned` or `approved` to `applying`: a revision, a deadline and the inventory, before anything
 * moves. This one write decides against a click that cancels in the same moment.
 * @param head names this release as the one in flight
 */
export function startApplying(
  { release, plan }: Planned,
  head: Head,
  env: Environment,
  { clock }: Pick<ControllerPorts, "clock">,
): Step {
  const inventory = objectsOf(plan).map(refOf);
  const now = clock.now();
  // The comparison before may have taken its time.
  if (now >= Date.parse(plan.expiresAt ?? "")) return expire(release, now);
  const { timeout } = timesOf(storedManifest(plan.manifest), env.rollout);
  return {
    write: enter(
      release.status,
      "applying",
      { now, actor: "docc" },
      {
        revision: revisionFor(head, release.metadata.name),
        inventory,
        deadline: new Date(now + timeout).toISOString(),
      },
    ),
  };
}

/**
 * The head says what is applied, and what of it there may be, before the first object is.
 * @throws DoccError `internal` for a manifest that somebody has spoilt: noted, it would hide the whole app
 */
export async function noteApplied(
  { release, app, plan }: Planned,
  env: Environment,
  { records, cache }: Pick<ControllerPorts, "records" | "cache">,
): Promise<void> {
  const { revision = 1, inventory = [] } = release.status;
  const { name } = release.metadata;
  if (readManifest(plan.manifest) === undefined)
    throw new DoccError("internal", `Release ${name} holds a manifest that cannot be read.`);
  const about = { release: name, revision, manifest: plan.manifest, inventory };
  const guess = cache.application(app, env.name);
  cache.rememberApplication(await begin(records, app, env.name, about, { guess }));
}

/**
 * From `applying` to `progressing`: every object in order. Doing it again changes nothing. What is read is
 * followed by a look at the record: a process that slept through the end of this release, and through what
 * was applied after it, finds that out before it writes, or by its fence.
 */
export async function applyAll(
  { release, app, plan }: Planned,
  env: Environment,
  ports: ControllerPorts,
  fresh: FreshPlans,
): Promise<Step> {
  const stamped = stampAll(release, plan);
  const known = fresh.take(release.metadata.name, plan.digest, ports.clock.now());
  const reads = known?.reads ?? (await readAll(stamped, env));
  const confirm = (): Promise<void> => confirmPhase(release, ports);
  if (known === undefined) await confirm();
  await clearTheWay({ release, app, plan }, env);
  let rollout: RolloutTarget | undefined;
  for (const [at, object] of stamped.entries()) {
    const { takesOver } = plan.changes[at] ?? { takesOver: [] };
    // A Deployment always moves: it carries the stamps of this release.
    if (reads[at]?.isNoop === true && object.kind !== "Deployment") continue;
    try {
      const force = takesOver.length > 0;
      const live = reads[at]?.live;
      const wanted = live === undefined ? withFirstReplicas(object, stamped) : object;
      const creates = plan.changes[at]?.action === "create";
      const restart = release.spec.kind === "restart" ? release.metadata.name : undefined;
      const what = { object: wanted, app, force, live, creates, restart, confirm };
      const applied = await applyOne(what, env);
      if (object.kind === "Deployment") rollout = targetOf(applied);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return refusedAt(release, stamped, at, error, env, ports.clock.now());
    }
  }
  if (rollout === undefined) throw new Error("a plan without a Deployment");
  const now = ports.clock.now();
  return { write: enter(release.status, "progressing", { now, actor: "docc" }, { rollout }) };
}

/** @throws KubeError `conflict` when the release is somewhere else than this process believes */
async function confirmPhase(
  { metadata: { name, uid }, status }: Accepted,
  { records }: Pick<ControllerPorts, "records">,
): Promise<void> {
  const now = await records.findRelease(name);
  const isSame = now?.metadata.uid === uid && now.status?.phase === status.phase;
  if (!isSame) throw new KubeError("conflict", `Release ${name} has moved on.`);
}

async function readAll(
  objects: readonly KubernetesObject[],
  { cluster }: Environment,
): Promise<FreshPlan["reads"]> {
  return Promise.all(
    objects.map(async (object) => ({ live: await cluster.find(refOf(object)), isNoop: false })),
  );
}

interface Application {
  readonly object: KubernetesObject;
  readonly app: string;
  readonly force: boolean;
  /** What was read of it just before; undefined when it was not there. */
  readonly live: LiveObject | undefined;
  /** Whether the plan makes it: what was there when it was planned is never made again. */
  readonly creates: boolean;
  /** Name of the release that restarts the pods of it. */
  readonly restart?: string | undefined;
  /** After every further read: rejects with `conflict` when the release is not to be applied any more. */
  readonly confirm: () => Promise<void>;
}

/**
 * Bound to what was read: another hand in between gives a conflict, and a fresh read. docc's own marks it takes
 * back from whoever moved them, which no plan names: `kubectl rollout undo` writes those of the revision before.
 */
async function applyOne(what: Application, { cluster }: Environment): Promise<LiveObject> {
  const { object, app, creates, restart, confirm } = what;
  let { live, force } = what;
  for (let tries = 1; ; tries += 1) {
    if (isForeign(live, app)) throw new NotOurs(object);
    if (live === undefined && !creates) throw new Gone(object);
    try {
      live = await handOver(object, live, cluster);
      if (restart !== undefined) live = await restartPods(object, live, restart, cluster);
      return await cluster.apply(object, { force, fence: fenceOf(live) });
    } catch (error) {
      if (!force && isOfStampsAlone(error)) {
        force = true;
        continue;
      }
      if (tries >= mostTries || !isKubeError(error, "conflict")) throw error;
      ({ force } = what);
      live = await cluster.find(refOf(object));
      await confirm();
    }
  }
}

function isOfStampsAlone(error: unknown): boolean {
  if (!isKubeError(error, "apply-conflict") || error.conflicts.length === 0) return false;
  const annotations = ".metadata.annotations.";
  return error.conflicts.every(
    ({ field }) => field.startsWith(annotations) && stamps.test(field.slice(annotations.length)),
  );
}

/** Keeps the replicas of an application whose autoscaler comes with this very release. */
async function handOver(
  object: KubernetesObject,
  live: LiveObject | undefined,
  cluster: Environment["cluster"],
): Promise<LiveObject | undefined> {
  const handover = handoverOf(object, live);
  return handover === undefined
    ? live
    : cluster.apply(handover, { force: true, manager: handoverManager, fence: fenceOf(live) });
}

async function restartPods(
  object: KubernetesObject,
  live: LiveObject | undefined,
  release: string,
  cluster: Environment["cluster"],
): Promise<LiveObject | undefined> {
  const mark = restartOf(object, live, release);
  return mark === undefined
    ? live
    : cluster.apply(mark, { force: true, manager: restartManager, fence: fenceOf(live) });
}

class NotOurs extends Error {
  constructor({ kind, metadata: { name } }: KubernetesObject) {
    super(`${kind} ${name} exists, and docc did not make it for this app.`);
  }
}

/** Somebody deleted it between the plan and the apply, and knows why. */
class Gone extends Error {
  constructor({ kind, metadata: { name } }: KubernetesObject) {
    super(`${kind} ${name} was there when it was planned.`);
  }
}

function fenceOf(live: LiveObject | undefined): Fence {
  if (live === undefined) return absent;
  const { uid, resourceVersion } = live.metadata;
  return { uid, resourceVersion };
}

function targetOf(applied: LiveObject): RolloutTarget {
  const deployment = applied as Deployment;
  const { name, uid } = applied.metadata;
  const time = appliedAt(applied);
  return {
    name,
    uid,
    generation: deployment.metadata?.generation ?? 0,
    templateHash: templateHash(deployment),
    ...(time === undefined ? {} : { appliedAt: time }),
  };
}

/** What no repetition heals. */
function isRefusal(error: unknown): error is KubeError | NotOurs | Gone {
  return (
    error instanceof NotOurs ||
    error instanceof Gone ||
    isKubeError(
      error,
      "invalid",
      "forbidden",
      "apply-conflict",
      "not-served",
      "not-found",
      "too-big",
    )
  );
}

/** A failure in the middle says what was and what was not applied. */
function refusedAt(
  release: Accepted,
  objects: readonly KubernetesObject[],
  at: number,
  error: Error,
  env: Environment,
  now: number,
): Step {
  const say = (some: readonly KubernetesObject[]): string =>
    some.length === 0
      ? "nothing"
      : some.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ");
  const extent = `Applied: ${say(objects.slice(0, at))}. Not applied: ${say(objects.slice(at))}.`;
  const why = lacking(error, env) ?? causeOf(error, say(objects.slice(at, at + 1)));
  return conclude(
    release,
    "failed",
    {
      affected: at === 0 ? "Nothing was changed." : "",
      cause: { ...why, evidence: [...why.evidence, cap(extent, 1_000)] },
    },
    now,
  );
}

function causeOf(error: Error, object: string): Cause {
  const evidence = [cap(error.message, 1_000)];
  if (error instanceof Gone) {
    const sentence = `somebody deleted ${object} while it was being deployed; nothing was made again`;
    return cause("deleted-outside", sentence, "deploy again, if that was not intended", evidence);
  }
  const code = error instanceof NotOurs ? "not-ours" : "apply-refused";
  const next = "correct the manifest and deploy again";
  return cause(code, `the cluster refused ${object}`, next, evidence);
}

function stampAll({ metadata, spec, status }: Accepted, plan: Plan): readonly KubernetesObject[] {
  const { requester } = spec;
  return stamp(objectsOf(plan), {
    release: metadata.name,
    revision: status.revision ?? 1,
    requester: requester.team === "" ? requester.user : `${requester.team}/${requester.user}`,
    maintainer: storedManifest(plan.manifest).maintainer.join(","),
    manifest: plan.manifest,
    ...(status.slack?.ts === undefined
      ? {}
      : { thread: `${status.slack.channel}/${status.slack.ts}` }),
  });
}

/**
 * Slack may take longer than the apply: then the thread is stamped on the Deployment once it is known.
 * Only metadata moves; the pods stay. It is a mark for people, so its failure spoils nothing.
 */
export async function stampThread(
  { release, app, plan }: Planned,
  live: Deployment | undefined,
  env: Environment,
  { log, records }: ControllerPorts,
): Promise<void> {
  const isStamped = live?.metadata?.annotations?.["docc.dev/thread"] !== undefined;
  if (release.status.slack?.ts === undefined || isStamped) return;
  const at = plan.changes.findIndex(({ kind }) => kind === "Deployment");
  const object = stampAll(release, plan)[at];
  if (object === undefined) return;
  const force = (plan.changes[at]?.takesOver ?? []).length > 0;
  try {
    const fresh = await env.cluster.find(refOf(object));
    // What somebody deleted meanwhile is not made again for a mark.
    if (fresh === undefined) return;
    const confirm = (): Promise<void> => confirmPhase(release, { records });
    await confirm();
    await applyOne({ object, app, force, live: fresh, creates: false, confirm }, env);
  } catch (error) {
    log.warn({ err: error, release: release.metadata.name }, "the thread is not stamped");
  }
}
