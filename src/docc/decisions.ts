import { systemClock } from "../clock.ts";
import { createDecisions, type DecisionPorts } from "../controller/decisions.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { KubeApi } from "../k8s/api.ts";
import { openDecisionCache } from "../k8s/decision-cache.ts";

/** Answers decisions from outside Slack as long as this process leads. Begin when the records are known. */
export function startDecisions(
  ports: Omit<DecisionPorts, "decision">,
  place: { readonly api: KubeApi; readonly namespace: string },
): Jobs {
  const { random, log } = ports;
  const decisions = createDecisions({ ...ports, decision: (name) => cache.decision(name) });
  const cache = openDecisionCache({
    ...place,
    clock: systemClock,
    random,
    onDecision: (name) => decisions.touch(name),
    onError: (error) => log.warn({ err: error }, "decisions cannot be read; trying again"),
  });
  return {
    stop: async () => {
      await cache.stop();
      await decisions.stop();
    },
  };
}
