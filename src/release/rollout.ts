import type { Deployment, Event, Pod } from "../k8s/kinds.ts";
import { certificatePending } from "./certificates.ts";
import { diagnose, isHopeless, type Problem } from "./diagnosis.ts";
import {
  isActive,
  isReady,
  newPods,
  newReplicaSet,
  type Observation,
  oldPods,
} from "./observation.ts";
import type { Cause, RolloutTarget } from "./release.ts";
import { sayDuration } from "../text/duration.ts";
import type { Progress } from "./story.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { groupWarnings } from "./warnings.ts";

/** When a rollout started and when it must be done: milliseconds since the Unix epoch, by docc's clock. */
export interface Window {
  readonly startedAt: number;
  readonly deadline: number;
  /** What the cluster's clock shows more than docc's, in milliseconds (skew.ts). */
  readonly skewMs: number;
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
  const observed = hasSeen(deployment, target);
  // Until then the newest ReplicaSet, its pods and the conditions are of the rollout before.
  const ours = observed ? observation : { ...observation, replicaSets: [] };
  const progress = progressOf(ours, waitingFor);
  const cause =
    (observed ? hopeless(deployment, ours, window, now) : undefined) ??
    (isOver(deployment, observed, window, now) ? lastWord(ours, window, now, progress) : undefined);
  return cause === undefined
    ? { state: "waiting", progress }
    : { state: "failed", progress, cause };
}

function hasSeen({ status }: Deployment, { generation }: RolloutTarget): boolean {
  return (status?.observedGeneration ?? 0) >= generation;
}

/**
 * What keeps the rollout from being complete, in a few words; undefined when nothing does.
 * https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go, and
 * readyReplicas as kstatus has it.
 */
function waitsFor(
  { metadata, spec, status }: Deployment,
  target: RolloutTarget,
): string | undefined {
  const generation = Math.max(target.generation, metadata?.generation ?? 0);
  if ((status?.observedGeneration ?? 0) < generation) return "the cluster has not looked at it yet";
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const old = (status?.replicas ?? 0) - updated;
  const available = Math.min(status?.availableReplicas ?? 0, status?.readyReplicas ?? 0);
  if (updated >= wanted && old <= 0 && available >= updated) return undefined;
  if (spec?.paused === true) return "the Deployment is paused";
  if (updated < wanted) return `${updated} of ${wanted} pods created`;
  if (old > 0) return `${old} old ${old === 1 ? "pod" : "pods"} to end`;
  return `${available} of ${updated} pods available`;
}

/** What no waiting heals: it ends a rollout before its deadline. */
function hopeless(
  deployment: Deployment,
  observation: Observation,
  window: Window,
  now: number,
): Cause | Problem | undefined {
  const problems = problemsOf(observation);
  const doomed = problems.filter((each) => isDoomed(each, window, now));
  const all = doomed.length === problems.length;
  const worst = doomed.find(({ pod }) => isHopeless(pod)) ?? (all ? doomed[0] : undefined);
  return worst?.problem ?? noPods(deployment, window, now);
}

interface Examined {
  readonly pod: Pod;
  readonly problem: Problem | undefined;
}

function problemsOf(observation: Observation): readonly Examined[] {
  return newPods(observation)
    .filter(isActive)
    .map((pod) => ({ pod, problem: diagnose(pod, observation.warnings) }));
}

function isDoomed({ pod, problem }: Examined, window: Window, now: number): boolean {
  if (problem?.hard !== true) return false;
  const second = Math.floor((window.startedAt + window.skewMs) / 1_000) * 1_000;
  // The same template again keeps its pods: what they did before our start proves nothing.
  if (problem.endedAt !== undefined && Date.parse(problem.endedAt) < second) return false;
  const podStart = pod.status?.startTime ?? pod.metadata?.creationTimestamp;
  return now - sinceOurStart(window, podStart) >= problem.holdMs;
}

/**
 * When something began, as far as this rollout goes: never before our own start.
 * @param time RFC 3339, by the cluster's clock
 * @returns milliseconds since the epoch, by docc's
 */
function sinceOurStart({ startedAt, skewMs }: Window, time: string | undefined): number {
  const began = Date.parse(time ?? "") - skewMs;
  return Number.isNaN(began) ? startedAt : Math.max(startedAt, began);
}

/** A quota, a limit, or a webhook refuses the pods: no pod exists that could tell. */
function noPods({ status }: Deployment, window: Window, now: number): Cause | undefined {
  const condition = (status?.conditions ?? []).find(({ type }) => type === "ReplicaFailure");
  if (condition?.status !== "True") return undefined;
  if (now - sinceOurStart(window, condition.lastTransitionTime) < 15_000) return undefined;
  return {
    code: "no-pods",
    sentence: "the cluster refuses to create pods",
    evidence: condition.message === undefined ? [] : [cap(oneLine(condition.message), 300)],
    next: "ask the cluster's operators, with the message above",
  };
}

/**
 * Past our deadline, or the controller's own: that one is believed only after its whole time has
 * passed since our start, as right after an update the condition may still be the last rollout's
 * (kubernetes#49637).
 */
function isOver(
  { spec, status }: Deployment,
  observed: boolean,
  { startedAt, deadline }: Window,
  now: number,
): boolean {
  if (now >= deadline) return true;
  const condition = (status?.conditions ?? []).find(({ type }) => type === "Progressing");
  if (!observed || condition?.reason !== "ProgressDeadlineExceeded") return false;
  return now - startedAt >= (spec?.progressDeadlineSeconds ?? 600) * 1_000;
}

/** Why it is not complete at the end: the pods' own trouble, a hard one first. */
function lastWord(
  observation: Observation,
  { startedAt }: Window,
  now: number,
  { ready, wanted, waitingFor }: Progress,
): Cause | Problem {
  const problems = problemsOf(observation).flatMap(({ problem }) => problem ?? []);
  const trouble = problems.find(({ hard }) => hard) ?? problems[0];
  // A Secret that cannot be mounted is most often a certificate that was never issued.
  const pending = certificatePending(observation);
  if (trouble?.code === "waiting-for-volume" && pending !== undefined) return pending;
  if (trouble !== undefined) return trouble;
  const took = sayDuration(now - startedAt);
  return {
    code: "deadline",
    sentence:
      ready < wanted
        ? `only ${ready} of ${wanted} pods became ready in ${took}`
        : `the rollout did not complete in ${took}`,
    evidence: [waitingFor],
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
    ready: newPods(observation).filter(isReady).length,
    wanted: observation.deployment?.spec?.replicas ?? 1,
    old: oldPods(observation).filter((pod) => pod.metadata?.deletionTimestamp === undefined).length,
    waitingFor,
    warnings: groupWarnings(newsOf(observation)),
  };
}

/** How long a mount may fail before it is news: a Secret that is being made takes some seconds. */
const mountPatienceMs = 20_000;

/** Warnings about what this rollout brought; an older release's trouble is not told again. */
function newsOf(observation: Observation): readonly Event[] {
  const brought = [observation.deployment, newReplicaSet(observation), ...newPods(observation)];
  const uids = new Set(brought.flatMap((each) => each?.metadata?.uid ?? []));
  return observation.warnings.filter(
    (event) => uids.has(event.involvedObject.uid ?? "") && !isPassing(event),
  );
}

function isPassing({ reason, firstTimestamp, lastTimestamp }: Event): boolean {
  const lasted = Date.parse(lastTimestamp ?? "") - Date.parse(firstTimestamp ?? "");
  return reason === "FailedMount" && !(lasted >= mountPatienceMs);
}
