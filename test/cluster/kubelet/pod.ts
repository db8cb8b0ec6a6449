import type { SandboxImage } from "../../../sandbox/images.ts";
import { type Advanced, advanceContainer, newContainer } from "./container.ts";
import { environmentProblem, type KeysOf, mountProblem } from "./references.ts";
import { stop } from "./run.ts";
import type { ContainerContext, ContainerRuntime, PodIdentity } from "./transition.ts";
import type { Container, Pod, PodEvent, RestartPolicy, Timing } from "./types.ts";

/** What a kubelet knows of a pod beyond the pod itself. */
export interface PodRuntime {
  readonly ip: string;
  /** When this kubelet first saw the pod, in milliseconds. */
  readonly startedAt: number;
  readonly mount: Mount;
  /** By container name, init containers too; only those whose turn has come. */
  readonly containers: Readonly<Record<string, ContainerRuntime>>;
  /** Set once the pod is to be deleted: its containers get their signal at `until`. */
  readonly stopping?: { readonly until: number };
  /** Every container has ended for good: the pod may go. */
  readonly stopped: boolean;
}

type Mount =
  | { readonly kind: "mounted"; readonly at: number }
  | { readonly kind: "missing"; readonly failures: number; readonly retryAt: number };

/** The cluster around the pod, as far as it matters here. */
export interface World {
  readonly images: readonly SandboxImage[];
  readonly keysOf: KeysOf;
  readonly timing: Timing;
  readonly now: number;
}

export const newPod = (ip: string, now: number): PodRuntime => ({
  ip,
  startedAt: now,
  mount: { kind: "missing", failures: 0, retryAt: now },
  containers: {},
  stopped: false,
});

/** Plays what has happened in the pod until `world.now`. Pure: the same arguments, the same answer. */
export function advancePod(pod: Pod, runtime: PodRuntime, world: World): Advanced<PodRuntime> {
  if (runtime.stopped) return { runtime, events: [], wakeAt: undefined };
  if (pod.metadata.deletionTimestamp !== undefined) return terminate(pod, runtime, world);
  const mounting = advanceMount(pod, runtime, world);
  if (mounting.runtime.mount.kind === "missing") return mounting;
  const running = advanceContainers(pod, mounting.runtime, mounting.runtime.mount.at, world);
  return { ...running, events: [...mounting.events, ...running.events] };
}

/** Retries as a kubelet's volume manager does: 500 ms, doubling to about two minutes. */
function advanceMount(pod: Pod, runtime: PodRuntime, world: World): Advanced<PodRuntime> {
  const { mount } = runtime;
  if (mount.kind === "mounted") return { runtime, events: [], wakeAt: undefined };
  const problem = mountProblem(pod, world.keysOf);
  if (problem === undefined) {
    const mounted: Mount = { kind: "mounted", at: world.now };
    return { runtime: { ...runtime, mount: mounted }, events: [], wakeAt: undefined };
  }
  if (mount.retryAt > world.now) return { runtime, events: [], wakeAt: mount.retryAt };
  const retryAt = world.now + Math.min(500 * 2 ** mount.failures, 122_000);
  const missing: Mount = { kind: "missing", failures: mount.failures + 1, retryAt };
  const event: PodEvent = {
    at: world.now,
    type: "Warning",
    reason: "FailedMount",
    message: problem,
  };
  return { runtime: { ...runtime, mount: missing }, events: [event], wakeAt: retryAt };
}

/** Init containers one after the other, then all the others at once. */
function advanceContainers(
  pod: Pod,
  runtime: PodRuntime,
  from: number,
  world: World,
): Advanced<PodRuntime> {
  const containers: Record<string, ContainerRuntime> = {};
  const events: PodEvent[] = [];
  const wakes: number[] = [];
  const advance = (spec: Container, list: string, since: number): ContainerRuntime => {
    const context = contextOf(pod, runtime.ip, spec, list, world);
    const advanced = advanceContainer(
      runtime.containers[spec.name] ?? newContainer(since),
      context,
    );
    containers[spec.name] = advanced.runtime;
    events.push(...advanced.events);
    if (advanced.wakeAt !== undefined) wakes.push(advanced.wakeAt);
    return advanced.runtime;
  };

  let turn: number | undefined = from;
  for (const spec of pod.spec.initContainers ?? []) {
    if (turn === undefined) break;
    turn = initDone(spec, advance(spec, "initContainers", turn), world.now);
  }
  // A sidecar that fails later holds back nothing that has begun.
  const begun = pod.spec.containers.some((spec) => runtime.containers[spec.name] !== undefined);
  if (turn !== undefined || begun) {
    for (const spec of pod.spec.containers) advance(spec, "containers", turn ?? world.now);
  }
  const wakeAt = wakes.length === 0 ? undefined : Math.min(...wakes);
  return { runtime: { ...runtime, containers }, events, wakeAt };
}

/** When the next container may begin; nothing while this one holds it back. */
function initDone(spec: Container, { phase }: ContainerRuntime, now: number): number | undefined {
  if (spec.restartPolicy === "Always") {
    return phase.kind === "running" && phase.started ? now : undefined;
  }
  return phase.kind === "exited" && phase.exit.exitCode === 0 ? phase.exit.finishedAt : undefined;
}

/** Waits for the longest preStop pause, at most the grace period; then SIGTERM ends the containers. */
function terminate(pod: Pod, runtime: PodRuntime, world: World): Advanced<PodRuntime> {
  const live = everyContainer(pod).filter(
    ({ spec }) => runtime.containers[spec.name]?.phase.kind === "running",
  );
  if (runtime.stopping === undefined) {
    const pauses = live.map(({ spec }) => spec.lifecycle?.preStop?.sleep?.seconds ?? 0);
    const grace = pod.metadata.deletionGracePeriodSeconds ?? 30;
    const until = world.now + Math.min(grace, Math.max(0, ...pauses)) * 1_000;
    const killing = live.map(({ spec, list }): PodEvent => {
      const message = `Stopping container ${spec.name}`;
      const fieldPath = fieldPathOf(spec, list);
      return { at: world.now, type: "Normal", reason: "Killing", message, fieldPath };
    });
    const stopping = terminate(pod, { ...runtime, stopping: { until } }, world);
    return { ...stopping, events: [...killing, ...stopping.events] };
  }
  const { until } = runtime.stopping;
  if (until > world.now) return { runtime, events: [], wakeAt: until };
  const containers = { ...runtime.containers };
  for (const { spec, list } of live) {
    const container = containers[spec.name];
    if (container === undefined) continue;
    containers[spec.name] = stop(container, contextOf(pod, runtime.ip, spec, list, world), until);
  }
  return { runtime: { ...runtime, containers, stopped: true }, events: [], wakeAt: undefined };
}

function everyContainer(pod: Pod): { spec: Container; list: string }[] {
  return [
    ...(pod.spec.initContainers ?? []).map((spec) => ({ spec, list: "initContainers" })),
    ...pod.spec.containers.map((spec) => ({ spec, list: "containers" })),
  ];
}

function contextOf(
  pod: Pod,
  ip: string,
  spec: Container,
  list: string,
  world: World,
): ContainerContext {
  const namespace = pod.metadata.namespace ?? "";
  const identity: PodIdentity = { name: pod.metadata.name, namespace, uid: pod.metadata.uid, ip };
  return {
    spec,
    restartPolicy: restartPolicyOf(pod, spec, list),
    fieldPath: fieldPathOf(spec, list),
    pod: identity,
    images: world.images,
    timing: world.timing,
    problem: environmentProblem(spec, namespace, world.keysOf),
    now: world.now,
  };
}

/** An init container that has done its work is not run again, whatever the pod's policy. */
function restartPolicyOf(pod: Pod, spec: Container, list: string): RestartPolicy {
  const policy = spec.restartPolicy ?? pod.spec.restartPolicy ?? "Always";
  const once = list === "initContainers" && spec.restartPolicy === undefined;
  return once && policy === "Always" ? "OnFailure" : policy;
}

const fieldPathOf = (spec: Container, list: string): string => `spec.${list}{${spec.name}}`;
