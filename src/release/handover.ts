import { isRecord } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { isAutoscaled } from "./comparable.ts";
import type { LiveObject } from "./plan.ts";

/** Field manager that holds a Deployment's replicas until its autoscaler does. */
export const handoverManager = "docc-handover-to-hpa";

/**
 * What to apply as {@link handoverManager} before docc lets go of `spec.replicas`: the API server would set a
 * field that nobody owns any more to its default, and a Deployment of ten would be one until the autoscaler
 * has looked. Undefined where docc does not own it. kubernetes.io, "Server-Side Apply", "Transferring
 * ownership".
 */
export function handoverOf(
  desired: KubernetesObject,
  live: LiveObject | undefined,
): KubernetesObject | undefined {
  if (live === undefined || !isAutoscaled(desired) || !ownsReplicas(live)) return undefined;
  const { apiVersion, kind, metadata } = desired;
  const { name, namespace } = metadata;
  const spec = { replicas: replicasOf(live) };
  return { apiVersion, kind, metadata: { name, namespace, labels: {} }, spec };
}

/**
 * A Deployment as it is created: an autoscaler looks for the first time some seconds later, and until then
 * there shall be the fewest copies that it would leave, and not one. The next release hands them over.
 */
export function withFirstReplicas(
  desired: KubernetesObject,
  all: readonly KubernetesObject[],
): KubernetesObject {
  if (!isAutoscaled(desired) || !isRecord(desired.spec)) return desired;
  const autoscaler = all.find(({ kind }) => kind === "HorizontalPodAutoscaler");
  const replicas = isRecord(autoscaler?.spec) ? autoscaler.spec["minReplicas"] : undefined;
  return replicas === undefined ? desired : { ...desired, spec: { ...desired.spec, replicas } };
}

function replicasOf(live: object): unknown {
  const spec = "spec" in live && isRecord(live.spec) ? live.spec : {};
  return spec["replicas"];
}

function ownsReplicas({ metadata }: LiveObject): boolean {
  const managed = "managedFields" in metadata ? metadata.managedFields : [];
  return (
    Array.isArray(managed) &&
    managed.some((entry: unknown) => {
      if (!isRecord(entry) || entry["manager"] !== "docc" || entry["operation"] !== "Apply") {
        return false;
      }
      const fields = entry["fieldsV1"];
      const spec = isRecord(fields) ? fields["f:spec"] : undefined;
      return isRecord(spec) && spec["f:replicas"] !== undefined;
    })
  );
}
