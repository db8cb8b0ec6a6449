import { certificatePending } from "./certificates.ts";
import type { Pod } from "../k8s/kinds.ts";
import { isActive, newPods, type Observation } from "./observation.ts";
import type { Cause } from "./release.ts";

/** What still stands between ready pods and a success. */
export type Verification =
  | { readonly state: "verified" }
  | { readonly state: "waiting"; readonly cause: Cause | undefined }
  | { readonly state: "failed"; readonly cause: Cause };

/**
 * Judges the time after all pods became ready: no restart inside the stability window, endpoints
 * behind the Service, certificates Ready. "Pods are ready, but https://... is not" is no success.
 */
export function verify(
  observation: Observation,
  {
    readyAt,
    stableMs,
    now,
  }: { readonly readyAt: number; readonly stableMs: number; readonly now: number },
): Verification {
  const restart = newPods(observation).flatMap((pod) => restartAfter(pod, readyAt) ?? [])[0];
  if (restart !== undefined) return { state: "failed", cause: restart };
  const cause = missing(observation);
  if (cause !== undefined || now - readyAt < stableMs) return { state: "waiting", cause };
  return { state: "verified" };
}

function restartAfter(pod: Pod, readyAt: number): Cause | undefined {
  // A pod that is drained or scaled down ends too, and is replaced: the counters tell of that.
  if (!isActive(pod)) return undefined;
  for (const { name, state, lastState, restartCount } of pod.status?.containerStatuses ?? []) {
    const ended = state?.terminated ?? lastState?.terminated;
    // Pod times have whole seconds: what ended in the second of becoming ready came before it.
    if (ended?.finishedAt === undefined || Date.parse(ended.finishedAt) <= readyAt) continue;
    return {
      code: "restarted",
      sentence: `${name} became ready and then ended (${ended.reason ?? "ended"}, exit code ${ended.exitCode})`,
      evidence: [
        `${restartCount} ${restartCount === 1 ? "restart" : "restarts"} of pod ${pod.metadata?.name ?? ""}`,
      ],
      next: "look at its logs, or roll back",
    };
  }
  return undefined;
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
