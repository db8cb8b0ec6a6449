import type { Deployment, Pod } from "../k8s/kinds.ts";
import { diagnose, isHopeless, type Problem } from "./diagnosis.ts";
import { isReady, newPods, newReplicaSet, oldPods, type Observation } from "./observation.ts";
import type { Cause, RolloutTarget } from "./release.ts";
import { sayDuration } from "./duration.ts";
import type { Progress } from "./story.ts";
import { groupWarnings } from "./warnings.ts";

/** When a rollout started and when it must be done, in milliseconds since the Unix epoch. */
export interface Window {
  readonly startedAt: number;
  readonly deadline: number;
}

/** What one look says of a rollout. Only `waiting` asks for another look. */
export type Judgement =
  | { readonly state: "waiting"; readonly progress: Progress }
  | { readonly state: "ready"; readonly progress: Progress }
  | { readonly state: "failed"; readonly progress: Progress; readonly cause: Cause | Problem }
  | { readonly state: "superseded"; readonly progress: Progress; readonly cause: Cause };

/**
 * Judges a rollout from one look at the cluster, pure and total. kubectl's rules are the floor
 * (`kubectl rollout status`: observedGeneration, updated, old, available replicas), the pods of the
 * new ReplicaSet the reason, the deadline the last word. facts/kubernetes.md section 1.
 */
export function judgeRollout(
  target: RolloutTarget,
  observation: Observation,
  window: Window,
  now: number,
): Judgement {
  const { deployment } = observation;
  if (deployment === undefined || deployment.metadata?.uid !== target.uid) {
    return { state: "superseded", progress: progressOf(observation, ""), cause: deleted(target) };
  }
  if (observation.templateHash !== target.templateHash) {
    return { state: "superseded", progress: progressOf(observation, ""), cause: changed(target) };
  }
  const waitingFor = waitsFor(deployment, target);
  if (waitingFor === undefined) return { state: "ready", progress: progressOf(observation, "") };
  const progress = progressOf(observation, waitingFor);
  const cause = failure(deployment, observation, window, now, progress);
  return cause === undefined ? { state: "waiting", progress } : { state: "failed", progress, cause };
}

/**
 * What keeps the rollout from being complete, in a few words; undefined when nothing does.
 * https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go, and
 * readyReplicas as kstatus has it.
 */
function waitsFor({ metadata, spec, status }: Deployment, target: RolloutTarget): string | undefined {
  const generation = Math.max(target.generation, metadata?.generation ?? 0);
  if ((status?.observedGeneration ?? 0) < generation) return "the cluster has not looked at it yet";
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const old = (status?.replicas ?? 0) - updated;
  const available = Math.min(status?.availableReplicas ?? 0, status?.readyReplicas ?? 0);
  if (updated < wanted) return `${updated} of ${wanted} pods created`;
  if (old > 0) return `${old} old ${old === 1 ? "pod" : "pods"} to end`;
  if (available < updated) return `${available} of ${updated} pods available`;
  return undefined;
}

function failure(
  deployment: Deployment,
  observation: Observation,
  window: Window,
  now: number,
  progress: Progress,
): Cause | Problem | undefined {
  const pods = newPods(observation);
  const problems = pods.map((pod) => ({ pod, problem: diagnose(pod, observation.warnings) }));
  const doomed = problems.filter(({ pod, problem }) => isDoomed(pod, problem, now));
  const hopeless = doomed.find(({ pod }) => isHopeless(pod)) ?? (doomed.length === pods.length ? doomed[0] : undefined);
  if (hopeless?.problem !== undefined) return hopeless.problem;
  const blocked = noPods(deployment, now);
  if (blocked !== undefined) return blocked;
  if (now < window.deadline && !hasGivenUp(deployment, window, now)) return undefined;
  const [first] = problems.flatMap(({ problem }) => problem ?? []);
  return first ?? overdue(window, now, progress);
}

function isDoomed(pod: Pod, problem: Problem | undefined, now: number): boolean {
  if (problem?.hard !== true) return false;
  const since = Date.parse(pod.status?.startTime ?? pod.metadata?.creationTimestamp ?? "");
  return Number.isNaN(since) || now - since >= problem.holdMs;
}

/** A quota, a limit, or a webhook refuses the pods: no pod exists that could tell. */
function noPods({ status }: Deployment, now: number): Cause | undefined {
  const condition = (status?.conditions ?? []).find(({ type }) => type === "ReplicaFailure");
  if (condition?.status !== "True") return undefined;
  const since = Date.parse(condition.lastTransitionTime ?? "");
  if (now - since < 15_000) return undefined;
  return {
    code: "no-pods",
    sentence: "the cluster refuses to create pods",
    evidence: condition.message === undefined ? [] : [condition.message],
    next: "ask the cluster's operators, with the message above",
  };
}

/**
 * The controller's own verdict, believed only after its whole deadline has passed since our start:
 * right after an update the condition may still be the last rollout's (kubernetes#49637).
 */
function hasGivenUp({ spec, status }: Deployment, { startedAt }: Window, now: number): boolean {
  const condition = (status?.conditions ?? []).find(({ type }) => type === "Progressing");
  if (condition?.reason !== "ProgressDeadlineExceeded") return false;
  return now - startedAt >= (spec?.progressDeadlineSeconds ?? 600) * 1_000;
}

function overdue({ startedAt }: Window, now: number, { ready, wanted }: Progress): Cause {
  return {
    code: "deadline",
    sentence: `only ${ready} of ${wanted} pods became ready in ${sayDuration(now - startedAt)}`,
    evidence: [],
    next: "look at its events and logs",
  };
}

function deleted(target: RolloutTarget): Cause {
  return {
    code: "deleted-outside",
    sentence: `Deployment ${target.name} was deleted or replaced outside docc`,
    evidence: [],
    next: "deploy again, if that was not intended",
  };
}

function changed(target: RolloutTarget): Cause {
  return {
    code: "changed-outside",
    sentence: `Deployment ${target.name} was changed outside docc while it rolled out`,
    evidence: [],
    next: "deploy again, if that was not intended",
  };
}

function progressOf(observation: Observation, waitingFor: string): Progress {
  return {
    ready: newReplicaSet(observation) === undefined ? 0 : newPods(observation).filter(isReady).length,
    wanted: observation.deployment?.spec?.replicas ?? 1,
    old: oldPods(observation).filter((pod) => pod.metadata?.deletionTimestamp === undefined).length,
    waitingFor,
    warnings: groupWarnings(observation.warnings),
  };
}
