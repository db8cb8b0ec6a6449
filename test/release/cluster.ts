import type { Deployment, Event, Pod, ReplicaSet } from "../../src/k8s/kinds.ts";
import type { Observation } from "../../src/release/observation.ts";
import type { RolloutTarget } from "../../src/release/release.ts";
import type { Window } from "../../src/release/rollout.ts";

/** What the API server would show of one app that goes from 2017 (old) to 2018 (new). */

export const startedAt = Date.UTC(2017, 11, 6, 9);
const deadlineMs = 600_000;
export const window: Window = { startedAt, deadline: startedAt + deadlineMs, skewMs: 0 };
export const target: RolloutTarget = {
  name: "kubecon-2017",
  uid: "uid-of-deployment",
  generation: 2,
  templateHash: "hash-of-2018",
};

/** A moment so many seconds after the apply. */
export function at(seconds: number): number {
  return startedAt + seconds * 1_000;
}

/** The same moment as the API server writes it: whole seconds. */
export function stamp(seconds: number): string {
  return new Date(at(seconds)).toISOString().replace(".000Z", "Z");
}

type DeploymentStatus = NonNullable<Deployment["status"]>;
type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];
type PodCondition = NonNullable<NonNullable<Pod["status"]>["conditions"]>[number];
type DeploymentCondition = NonNullable<DeploymentStatus["conditions"]>[number];

/** Three of three, complete; `status` says what differs. */
export function deployment(
  status: Partial<DeploymentStatus> = {},
  rest: { generation?: number; uid?: string; replicas?: number; paused?: boolean } = {},
): Deployment {
  const replicas = rest.replicas ?? 3;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: target.name,
      uid: rest.uid ?? target.uid,
      generation: rest.generation ?? target.generation,
    },
    spec: {
      replicas,
      selector: {},
      template: {},
      progressDeadlineSeconds: 600,
      ...(rest.paused === undefined ? {} : { paused: rest.paused }),
    },
    status: {
      observedGeneration: target.generation,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      ...status,
    },
  };
}

/** A Deployment that waits for its first new pod while three old ones serve. */
export function rolling(status: Partial<DeploymentStatus> = {}): Deployment {
  return deployment({
    replicas: 4,
    updatedReplicas: 1,
    readyReplicas: 3,
    availableReplicas: 3,
    ...status,
  });
}

export function condition(
  type: string,
  status: "True" | "False",
  reason: string,
  rest: Partial<DeploymentCondition> = {},
): DeploymentCondition {
  return { type, status, reason, ...rest };
}

export const deadlineExceeded = condition("Progressing", "False", "ProgressDeadlineExceeded");

function replicaSet(uid: string, revision: number): ReplicaSet {
  return {
    metadata: {
      uid,
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "Deployment", name: target.name, uid: target.uid },
      ],
    },
  };
}

export const oldSet = replicaSet("uid-of-2017", 1);
export const newSet = replicaSet("uid-of-2018", 2);

/** A pod of the new template; see {@link oldPod}. Started with the rollout unless told. */
export function pod(
  name: string,
  containers: readonly ContainerStatus[],
  rest: {
    set?: ReplicaSet;
    started?: number;
    phase?: string;
    deleting?: boolean;
    init?: readonly ContainerStatus[];
    conditions?: readonly PodCondition[];
  } = {},
): Pod {
  const ready = containers.length > 0 && containers.every((each) => each.ready);
  const uid = (rest.set ?? newSet).metadata?.uid ?? "";
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      creationTimestamp: stamp(rest.started ?? 0),
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: uid, uid }],
      ...(rest.deleting === true ? { deletionTimestamp: stamp(rest.started ?? 0) } : {}),
    },
    status: {
      phase: rest.phase ?? (ready ? "Running" : "Pending"),
      startTime: stamp(rest.started ?? 0),
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }, ...(rest.conditions ?? [])],
      containerStatuses: [...containers],
      ...(rest.init === undefined ? {} : { initContainerStatuses: [...rest.init] }),
    },
  };
}

export function oldPod(name: string, container: ContainerStatus = up()): Pod {
  return pod(name, [container], { set: oldSet, started: -3_600 });
}

interface ContainerFacts {
  name?: string;
  image?: string;
  restarts?: number;
  last?: Ended;
}

function container(
  state: ContainerStatus["state"],
  ready: boolean,
  {
    name = "kubecon",
    image = "registry.example.com/kubecon:2018",
    restarts = 0,
    last,
  }: ContainerFacts,
): ContainerStatus {
  return {
    name,
    image,
    imageID: "",
    ready,
    restartCount: restarts,
    ...(state === undefined ? {} : { state }),
    ...(last === undefined ? {} : { lastState: { terminated: terminatedBy(last) } }),
  };
}

/** How a container ended: `at` in seconds after the apply. */
interface Ended {
  code: number;
  reason?: string;
  message?: string;
  at?: number;
}

function terminatedBy({ code, reason, message, at: seconds }: Ended) {
  return {
    exitCode: code,
    reason: reason ?? (code === 0 ? "Completed" : "Error"),
    ...(message === undefined ? {} : { message }),
    ...(seconds === undefined ? {} : { finishedAt: stamp(seconds) }),
  };
}

/** Running and ready. */
export function up(facts: ContainerFacts = {}): ContainerStatus {
  return container({ running: {} }, true, facts);
}

/** Running, not ready. */
export function starting(facts: ContainerFacts = {}): ContainerStatus {
  return container({ running: {} }, false, facts);
}

export function waiting(reason: string, message = "", facts: ContainerFacts = {}): ContainerStatus {
  return container({ waiting: { reason, message } }, false, facts);
}

export function ended(
  how: Ended,
  facts: ContainerFacts & { ready?: boolean } = {},
): ContainerStatus {
  return container({ terminated: terminatedBy(how) }, facts.ready ?? false, facts);
}

/** Waits in back-off after `restarts` restarts, the last end being `last`. */
export function crashing(
  restarts: number,
  last: Ended,
  facts: ContainerFacts = {},
): ContainerStatus {
  const message = "back-off restarting failed container";
  return waiting("CrashLoopBackOff", message, { ...facts, restarts, last });
}

export function warning(
  reason: string,
  message: string,
  rest: { on?: string; kind?: string; count?: number } = {},
): Event {
  return {
    metadata: {},
    type: "Warning",
    reason,
    message,
    involvedObject: { kind: rest.kind ?? "Pod", name: rest.on ?? "new-1" },
    ...(rest.count === undefined ? {} : { count: rest.count }),
  };
}

/** A whole look; without `parts` a rollout that is complete. */
export function observation(parts: Partial<Observation> = {}): Observation {
  return {
    deployment: deployment(),
    templateHash: target.templateHash,
    replicaSets: [oldSet, newSet],
    pods: ["new-1", "new-2", "new-3"].map((name) => pod(name, [up()])),
    warnings: [],
    readyEndpoints: undefined,
    certificates: [],
    ...parts,
  };
}

/** A look at a rollout under way: these new pods, and three old ones that serve. */
export function midway(newPods: readonly Pod[], parts: Partial<Observation> = {}): Observation {
  return observation({
    deployment: rolling({ replicas: 3 + newPods.length, updatedReplicas: newPods.length }),
    pods: [...newPods, ...["old-1", "old-2", "old-3"].map((name) => oldPod(name))],
    ...parts,
  });
}
