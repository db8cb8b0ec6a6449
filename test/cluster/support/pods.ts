import { sandboxImages, type SandboxImage } from "../../../sandbox/images.ts";
import { advancePod, newPod, type PodRuntime, type World } from "../kubelet/pod.ts";
import { podStatus } from "../kubelet/status.ts";
import {
  type Container,
  defaultTiming,
  type Pod,
  type PodEvent,
  type PodSpec,
  type PodStatus,
} from "../kubelet/types.ts";

const repository = "registry.corp.example.com/demo/kubecon";

/** A container named `app` of the talk's image, listening on 8080. */
export function app(tag: string, more: Partial<Container> = {}): Container {
  return { name: "app", image: `${repository}:${tag}`, ports: [{ containerPort: 8080 }], ...more };
}

export function podOf(containers: Container[], more: Partial<PodSpec> = {}): Pod {
  return {
    metadata: {
      name: "web",
      namespace: "shop",
      uid: "7f3a",
      resourceVersion: "1",
      generation: 1,
    },
    spec: { nodeName: "node-1", containers, ...more },
  };
}

/** A pod that is being deleted, with this grace period. */
export function deleted(pod: Pod, graceSeconds: number): Pod {
  const metadata = {
    ...pod.metadata,
    deletionTimestamp: "2026-01-01T00:00:00Z",
    deletionGracePeriodSeconds: graceSeconds,
  };
  return { ...pod, metadata };
}

/** Objects that exist, for example `{ "Secret/shop/db": ["url"] }`. */
export type Objects = Readonly<Record<string, readonly string[]>>;

export function worldOf(
  now: number,
  objects: Objects = {},
  images: readonly SandboxImage[] = sandboxImages,
): World {
  return {
    images,
    timing: defaultTiming,
    now,
    keysOf: (kind, namespace, name) => {
      const keys = objects[`${kind}/${namespace}/${name}`];
      return keys === undefined ? undefined : new Set(keys);
    },
  };
}

/** A pod played from time 0, the epoch. */
export class Play {
  pod: Pod;
  now = 0;
  objects: Objects;
  readonly events: PodEvent[] = [];
  #runtime: PodRuntime = newPod("10.64.0.1", 0);
  #status: PodStatus | undefined;
  readonly #images: readonly SandboxImage[];

  constructor(pod: Pod, objects: Objects = {}, images: readonly SandboxImage[] = sandboxImages) {
    this.pod = pod;
    this.objects = objects;
    this.#images = images;
    this.to(0);
  }

  get runtime(): PodRuntime {
    return this.#runtime;
  }

  /** Looks whenever something is due, and at `until`; returns the status then. */
  to(until: number): PodStatus {
    for (;;) {
      const world = worldOf(this.now, this.objects, this.#images);
      const { runtime, events, wakeAt } = advancePod(this.pod, this.#runtime, world);
      this.#runtime = runtime;
      this.events.push(...events);
      this.#status = podStatus(this.pod, runtime, this.#status, world);
      if (this.now >= until) return this.#status;
      this.now = Math.min(until, wakeAt ?? until);
    }
  }

  /** `Warning BackOff x3: message` and so on, in order of first appearance. */
  summary(type?: PodEvent["type"]): string[] {
    const counts = new Map<string, number>();
    for (const event of this.events) {
      if (type !== undefined && event.type !== type) continue;
      const key = `${event.reason}: ${event.message}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].map(([key, count]) => (count === 1 ? key : `${count} x ${key}`));
  }
}

/** A container's state in a few words: `CrashLoopBackOff after 1`, `running, ready`, `ended 0`. */
export function inWords(status: PodStatus, index = 0): string {
  const container = status.containerStatuses?.[index];
  if (container === undefined) return "unknown";
  const { state, lastState, restartCount } = container;
  const restarts = restartCount === 0 ? "" : `, restarts ${restartCount}`;
  const last = lastState.terminated === undefined ? "" : `, last ${lastState.terminated.exitCode}`;
  if (state.waiting) return `${state.waiting.reason}${restarts}${last}`;
  if (state.terminated) return `ended ${state.terminated.exitCode}${restarts}${last}`;
  return `running, ${container.ready ? "ready" : "unready"}${restarts}${last}`;
}

export const condition = (status: PodStatus, type: string): string | undefined =>
  status.conditions?.find((one) => one.type === type)?.status;
