import type { ChaosResult } from "./chaos.ts";

/**
 * What docc changes in the cluster and sends to Slack, as the proxies call it, and how many runs must have hit it
 * on both sides: 960 runs on a busy machine hit each of the first at least ten times on each side, DELETE services
 * never. Not played: decisions of a terminal (they need the admission policies), retention and the sealing of
 * the audit log.
 */
export const writes: Readonly<Record<string, number>> = {
  "PUT leases": 300,
  "PUT releases/status": 300,
  "PATCH releases/status": 300,
  "PUT applications/status": 300,
  "POST auditrecords": 300,
  ack: 300,
  "chat.update": 300,
  "POST respond": 900,
  "POST releases": 900,
  "POST applications": 900,
  "PATCH deployments": 900,
  "PATCH services": 900,
  "chat.postMessage": 900,
  "chat.postMessage (thread)": 900,
  "POST leases": 3_000,
  "DELETE services": 3_000,
  "views.open": 3_000,
};

/** Sentences about writes that a run of that size must have hit before and after, and did not. */
export function missingFrom({ runs, coverage }: ChaosResult): readonly string[] {
  const isHit = new Map(coverage.map(({ kind, before, after }) => [kind, before > 0 && after > 0]));
  return Object.entries(writes).flatMap(([kind, enough]) => {
    const hit = isHit.get(kind);
    if (hit === true || runs < enough) return [];
    return [hit === undefined ? `never came by: ${kind}` : `not killed on both sides: ${kind}`];
  });
}
