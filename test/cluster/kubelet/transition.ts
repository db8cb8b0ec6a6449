import { createHash } from "node:crypto";
import type { Behaviour, SandboxImage } from "../../../sandbox/images.ts";
import { findImage } from "./images.ts";
import type { Prober } from "./probes.ts";
import type { Container, PodEvent, RestartPolicy, Timing } from "./types.ts";

/** How one run of a container ended. */
export interface Exit {
  readonly exitCode: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly containerID: string;
}

/** Where a container is in its life; times are milliseconds since the epoch. */
type Phase =
  | { readonly kind: "creating"; readonly since: number }
  | { readonly kind: "pulling"; readonly until: number }
  | Waiting
  | Running
  | { readonly kind: "exited"; readonly exit: Exit };

/** Looked at again at `checkAt`; may go on at `until`. */
export interface Waiting {
  readonly kind: "waiting";
  readonly reason: WaitingReason;
  readonly message: string;
  readonly checkAt: number;
  readonly until: number;
}

export type WaitingReason =
  | "ErrImagePull"
  | "ImagePullBackOff"
  | "ErrImageNeverPull"
  | "InvalidImageName"
  | "CreateContainerConfigError"
  | "CrashLoopBackOff";

export interface Running {
  readonly kind: "running";
  readonly startedAt: number;
  /** The startup probe has passed, or there is none. */
  readonly started: boolean;
  readonly ready: boolean;
  readonly startup?: Prober;
  readonly readiness?: Prober;
  readonly liveness?: Prober;
}

export interface ContainerRuntime {
  readonly phase: Phase;
  readonly restartCount: number;
  /** Failed pulls so far; each doubles the back-off. */
  readonly pullFailures: number;
  /** The latest run that the kubelet has seen end. */
  readonly last?: Exit;
}

/** What a container's next step depends on, apart from its own past. */
export interface ContainerContext {
  readonly spec: Container;
  readonly restartPolicy: RestartPolicy;
  /** For example `spec.containers{app}`. */
  readonly fieldPath: string;
  readonly pod: PodIdentity;
  readonly images: readonly SandboxImage[];
  readonly timing: Timing;
  /** Why its environment cannot be made, for example `secret "db" not found`. */
  readonly problem: string | undefined;
  readonly now: number;
}

export interface PodIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly ip: string;
}

/** The next thing to happen to a container, and when. */
export interface Transition {
  readonly at: number;
  readonly to: ContainerRuntime;
  readonly events: readonly PodEvent[];
}

/** A container that waits for a fixed time, looked at only at its end. */
export function waiting(reason: WaitingReason, message: string, until: number): Waiting {
  return { kind: "waiting", reason, message, checkAt: until, until };
}

export function event(
  context: ContainerContext,
  at: number,
  type: PodEvent["type"],
  reason: string,
  message: string,
): PodEvent {
  return { at, type, reason, message, fieldPath: context.fieldPath };
}

/** `containerd://…`, the same for the same run of the same container. */
export function containerID(uid: string, name: string, restartCount: number): string {
  const hash = createHash("sha256").update(`${uid}/${name}/${restartCount}`).digest("hex");
  return `containerd://${hash}`;
}

export function behaviourOf(context: ContainerContext): Behaviour | undefined {
  return findImage(context.images, context.spec.image)?.behaviour;
}

/** The pod as the kubelet names it in messages. */
export const podLabel = ({ name, namespace, uid }: PodIdentity): string =>
  `${name}_${namespace}(${uid})`;
