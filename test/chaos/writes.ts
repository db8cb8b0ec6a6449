import type { ChaosResult } from "./chaos.ts";

/**
 * What docc changes in the cluster and sends to Slack, as the proxies call it. Not played: decisions of a
 * terminal (they need the admission policies), retention and the sealing of the audit log.
 */
const writes = [
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
export function missingFrom({ runs, unhit, kinds }: ChaosResult): readonly string[] {
  if (runs < enough) return [];
  const unseen = writes.filter((kind) => !kinds.includes(kind));
  return [
    ...unseen.map((kind) => `never came by: ${kind}`),
    ...unhit.map((kind) => `not killed both before and after: ${kind}`),
  ];
}
