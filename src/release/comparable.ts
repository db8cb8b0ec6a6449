import { isRecord } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";

/** An object as it is, or as docc wants it. */
interface Comparable {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** docc's own marks move with every release and change nothing that runs. */
export const stamps = /^(docc\.dev\/|kubernetes\.io\/change-cause$)/;

/** An object without what the API server keeps, docc's stamps, and replicas that are an autoscaler's. */
export function bare(object: Comparable, desired: KubernetesObject): unknown {
  const { labels, annotations } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(
    ([key]) => !stamps.test(key) && !key.startsWith("deployment.kubernetes.io/"),
  );
  const {
    status: _status,
    metadata: _metadata,
    ...rest
  } = object as Comparable & { status?: unknown };
  const own = {
    ...rest,
    metadata: { labels: labels ?? {}, annotations: Object.fromEntries(kept) },
  };
  return isAutoscaled(desired) ? withoutReplicas(own) : own;
}

/** Whether the number of an object's replicas is somebody else's: docc leaves it out then. */
export function isAutoscaled({ kind, spec }: KubernetesObject): boolean {
  return kind === "Deployment" && isRecord(spec) && spec["replicas"] === undefined;
}

function withoutReplicas(object: Readonly<Record<string, unknown>>): unknown {
  const { spec } = object;
  if (!isRecord(spec)) return object;
  const { replicas: _replicas, ...rest } = spec;
  return { ...object, spec: rest };
}
