import type {
  CoreV1Event,
  V1ConfigMap,
  V1CustomResourceDefinition,
  V1Deployment,
  V1EndpointSlice,
  V1Ingress,
  V1Lease,
  V1Namespace,
  V1Node,
  V1Pod,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import { DoccError } from "../errors.ts";
import type { KubeObject, OpaqueObject, Ref, Wire } from "./objects.ts";

/**
 * A resource of the API server, typed with the objects it holds. `group` is "" for core kinds,
 * `plural` the name in paths, `kind` the name inside objects.
 */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Made for each answer: its objects have no uid, and its lists no version. */
  readonly isComputed?: boolean;
  /** Never set: it only carries the type of the objects. */
  readonly objectType?: T;
}

export type Deployment = Wire<V1Deployment>;
export type ReplicaSet = Wire<V1ReplicaSet>;
export type Pod = Wire<V1Pod>;
export type Service = Wire<V1Service>;
export type Ingress = Wire<V1Ingress>;
export type HorizontalPodAutoscaler = Wire<V2HorizontalPodAutoscaler>;
type PodDisruptionBudget = Wire<V1PodDisruptionBudget>;
export type EndpointSlice = Wire<V1EndpointSlice>;
export type Event = Wire<CoreV1Event>;
export type Secret = Wire<V1Secret>;
export type ConfigMap = Wire<V1ConfigMap>;
export type Namespace = Wire<V1Namespace>;
type Node = Wire<V1Node>;
export type Lease = Wire<V1Lease>;
export type CustomResourceDefinition = Wire<V1CustomResourceDefinition>;

/** Declares a resource by `apiVersion` ("apps/v1", or "v1" for core kinds). */
export function defineKind<T extends KubeObject>(
  apiVersion: string,
  kind: string,
  plural: string,
  scope: "namespaced" | "cluster" = "namespaced",
): Kind<T> {
  const slash = apiVersion.indexOf("/");
  return {
    group: apiVersion.slice(0, Math.max(slash, 0)),
    version: apiVersion.slice(slash + 1),
    plural,
    kind,
    namespaced: scope === "namespaced",
  };
}

export const deployments = defineKind<Deployment>("apps/v1", "Deployment", "deployments");
export const replicaSets = defineKind<ReplicaSet>("apps/v1", "ReplicaSet", "replicasets");
export const pods = defineKind<Pod>("v1", "Pod", "pods");
export const services = defineKind<Service>("v1", "Service", "services");
export const ingresses = defineKind<Ingress>("networking.k8s.io/v1", "Ingress", "ingresses");
export const horizontalPodAutoscalers = defineKind<HorizontalPodAutoscaler>(
  "autoscaling/v2",
  "HorizontalPodAutoscaler",
  "horizontalpodautoscalers",
);
export const podDisruptionBudgets = defineKind<PodDisruptionBudget>(
  "policy/v1",
  "PodDisruptionBudget",
  "poddisruptionbudgets",
);
export const endpointSlices = defineKind<EndpointSlice>(
  "discovery.k8s.io/v1",
  "EndpointSlice",
  "endpointslices",
);
/** Core events, not `events.k8s.io`: they carry `involvedObject` and `count`, and kubectl shows them. */
export const events = defineKind<Event>("v1", "Event", "events");
export const secrets = defineKind<Secret>("v1", "Secret", "secrets");
export const configMaps = defineKind<ConfigMap>("v1", "ConfigMap", "configmaps");
export const namespaces = defineKind<Namespace>("v1", "Namespace", "namespaces", "cluster");
export const nodes = defineKind<Node>("v1", "Node", "nodes", "cluster");
export const leases = defineKind<Lease>("coordination.k8s.io/v1", "Lease", "leases");
export const certificates = defineKind<OpaqueObject>(
  "cert-manager.io/v1",
  "Certificate",
  "certificates",
);
/** Absent in clusters that measure nothing. https://github.com/kubernetes/metrics */
export const podMetrics: Kind<OpaqueObject> = {
  ...defineKind<OpaqueObject>("metrics.k8s.io/v1beta1", "PodMetrics", "pods"),
  isComputed: true,
};
/** Gateway API's standard channel from 1.5 on: the first release that serves all three at v1. */
const gatewayApi = "gateway.networking.k8s.io/v1";
export const httpRoutes = defineKind<OpaqueObject>(gatewayApi, "HTTPRoute", "httproutes");
export const tlsRoutes = defineKind<OpaqueObject>(gatewayApi, "TLSRoute", "tlsroutes");
export const listenerSets = defineKind<OpaqueObject>(gatewayApi, "ListenerSet", "listenersets");
export const releases = defineKind<OpaqueObject>("docc.dev/v1alpha1", "Release", "releases");
export const applications = defineKind<OpaqueObject>(
  "docc.dev/v1alpha1",
  "Application",
  "applications",
);
export const decisions = defineKind<OpaqueObject>("docc.dev/v1alpha1", "Decision", "decisions");
export const commands = defineKind<OpaqueObject>("docc.dev/v1alpha1", "Command", "commands");
export const preferences = defineKind<OpaqueObject>(
  "docc.dev/v1alpha1",
  "Preference",
  "preferences",
);
export const auditRecords = defineKind<OpaqueObject>(
  "docc.dev/v1alpha1",
  "AuditRecord",
  "auditrecords",
);
export const auditSegments = defineKind<OpaqueObject>(
  "docc.dev/v1alpha1",
  "AuditSegment",
  "auditsegments",
);
export const customResourceDefinitions = defineKind<CustomResourceDefinition>(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  "customresourcedefinitions",
  "cluster",
);

const known: readonly Kind[] = [
  deployments,
  replicaSets,
  pods,
  services,
  ingresses,
  httpRoutes,
  tlsRoutes,
  listenerSets,
  horizontalPodAutoscalers,
  podDisruptionBudgets,
  endpointSlices,
  events,
  secrets,
  configMaps,
  namespaces,
  nodes,
  leases,
  certificates,
  releases,
  applications,
  decisions,
  commands,
  preferences,
  auditRecords,
  auditSegments,
  customResourceDefinitions,
];

export function apiVersionOf(kind: Kind): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** The resource that holds objects of this `apiVersion` and `kind`, if docc knows it. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  return known.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
}

/** What {@link pathOf} needs besides the kind: all, one namespace's, one object or its subresource. */
export interface Place {
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/**
 * The API path of a collection, an object, or a subresource. A collection of a namespaced kind
 * without `namespace` spans the cluster.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function pathOf(kind: Kind, place: Place = {}): string {
  const { namespace, name, subresource } = place;
  if (namespace !== undefined && !kind.namespaced) {
    throw new DoccError("bad-input", `A ${kind.kind} lives in no namespace.`);
  }
  if (name !== undefined && namespace === undefined && kind.namespaced) {
    throw new DoccError("bad-input", `A ${kind.kind} is named together with its namespace.`);
  }
  if (subresource !== undefined && name === undefined) {
    throw new DoccError("bad-input", `A subresource belongs to one ${kind.kind}.`);
  }
  const root = kind.group === "" ? ["api"] : ["apis", segment(kind.group)];
  const scope = namespace === undefined ? [] : ["namespaces", segment(namespace)];
  const object = [name, subresource].filter((each) => each !== undefined).map(segment);
  return `/${[...root, segment(kind.version), ...scope, segment(kind.plural), ...object].join("/")}`;
}

/** How docc speaks of an object: `deployments/kubecon in web`. */
export function describe(kind: Kind, place: Partial<Ref>): string {
  const what = place.name === undefined ? kind.plural : `${kind.plural}/${place.name}`;
  return place.namespace === undefined ? what : `${what} in ${place.namespace}`;
}

/**
 * A URL parser resolves `..` (and `%2e%2e`) before the request leaves, so a name could reach another
 * resource. The API server refuses the same names (apimachinery, IsValidPathSegmentName).
 */
function segment(text: string): string {
  if (text === "" || text === "." || text === ".." || /[/%]/.test(text)) {
    throw new DoccError("bad-input", "The name cannot be part of an API path.");
  }
  return encodeURIComponent(text);
}
