import { randomInt, randomUUID } from "node:crypto";
import { at, isObject, type Json, type KubeObject, objectAt, sameJson } from "./json.ts";
import { groupKind, groupVersion, type Resource } from "./resources.ts";
import { ApiError, conflict, invalid, stale, type StatusCause } from "./status.ts";
import { validateName, validators } from "./validate.ts";

/* What every write does to an object before it is stored; pure but for names and uids. */

export type Subresource = "status" | "scale";

/** RFC 3339 with whole seconds, as `metav1.Time` prints. */
export const timeOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

/** Checks what a client sent and gives it the type and place the URL says. */
export function received(
  body: Json,
  resource: Resource,
  namespace: string | undefined,
): KubeObject {
  if (!isObject(body))
    throw new ApiError("BadRequest", "the body of the request must be an object");
  const {
    apiVersion = groupVersion(resource),
    kind = resource.kind,
    metadata: sent,
    ...rest
  } = body;
  if (apiVersion !== groupVersion(resource) || kind !== resource.kind) {
    const given = `${typeof kind === "string" ? kind : "?"} of ${typeof apiVersion === "string" ? apiVersion : "?"}`;
    throw new ApiError(
      "BadRequest",
      `the object provided (${given}) does not match the expected kind ${resource.kind}`,
    );
  }
  const meta = isObject(sent) ? sent : {};
  if (
    namespace !== undefined &&
    meta["namespace"] !== undefined &&
    meta["namespace"] !== namespace
  ) {
    const why =
      "the namespace of the provided object does not match the namespace sent on the request";
    throw new ApiError("BadRequest", why);
  }
  const { namespace: _namespace, ...others } = meta;
  const metadata = { ...others, name: typeof meta["name"] === "string" ? meta["name"] : "" };
  return {
    apiVersion,
    kind,
    metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) },
    ...rest,
  } as KubeObject;
}

const suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** `generateName` plus five characters, as the API server draws them. */
export function named(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata;
  if (name !== "" || generateName === undefined) return object;
  const suffix = Array.from(
    { length: 5 },
    () => suffixAlphabet[randomInt(suffixAlphabet.length)],
  ).join("");
  return { ...object, metadata: { ...object.metadata, name: generateName + suffix } };
}

/** A new object with the metadata and the empty status the server gives it. */
export function born(object: KubeObject, resource: Resource, time: string): KubeObject {
  const { resourceVersion: _revision, generation: _generation, ...kept } = object.metadata;
  const metadata = {
    ...kept,
    uid: randomUUID(),
    creationTimestamp: time,
    ...(resource.counted ? { generation: 1 } : {}),
  };
  const { status, apiVersion, kind, ...rest } = object;
  const fresh = initialStatus(resource, status);
  return resource.complete({
    ...rest,
    apiVersion,
    kind,
    metadata,
    ...(fresh === undefined ? {} : { status: fresh }),
  });
}

function initialStatus(resource: Resource, sent: Json | undefined): Json | undefined {
  switch (groupKind(resource)) {
    case "/Pod":
      return { phase: "Pending", qosClass: "BestEffort" };
    case "/Service":
    case "networking.k8s.io/Ingress":
      return { loadBalancer: {} };
    case "/Node":
      return sent;
    case "apps/Deployment":
      return {};
    case "apps/ReplicaSet":
      return { replicas: 0 };
    case "autoscaling/HorizontalPodAutoscaler":
      return { desiredReplicas: 0, currentMetrics: null };
    case "policy/PodDisruptionBudget":
      return { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
    default:
      return resource.hasStatus ? undefined : sent;
  }
}

/** The next state of a live object: what the server owns is kept, the generation counted on. */
export function succeeded(
  live: KubeObject,
  next: KubeObject,
  resource: Resource,
  subresource: Subresource | undefined,
): KubeObject {
  const { metadata: was } = live;
  if (subresource === "status") {
    const managedFields = next.metadata.managedFields;
    const metadata = managedFields === undefined ? was : { ...was, managedFields };
    return { ...live, metadata, ...("status" in next ? { status: next["status"] } : {}) };
  }
  const kept = {
    ...next.metadata,
    name: was.name,
    ...(was.namespace === undefined ? {} : { namespace: was.namespace }),
    ...(was.uid === undefined ? {} : { uid: was.uid }),
    ...(was.creationTimestamp === undefined ? {} : { creationTimestamp: was.creationTimestamp }),
    ...(was.deletionTimestamp === undefined ? {} : { deletionTimestamp: was.deletionTimestamp }),
    ...(was.resourceVersion === undefined ? {} : { resourceVersion: was.resourceVersion }),
  };
  const { apiVersion, kind, status, ...rest } = next;
  const settled = resource.hasStatus ? live["status"] : status;
  const object = resource.complete({
    ...rest,
    apiVersion,
    kind,
    metadata: kept,
    ...(settled === undefined ? {} : { status: settled }),
  });
  return counted(live, withAddresses(live, object, resource), resource);
}

/** A Service keeps the addresses it was given unless it says otherwise. */
function withAddresses(live: KubeObject, object: KubeObject, resource: Resource): KubeObject {
  if (groupKind(resource) !== "/Service" || at(object, "spec", "type") === "ExternalName")
    return object;
  const { clusterIP, clusterIPs } = objectAt(live, "spec");
  const given = {
    ...(clusterIP === undefined ? {} : { clusterIP }),
    ...(clusterIPs === undefined ? {} : { clusterIPs }),
  };
  return { ...object, spec: { ...given, ...objectAt(object, "spec") } };
}

function counted(live: KubeObject, object: KubeObject, resource: Resource): KubeObject {
  if (!resource.counted) return object;
  const was = live.metadata.generation ?? 1;
  const generation = sameJson(desired(live, resource), desired(object, resource)) ? was : was + 1;
  return { ...object, metadata: { ...object.metadata, generation } };
}

function desired(object: KubeObject, resource: Resource): Json {
  const { metadata: _metadata, status, ...rest } = object;
  if (resource.builtin && rest["spec"] !== undefined) return rest["spec"];
  return resource.hasStatus || status === undefined ? rest : { ...rest, status };
}

export function validate(
  object: KubeObject,
  before: KubeObject | undefined,
  resource: Resource,
): void {
  const validator = validators[groupKind(resource)];
  const causes: StatusCause[] = [
    ...validateName(object, resource.group),
    ...(validator === undefined ? [] : validator(object, before)),
  ];
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
}

/**
 * resourceVersion and uid in what a client sends are preconditions on the live object. As measured
 * on a kube-apiserver 1.35: another resourceVersion is 409; another uid is 409 in a PUT, but in any
 * patch, server-side apply included, 422 because the field is immutable.
 */
export function checkPreconditions(
  sent: KubeObject,
  live: KubeObject,
  resource: Resource,
  verb: "put" | "patch",
): void {
  const { resourceVersion, uid } = sent.metadata;
  const { name, namespace } = live.metadata;
  if (
    resourceVersion !== undefined &&
    resourceVersion !== "" &&
    resourceVersion !== live.metadata.resourceVersion
  ) {
    throw stale(resource, name);
  }
  if (uid === undefined || uid === live.metadata.uid) return;
  if (verb === "patch") {
    const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
    throw invalid(resource, name, [
      { reason: "FieldValueInvalid", message, field: "metadata.uid" },
    ]);
  }
  const key = [
    "/registry",
    resource.plural,
    ...(namespace === undefined ? [] : [namespace]),
    name,
  ].join("/");
  const both = `UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid ?? ""}`;
  const why = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${both}`;
  throw conflict(resource, name, why);
}

/** Whether storing `next` would change anything at all. */
export const unchanged = (live: KubeObject, next: KubeObject): boolean => sameJson(live, next);
