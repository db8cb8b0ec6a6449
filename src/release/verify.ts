import { certificatePending } from "./certificates.ts";
import type { Pod } from "../k8s/kinds.ts";
import { isActive, newPods, type Observation } from "./observation.ts";
import type { Cause } from "./release.ts";

/** The moment when all pods were ready. */
export interface Ready {
  /** Milliseconds since the epoch, by docc's clock. */
  readonly at: number;
  /** {@link restartsOf} then. */
  readonly restarts: number;
  /** How long they must stay well, in milliseconds. */
  readonly stableMs: number;
}

/** What still stands between ready pods and a success. */
export type Verification =
  | { readonly state: "verified" }
  | { readonly state: "waiting"; readonly cause: Cause | undefined }
  | { readonly state: "failed"; readonly cause: Cause };

/**
 * Restarts of the new pods, by their own counters: the clocks of docc and of the nodes need not agree. A pod
 * that is drained or scaled down ends too, and is replaced.
 */
export function restartsOf(observation: Observation): number {
  const counts = newPods(observation)
    .filter(isActive)
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .map(({ restartCount, state }) => restartCount + (state?.terminated === undefined ? 0 : 1));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Judges the time after all pods became ready: no restart inside the stability window, endpoints
 * behind the Service, certificates Ready. "Pods are ready, but https://... is not" is no success.
 */
export function verify(observation: Observation, ready: Ready, now: number): Verification {
  const { at: readyAt, restarts, stableMs } = ready;
  if (restartsOf(observation) > restarts) {
    return { state: "failed", cause: restarted(observation) };
  }
  const cause = missing(observation);
  if (cause !== undefined || now - readyAt < stableMs) return { state: "waiting", cause };
  return { state: "verified" };
}

/** The container that ended last says why. */
function restarted(observation: Observation): Cause {
  const endings = newPods(observation)
    .filter(isActive)
    .flatMap((pod) => endingsOf(pod))
    .toSorted((a, b) => b.at.localeCompare(a.at));
  const [last] = endings;
  return {
    code: "restarted",
    sentence:
      last === undefined
        ? "a container became ready and then ended"
        : `${last.name} became ready and then ended (${last.why})`,
    evidence: last === undefined ? [] : [last.count],
    next: "look at its logs, or roll back",
  };
}

interface Ending {
  readonly name: string;
  /** RFC 3339, by the node's clock; empty when it did not say. */
  readonly at: string;
  readonly why: string;
  readonly count: string;
}

function endingsOf({ metadata, status }: Pod): readonly Ending[] {
  return (status?.containerStatuses ?? []).flatMap(({ name, state, lastState, restartCount }) => {
    const ended = state?.terminated ?? lastState?.terminated;
    if (ended === undefined) return [];
    const restarts = restartCount === 1 ? "restart" : "restarts";
    return [
      {
        name,
        at: ended.finishedAt ?? "",
        why: `${ended.reason ?? "ended"}, exit code ${ended.exitCode}`,
        count: `${restartCount} ${restarts} of pod ${metadata?.name ?? ""}`,
      },
    ];
  });
}

function missing(observation: Observation): Cause | undefined {
  const { readyEndpoints, deployment } = observation;
  if (readyEndpoints === 0 && (deployment?.spec?.replicas ?? 1) > 0) {
    return {
      code: "no-endpoints",
      sentence: "pods are ready, but the Service has no ready endpoint",
      evidence: [],
      next: "check that the ports match",
    };
  }
  const pending = certificatePending(observation);
  return pending && { ...pending, sentence: `pods are ready, but ${pending.sentence}` };
}
