import { isRecord } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import type { LiveObject } from "./plan.ts";

/**
 * Field manager of the mark that restarts pods. docc's own applies do not name it, so the next deploy neither
 * drops it, which would restart all pods once more, nor keeps it by hand.
 */
export const restartManager = "docc-restart";

const mark = "docc.dev/restarted";

/**
 * What to apply as {@link restartManager}: the pod template gets the release's name, so that the Deployment
 * replaces its pods by its own strategy, one after another. Undefined where that was done already.
 */
export function restartOf(
  { apiVersion, kind, metadata }: KubernetesObject,
  live: LiveObject | undefined,
  release: string,
): KubernetesObject | undefined {
  if (kind !== "Deployment" || live === undefined || markOf(live) === release) return undefined;
  const { name, namespace } = metadata;
  const spec = { template: { metadata: { annotations: { [mark]: release } } } };
  return { apiVersion, kind, metadata: { name, namespace, labels: {} }, spec };
}

function markOf(live: object): unknown {
  let found: unknown = live;
  for (const key of ["spec", "template", "metadata", "annotations", mark]) {
    found = isRecord(found) ? found[key] : undefined;
  }
  return found;
}

/** `restarts 3 pods`, by the Deployment as the API server has it. */
export function sayRestart(live: object): string {
  const spec = "spec" in live && isRecord(live.spec) ? live.spec : {};
  const replicas = spec["replicas"];
  if (typeof replicas !== "number") return "restarts its pods";
  return replicas === 1 ? "restarts 1 pod" : `restarts ${replicas} pods`;
}
