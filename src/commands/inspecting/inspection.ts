import type { Pod } from "../../k8s/kinds.ts";
import type { Observation } from "../../release/observation.ts";
import type { EventGroup } from "../ports.ts";

/** Why the cluster did not answer one question: docc may not ask it, or not in time, or not at all. */
export type Silence = "forbidden" | "slow" | "unavailable";

/** One answer of the cluster, or why there is none: it spoils its own line alone. */
export type Part<T> = { readonly value: T } | { readonly silence: Silence };

/** A Certificate of cert-manager, and how long what it has issued is good for. */
export interface CertificateTerm {
  readonly name: string;
  /** RFC 3339; absent while nothing is issued. */
  readonly notAfter?: string;
}

/** An autoscaler as it stands. */
export interface AutoscalerState {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly metrics: readonly MetricState[];
  /** Its own word for why it does not scale; absent while it does. */
  readonly trouble?: string;
}

/** Per cent of what is requested, or a quantity as Kubernetes writes it; `now` is absent while it is not known. */
export interface MetricState {
  readonly name: string;
  readonly now?: string;
  readonly target: string;
}

/** What all pods use together, as metrics.k8s.io has seen it within the last minute. */
export interface Usage {
  readonly pods: number;
  readonly cores: number;
  readonly bytes: number;
}

/** What the cluster says of one app now, each part for itself; plain data. */
export interface Inspection {
  /** What a verdict needs, of one moment. */
  readonly observation: Part<Observation>;
  readonly pods: Part<readonly Pod[]>;
  /** Names of the app's Ingresses. */
  readonly ingresses: Part<readonly string[]>;
  /** Empty where there is no cert-manager. */
  readonly certificates: Part<readonly CertificateTerm[]>;
  /** Undefined for an app of a fixed scale. */
  readonly autoscaler: Part<AutoscalerState | undefined>;
  /** Undefined in a cluster that measures nothing. */
  readonly usage: Part<Usage | undefined>;
  /** Newest first. */
  readonly events: Part<readonly EventGroup[]>;
}
