import type {
  V1DeploymentSpec,
  V1IngressSpec,
  V1PodDisruptionBudgetSpec,
  V1ServiceSpec,
  V2HorizontalPodAutoscalerSpec,
} from "@kubernetes/client-node";

/** What docc sets of an object's metadata. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Absent when there is none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A Kubernetes object as docc applies it: plain data, without status. */
export interface KubernetesObject<Kind extends string = string, Spec = unknown> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
}

/** The part of cert-manager's Certificate v1 that docc sets: cert-manager.io/docs/reference/api-docs. */
interface CertificateSpec {
  readonly secretName: string;
  readonly dnsNames: readonly string[];
  readonly issuerRef: { readonly group: string; readonly kind: string; readonly name: string };
  readonly privateKey: { readonly rotationPolicy: "Always" };
}

/** What a route or a ListenerSet hangs on: gateway-api.sigs.k8s.io/reference/spec, ParentReference. */
export interface ParentRef {
  readonly group: "gateway.networking.k8s.io";
  readonly kind: "Gateway" | "ListenerSet";
  readonly name: string;
  readonly namespace?: string;
}

interface BackendRef {
  readonly name: string;
  readonly port: number;
}

/** The same reference, HTTPRouteSpec. */
interface HttpRouteSpec {
  readonly parentRefs: readonly ParentRef[];
  readonly hostnames: readonly string[];
  readonly rules: readonly {
    readonly matches: readonly {
      readonly path: { readonly type: "PathPrefix"; readonly value: string };
    }[];
    readonly backendRefs: readonly BackendRef[];
  }[];
}

/** The same reference, TLSRouteSpec. */
interface TlsRouteSpec {
  readonly parentRefs: readonly ParentRef[];
  readonly hostnames: readonly string[];
  readonly rules: readonly { readonly backendRefs: readonly BackendRef[] }[];
}

/** The same reference, ListenerEntry. */
export interface Listener {
  readonly name: string;
  readonly hostname: string;
  readonly port: number;
  readonly protocol: "HTTPS" | "TLS";
  readonly tls: {
    readonly mode: "Terminate" | "Passthrough";
    readonly certificateRefs?: readonly { readonly name: string }[];
  };
}

/** The same reference, ListenerSetSpec. */
interface ListenerSetSpec {
  readonly parentRef: ParentRef;
  readonly listeners: readonly Listener[];
}

export type Certificate = KubernetesObject<"Certificate", CertificateSpec>;
export type Service = KubernetesObject<"Service", V1ServiceSpec>;
export type Deployment = KubernetesObject<"Deployment", V1DeploymentSpec>;
export type Autoscaler = KubernetesObject<"HorizontalPodAutoscaler", V2HorizontalPodAutoscalerSpec>;
export type DisruptionBudget = KubernetesObject<"PodDisruptionBudget", V1PodDisruptionBudgetSpec>;
export type Ingress = KubernetesObject<"Ingress", V1IngressSpec>;
export type ListenerSet = KubernetesObject<"ListenerSet", ListenerSetSpec>;
export type HttpRoute = KubernetesObject<"HTTPRoute", HttpRouteSpec>;
export type TlsRoute = KubernetesObject<"TLSRoute", TlsRouteSpec>;

/** Everything a manifest can become. */
export type ApplicationObject =
  | Certificate
  | Service
  | Deployment
  | Autoscaler
  | DisruptionBudget
  | Ingress
  | ListenerSet
  | HttpRoute
  | TlsRoute;
