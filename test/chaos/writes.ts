import type { ChaosResult } from "./chaos.ts";

/**
 * What docc changes in the cluster and sends to Slack, as the proxies call it. Not played: decisions of a
 * terminal (they need the admission policies), retention and the sealing of the audit log.
 */
export const writes = [
  "POST leases",
  "PUT leases",
  "POST releases",
  "PUT releases/status",
  "PATCH releases/status",
  "POST applications",
  "PUT applications/status",
  "POST auditrecords",
  "PATCH deployments",
  "PATCH services",
  "DELETE services",
  "ack",
  "POST respond",
  "chat.postMessage",
  "chat.postMessage (thread)",
  "chat.update",
  "views.open",
] as const;

/** So many runs must hit every write before and after. */
const enough = 300;

/** Sentences about writes that a run of that size left out; empty when it was none, or a smaller one. */
export function missingFrom({ runs, coverage }: ChaosResult): readonly string[] {
  if (runs < enough) return [];
  const isHit = new Map(coverage.map(({ kind, before, after }) => [kind, before > 0 && after > 0]));
  return writes.flatMap((kind) => {
    const hit = isHit.get(kind);
    if (hit === true) return [];
    return [hit === undefined ? `never came by: ${kind}` : `not killed on both sides: ${kind}`];
  });
}
