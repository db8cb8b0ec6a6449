import type { Deployment } from "../k8s/kinds.ts";
import type { Observation } from "./observation.ts";
import type { Cause, Release, RolloutTarget } from "./release.ts";
import { judgeRollout, type Window } from "./rollout.ts";
import type { Progress } from "./story.ts";
import { restartsOf, verify } from "./verify.ts";
import { windowOf } from "./window.ts";

/** How an app does at one moment, by the rules of rollouts and of their verification. */
export type Moment =
  /** There is no Deployment. */
  | { readonly state: "gone" }
  | { readonly state: "well"; readonly progress: Progress }
  /** Something is missing that may come by itself; `cause` where it is not the pods. */
  | { readonly state: "waiting"; readonly progress: Progress; readonly cause?: Cause }
  | { readonly state: "failing"; readonly progress: Progress; readonly cause: Cause };

/**
 * Judges the Deployment as it is, whoever has made it so, by {@link judgeRollout} and {@link verify}. Pure.
 * @param release what was applied last: while it is under way its deadline counts; afterwards there is none
 * @param now milliseconds since the Unix epoch
 */
export function judgeMoment(
  observation: Observation,
  release: Release | undefined,
  now: number,
): Moment {
  const { deployment } = observation;
  if (deployment === undefined) return { state: "gone" };
  const target = targetOf(deployment, observation);
  const judgement = judgeRollout(target, observation, timeOf(deployment, release, now), now);
  const { progress } = judgement;
  if (judgement.state === "waiting") return { state: "waiting", progress };
  if (judgement.state !== "ready") return { state: "failing", progress, cause: judgement.cause };
  // One look sees no restart happen: only what is missing now counts.
  const ready = { at: now, restarts: restartsOf(observation), stableMs: 0 };
  const verification = verify(observation, ready, now);
  if (verification.state === "verified") return { state: "well", progress };
  return verification.cause === undefined
    ? { state: "waiting", progress }
    : { state: "waiting", progress, cause: verification.cause };
}

/** The rollout of what stands in the Deployment now. */
function targetOf({ metadata }: Deployment, { templateHash }: Observation): RolloutTarget {
  return {
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    generation: metadata?.generation ?? 0,
    templateHash,
  };
}

function timeOf({ metadata }: Deployment, release: Release | undefined, now: number): Window {
  const window = release?.status === undefined ? undefined : windowOf(release.status);
  const created = Date.parse(metadata?.creationTimestamp ?? "");
  const { startedAt, deadline, skewMs } = window ?? {
    startedAt: Number.isNaN(created) ? now : created,
    deadline: Infinity,
    skewMs: 0,
  };
  // Of a release that has ended nobody waits for the pods any more: a node may be emptied at any time.
  const isUnderWay = release?.status?.finishedAt === undefined;
  return { startedAt, deadline: isUnderWay ? deadline : Infinity, skewMs };
}
