import { at, type Json, type JsonObject, type KubeObject, objectAt, stringAt } from "./json.ts";
import { ApiError } from "./status.ts";

/** The `autoscaling/v1` Scale of a workload. */
export function scaleOf(object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries(objectAt(object, "spec", "selector", "matchLabels"));
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: at(object, "spec", "replicas") ?? 1 },
    status: {
      replicas: at(object, "status", "replicas") ?? 0,
      selector: labels
        .map(([key, value]) => `${key}=${typeof value === "string" ? value : ""}`)
        .join(","),
    },
  };
}

/** The workload with the replicas of an edited Scale; its resourceVersion stays a precondition. */
export function fromScale(object: KubeObject, scale: Json): KubeObject {
  const replicas = at(scale, "spec", "replicas");
  if (typeof replicas !== "number")
    throw new ApiError("BadRequest", "spec.replicas of a Scale must be a number");
  const resourceVersion = stringAt(scale, "metadata", "resourceVersion");
  return {
    ...object,
    metadata: { ...object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: { ...objectAt(object, "spec"), replicas },
  };
}
