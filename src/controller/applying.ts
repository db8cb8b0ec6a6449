import { DoccError } from "../errors.ts";
import { absent, type Fence } from "../k8s/cluster.ts";
import { isKubeError, KubeError } from "../k8s/errors.ts";
import type { Deployment } from "../k8s/kinds.ts";
import { templateHash } from "../k8s/look.ts";
import { readManifest, storedManifest } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { stamp } from "../manifest/stamp.ts";
import { takesOf } from "../release/adoption.ts";
import { isDeletion } from "../release/deletion.ts";
import { enter } from "../release/phases.ts";
import { stamps } from "../release/comparable.ts";
import { handoverManager, handoverOf, withFirstReplicas } from "../release/handover.ts";
import { type LiveObject, objectsOf, refOf, refOnly } from "../release/plan.ts";
import { appliedAt } from "../release/managed-fields.ts";
import { restartManager, restartOf } from "../release/restart.ts";
import type { Application as Head, Cause, Plan, RolloutTarget } from "../release/release.ts";
import { timesOf } from "../release/times.ts";
import { cap } from "../text/cap.ts";
import { lacking } from "./acting.ts";
import type { FreshPlans } from "./fresh-plans.ts";
import { begin, revisionFor } from "./heads.ts";
import { Changed, Gone, type Look, lookAgain, NotOurs, type Wanted } from "./pinned.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { clearTheWay, prunesOf } from "./pruning.ts";
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
  const inventory = isDeletion(release) ? prunesOf(plan).map(refOnly) : objectsOf(plan).map(refOf);
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
  const deletes = isDeletion(release);
  const about = { release: name, revision, manifest: plan.manifest, inventory, deletes };
  const guess = cache.application(app, env.name);
  cache.rememberApplication(await begin(records, app, env.name, about, { guess }));
}

/**
 * From `applying` to `progressing`: every object in order. Doing it again changes nothing. What was compared with
 * the plan a moment ago is applied bound to that very state; otherwise all are looked at anew before the first is
 * applied. What is read is followed by a look at the record: a process that slept through the end of this release,
 * and through what was applied after it, finds that out before it writes, or by its fence.
 */
export async function applyAll(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
  fresh: FreshPlans,
): Promise<Step> {
  const { release, plan } = planned;
  const stamped = stampAll(release, plan);
  const wanted = wantedOf(planned);
  const known = fresh.take(release.metadata.name, plan.digest, ports.clock.now());
  const confirm = (): Promise<void> => confirmPhase(release, ports);
  const looks =
    known === undefined
      ? await Promise.allSettled(wanted.map((each) => lookAgain(each, env, ports)))
      : known.reads.map(({ live }, at) => compared(live, wanted[at]));
  if (known === undefined) await confirm();
  const isDone = (at: number): boolean => {
    const look = looks[at];
    return look?.status === "rejected" ? hadApplied(look.reason) : look?.value.isDone === true;
  };
  const refused = (error: unknown, at: number, applied: readonly KubernetesObject[]): Step => {
    if (!isRefusal(error)) throw error;
    return refusedAt({ release, stamped, at, applied, error }, env, ports.clock.now());
  };
  const odd = looks.findIndex(({ status }) => status === "rejected");
  const found = looks[odd];
  if (found?.status === "rejected") {
    const before = stamped.filter((_, at) => isDone(at));
    return refused(found.reason, odd, before);
  }
  await clearTheWay(planned, env);
  let rollout: RolloutTarget | undefined;
  for (const [at, object] of stamped.entries()) {
    const [look, about] = [looks[at], wanted[at]];
    if (look?.status !== "fulfilled" || about === undefined) continue;
    // A Deployment always moves: it carries the stamps of this release.
    if (known?.reads[at]?.isNoop === true && object.kind !== "Deployment") continue;
    try {
      const { live } = look.value;
      const first = live === undefined ? withFirstReplicas(object, stamped) : object;
      const applied = await applyOne(
        { object: first, about, look: look.value, confirm },
        env,
        ports,
      );
      if (object.kind === "Deployment") rollout = targetOf(applied);
    } catch (error) {
      const before = stamped.filter(
        (_, other) => other < at || isDone(other) || (other === at && hadApplied(error)),
      );
      return refused(error, at, before);
    }
  }
  if (rollout === undefined) throw new Error("a plan without a Deployment");
  const now = ports.clock.now();
  return { write: enter(release.status, "progressing", { now, actor: "docc" }, { rollout }) };
}

function hadApplied(error: unknown): boolean {
  return error instanceof Changed && error.wasApplied;
}

function wantedOf({ release, app, plan }: Planned): readonly Wanted[] {
  const { name } = release.metadata;
  const isRestart = release.spec.kind === "restart";
  const takes = takesOf(plan);
  return objectsOf(plan).flatMap((desired, at) => {
    const change = plan.changes[at];
    return change === undefined ? [] : [{ desired, change, app, release: name, takes, isRestart }];
  });
}

/** What was compared with the whole plan a moment ago. */
function compared(
  live: LiveObject | undefined,
  wanted: Wanted | undefined,
): PromiseFulfilledResult<Look> {
  const force = (wanted?.change.takesOver ?? []).length > 0;
  return { status: "fulfilled", value: { live, force, isDone: false } };
}

/** @throws KubeError `conflict` when the release is somewhere else than this process believes */
export async function confirmPhase(
  { metadata: { name, uid }, status }: Accepted,
  { records }: Pick<ControllerPorts, "records">,
): Promise<void> {
  const now = await records.findRelease(name);
  const isSame = now?.metadata.uid === uid && now.status?.phase === status.phase;
  if (!isSame) throw new KubeError("conflict", `Release ${name} has moved on.`);
}

interface Application {
  readonly object: KubernetesObject;
  readonly about: Wanted;
  /** What was there just before. */
  readonly look: Look;
  /** After every further read: rejects with `conflict` when the release is not to be applied any more. */
  readonly confirm: () => Promise<void>;
}

/**
 * Bound to what was looked at: another hand in between gives a conflict, and another look. docc's own marks it takes
 * back from whoever moved them, which no plan names: `kubectl rollout undo` writes those of the revision before.
 */
async function applyOne(
  { object, about, look, confirm }: Application,
  env: Environment,
  ports: Pick<ControllerPorts, "hash">,
): Promise<LiveObject> {
  const { cluster } = env;
  let { live, force } = look;
  for (let tries = 1; ; tries += 1) {
    try {
      live = await handOver(object, live, cluster);
      if (about.isRestart) live = await restartPods(object, live, about.release, cluster);
      return await cluster.apply(object, { force, fence: fenceOf(live) });
    } catch (error) {
      if (!force && isOfStampsAlone(error)) {
        force = true;
        continue;
      }
      if (tries >= mostTries || !isKubeError(error, "conflict")) throw error;
      ({ live, force } = await lookAgain(about, env, ports));
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
function isRefusal(error: unknown): error is KubeError | NotOurs | Gone | Changed {
  return (
    error instanceof NotOurs ||
    error instanceof Gone ||
    error instanceof Changed ||
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
  about: {
    readonly release: Accepted;
    readonly stamped: readonly KubernetesObject[];
    /** Of the one that is refused. */
    readonly at: number;
    readonly applied: readonly KubernetesObject[];
    readonly error: Error;
  },
  env: Environment,
  now: number,
): Step {
  const { release, stamped, at, applied, error } = about;
  const say = (some: readonly KubernetesObject[]): string =>
    some.length === 0
      ? "nothing"
      : some.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ");
  const left = stamped.filter((each) => !applied.includes(each));
  const extent = `Applied: ${say(applied)}. Not applied: ${say(left)}.`;
  const why = lacking(error, env) ?? causeOf(error, say(stamped.slice(at, at + 1)));
  return conclude(
    release,
    "failed",
    {
      affected: applied.length === 0 ? "Nothing was changed." : "",
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
  if (error instanceof Changed) {
    const sentence = `somebody changed ${object} while it was being deployed; that was not overwritten`;
    return cause("changed-outside", sentence, "deploy again: its plan will show that", evidence);
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
  planned: Planned,
  live: Deployment | undefined,
  env: Environment,
  ports: ControllerPorts,
): Promise<void> {
  const isStamped = live?.metadata?.annotations?.["docc.dev/thread"] !== undefined;
  if (planned.release.status.slack?.ts === undefined || isStamped) return;
  const at = planned.plan.changes.findIndex(({ kind }) => kind === "Deployment");
  const object = stampAll(planned.release, planned.plan)[at];
  const about = wantedOf(planned)[at];
  if (object === undefined || about === undefined) return;
  const { log } = ports;
  try {
    const look = await lookAgain(about, env, ports);
    // What somebody deleted or put back meanwhile is not made again for a mark.
    if (!look.isDone) return;
    const confirm = (): Promise<void> => confirmPhase(planned.release, ports);
    await confirm();
    await applyOne({ object, about, look, confirm }, env, ports);
  } catch (error) {
    log.warn({ err: error, release: about.release }, "the thread is not stamped");
  }
}
