import type { V1DeploymentSpec, V1IngressSpec, V1ServiceSpec } from "@kubernetes/client-node";

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

export type Certificate = KubernetesObject<"Certificate", CertificateSpec>;
export type Service = KubernetesObject<"Service", V1ServiceSpec>;
export type Deployment = KubernetesObject<"Deployment", V1DeploymentSpec>;
export type Ingress = KubernetesObject<"Ingress", V1IngressSpec>;

/** Everything a manifest can become. */
export type ApplicationObject = Certificate | Service | Deployment | Ingress;
