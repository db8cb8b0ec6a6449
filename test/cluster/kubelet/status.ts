import { findImage, imageDigest } from "./images.ts";
import type { PodRuntime, World } from "./pod.ts";
import { containerID, type ContainerRuntime, type Exit } from "./transition.ts";
import {
  type Container,
  type ContainerState,
  type ContainerStatus,
  type Pod,
  type PodCondition,
  type PodPhase,
  type PodStatus,
  timestamp,
} from "./types.ts";

const hostIP = "127.0.0.1";

/**
 * What the kubelet reports of a pod. `previous` is its last report: a condition keeps its transition
 * time while its status stays. Rules: kubelet_pods.go and status/generate.go of Kubernetes 1.35.
 */
export function podStatus(
  pod: Pod,
  runtime: PodRuntime,
  previous: PodStatus | undefined,
  world: Pick<World, "images" | "now">,
): PodStatus {
  const incomplete = incompleteInit(pod, runtime);
  const report = (spec: Container, waiting: string): ContainerStatus =>
    containerStatus(pod, spec, runtime.containers[spec.name], waiting, world);
  const hasInit = (pod.spec.initContainers ?? []).length > 0;
  const initStatuses = (pod.spec.initContainers ?? []).map((spec) =>
    report(spec, "PodInitializing"),
  );
  const statuses = pod.spec.containers.map((spec) =>
    report(spec, hasInit ? "PodInitializing" : "ContainerCreating"),
  );
  const phase = podPhase(pod, runtime, incomplete.length === 0);
  const mounted = runtime.mount.kind === "mounted";
  return {
    ...(pod.metadata.generation === undefined
      ? {}
      : { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: conditions({ pod, statuses, phase, incomplete, mounted, previous, now: world.now }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(mounted ? { podIP: runtime.ip, podIPs: [{ ip: runtime.ip }] } : {}),
    startTime: timestamp(runtime.startedAt),
    ...(hasInit ? { initContainerStatuses: initStatuses } : {}),
    containerStatuses: statuses,
  };
}

function containerStatus(
  pod: Pod,
  spec: Container,
  container: ContainerRuntime | undefined,
  waiting: string,
  world: Pick<World, "images">,
): ContainerStatus {
  const phase = container?.phase;
  const image = findImage(world.images, spec.image);
  const ran = phase?.kind === "running" || phase?.kind === "exited";
  const done = phase?.kind === "exited" && phase.exit.exitCode === 0;
  const isInit = waiting === "PodInitializing" && pod.spec.initContainers?.includes(spec) === true;
  return {
    name: spec.name,
    image: spec.image,
    imageID:
      image === undefined || !(ran || container?.last)
        ? ""
        : `${image.reference.slice(0, image.reference.lastIndexOf(":"))}@${imageDigest(image.reference)}`,
    ...identity(pod, spec, container),
    ready: (phase?.kind === "running" && phase.ready) || (isInit && done),
    started: phase?.kind === "running" && phase.started,
    restartCount: container?.restartCount ?? 0,
    state: state(container, waiting),
    lastState: container?.last === undefined ? {} : { terminated: terminated(container.last) },
  };
}

/** The id of the run in `state`, or of the last one while the container waits. */
function identity(
  pod: Pod,
  spec: Container,
  container: ContainerRuntime | undefined,
): { containerID?: string } {
  if (container === undefined) return {};
  if (container.phase.kind === "running") {
    return { containerID: containerID(pod.metadata.uid, spec.name, container.restartCount) };
  }
  const exit = container.phase.kind === "exited" ? container.phase.exit : container.last;
  return exit === undefined ? {} : { containerID: exit.containerID };
}

function state(container: ContainerRuntime | undefined, waiting: string): ContainerState {
  const phase = container?.phase;
  switch (phase?.kind) {
    case undefined:
    case "creating":
    case "pulling":
      return { waiting: { reason: waiting } };
    case "waiting":
      return { waiting: { reason: phase.reason, message: phase.message } };
    case "running":
      return { running: { startedAt: timestamp(phase.startedAt) } };
    case "exited":
      return { terminated: terminated(phase.exit) };
    default:
      return phase satisfies never;
  }
}

function terminated(exit: Exit): NonNullable<ContainerState["terminated"]> {
  return {
    exitCode: exit.exitCode,
    reason: exit.exitCode === 0 ? "Completed" : "Error",
    startedAt: timestamp(exit.startedAt),
    finishedAt: timestamp(exit.finishedAt),
    containerID: exit.containerID,
  };
}

function podPhase(pod: Pod, runtime: PodRuntime, initialized: boolean): PodPhase {
  const policy = pod.spec.restartPolicy ?? "Always";
  const main = pod.spec.containers.map((spec) => runtime.containers[spec.name]?.phase);
  const init = (pod.spec.initContainers ?? []).map((spec) => runtime.containers[spec.name]?.phase);
  const failed = (phase: (typeof main)[number]): boolean =>
    phase?.kind === "exited" && phase.exit.exitCode !== 0;
  const exited = main.every((phase) => phase?.kind === "exited");
  if (runtime.stopped) return main.some(failed) || !exited ? "Failed" : "Succeeded";
  if (!initialized) return policy === "Never" && init.some(failed) ? "Failed" : "Pending";
  if (exited && policy === "Never") return main.some(failed) ? "Failed" : "Succeeded";
  if (exited && policy === "OnFailure" && !main.some(failed)) return "Succeeded";
  return pod.spec.containers.some((spec) => neverRan(runtime.containers[spec.name]))
    ? "Pending"
    : "Running";
}

/** A container that waits before its first run keeps the whole pod Pending (`getPhase`). */
function neverRan(container: ContainerRuntime | undefined): boolean {
  const kind = container?.phase.kind;
  return kind !== "running" && kind !== "exited" && container?.last === undefined;
}

/** A pod whose own containers have run stays initialized, whatever its sidecars do. */
function incompleteInit(pod: Pod, runtime: PodRuntime): string[] {
  if (pod.spec.containers.some((spec) => !neverRan(runtime.containers[spec.name]))) return [];
  return (pod.spec.initContainers ?? [])
    .filter((spec) => {
      const phase = runtime.containers[spec.name]?.phase;
      if (spec.restartPolicy === "Always") return !(phase?.kind === "running" && phase.started);
      return !(phase?.kind === "exited" && phase.exit.exitCode === 0);
    })
    .map((spec) => spec.name);
}

interface ConditionInputs {
  readonly pod: Pod;
  readonly statuses: readonly ContainerStatus[];
  readonly phase: PodPhase;
  /** Init containers that still hold the others back. */
  readonly incomplete: readonly string[];
  readonly mounted: boolean;
  readonly previous: PodStatus | undefined;
  readonly now: number;
}

type Verdict = Pick<PodCondition, "status" | "reason" | "message">;

/** The conditions that a kubelet owns; the scheduler's and others' are left to them. */
function conditions(inputs: ConditionInputs): PodCondition[] {
  const { pod, previous, now } = inputs;
  const ready = containersReady(inputs);
  const verdicts: readonly (readonly [string, Verdict])[] = [
    ["PodReadyToStartContainers", { status: inputs.mounted ? "True" : "False" }],
    ["Initialized", initializedVerdict(inputs.incomplete)],
    ["Ready", ready.status === "True" ? readinessGates(pod) : ready],
    ["ContainersReady", ready],
  ];
  return verdicts.map(([type, verdict]) => {
    const old = previous?.conditions?.find((condition) => condition.type === type);
    const kept = old?.status === verdict.status ? old.lastTransitionTime : undefined;
    return {
      type,
      ...(pod.metadata.generation === undefined
        ? {}
        : { observedGeneration: pod.metadata.generation }),
      ...verdict,
      lastTransitionTime: kept ?? timestamp(now),
    };
  });
}

function initializedVerdict(incomplete: readonly string[]): Verdict {
  if (incomplete.length === 0) return { status: "True" };
  const message = `containers with incomplete status: [${incomplete.join(" ")}]`;
  return { status: "False", reason: "ContainersNotInitialized", message };
}

function containersReady({ phase, statuses }: ConditionInputs): Verdict {
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const unready = statuses.filter((status) => !status.ready).map((status) => status.name);
  if (unready.length === 0) return { status: "True" };
  const message = `containers with unready status: [${unready.join(" ")}]`;
  return { status: "False", reason: "ContainersNotReady", message };
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate */
function readinessGates(pod: Pod): Verdict {
  const open = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = pod.status?.conditions?.find((condition) => condition.type === conditionType);
    if (gate?.status === "True") return [];
    if (gate === undefined) {
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    }
    return [
      `the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`,
    ];
  });
  if (open.length === 0) return { status: "True" };
  return { status: "False", reason: "ReadinessGatesNotReady", message: open.join(", ") };
}
