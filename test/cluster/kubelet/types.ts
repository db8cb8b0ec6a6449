/**
 * The parts of core/v1 that a kubelet reads and writes, as they travel in JSON
 * (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/).
 */
import type { KubernetesObject } from "../api-client.ts";

export interface Pod extends KubernetesObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly restartPolicy?: RestartPolicy;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
}

export type RestartPolicy = "Always" | "OnFailure" | "Never";

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  readonly ports?: readonly ContainerPort[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvSource[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  /** "Always" on an init container makes it a sidecar. */
  readonly restartPolicy?: "Always";
}

interface ContainerPort {
  readonly containerPort: number;
  readonly name?: string;
}

interface EnvVar {
  readonly name: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: KeyRef;
    readonly configMapKeyRef?: KeyRef;
  };
}

interface KeyRef extends OptionalRef {
  readonly key: string;
}

interface OptionalRef {
  readonly name: string;
  readonly optional?: boolean;
}

interface EnvSource {
  readonly secretRef?: OptionalRef;
  readonly configMapRef?: OptionalRef;
}

export interface Volume {
  readonly name: string;
  readonly secret?: {
    readonly secretName: string;
    readonly optional?: boolean;
    readonly items?: readonly KeyItem[];
  };
  readonly configMap?: VolumeSource;
  readonly projected?: {
    readonly sources?: readonly {
      readonly secret?: VolumeSource;
      readonly configMap?: VolumeSource;
    }[];
  };
}

interface VolumeSource extends OptionalRef {
  readonly items?: readonly KeyItem[];
}

export interface KeyItem {
  readonly key: string;
}

export interface Probe {
  readonly httpGet?: {
    readonly port: number | string;
    readonly path?: string;
    readonly scheme?: string;
  };
  readonly tcpSocket?: { readonly port: number | string };
  readonly grpc?: { readonly port: number };
  readonly exec?: { readonly command?: readonly string[] };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
}

export interface PodStatus {
  readonly observedGeneration?: number;
  readonly phase?: PodPhase;
  readonly conditions?: readonly PodCondition[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly startTime?: string;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

export interface PodCondition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly observedGeneration?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly reason: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly containerID: string;
  };
}

/** An event about a pod, before it is counted and given a name. */
export interface PodEvent {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** For example `spec.containers{app}`; absent when it is about the whole pod. */
  readonly fieldPath?: string;
}

/** How long a fake kubelet takes for what a real one spends time on, in milliseconds. */
export interface Timing {
  /** Fetching an image, or finding out that it does not exist. */
  readonly pullMs: number;
  /** Noticing that a container has ended or that a pull has failed (a real kubelet relists each second). */
  readonly syncMs: number;
  /** First back-off after a crash or a failed pull; it doubles up to thirty times this, then stays. */
  readonly backOffMs: number;
  /** How often a waiting container is looked at again, and its back-off event repeated. */
  readonly resyncMs: number;
}

/** A real kubelet's back-off (10 s to 300 s), with quicker pulls. */
export const defaultTiming: Timing = {
  pullMs: 150,
  syncMs: 500,
  backOffMs: 10_000,
  resyncMs: 10_000,
};

/** RFC 3339 in whole seconds, as metav1.Time is written. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
