import type { Clock } from "../../../src/clock.ts";
import { type ApiClient, ApiError } from "../api-client.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { advancePod, newPod, type PodRuntime, type World } from "./pod.ts";
import { podStatus } from "./status.ts";
import type { Pod, PodStatus } from "./types.ts";

/** Everything known of one pod on our nodes. */
interface Entry {
  pod: Pod;
  runtime: PodRuntime;
  reported: PodStatus | undefined;
  cancelWake: (() => void) | undefined;
  /** A pass is running; `dirty` asks for another one after it. */
  busy: boolean;
  dirty: boolean;
}

const concurrency = 32;
const retryMs = 1_000;

/**
 * Plays the pods: each change and each due moment queues a pod, at most 32 are in work at once, and a
 * pod is never in work twice. A quiet pod costs nothing.
 */
export class PodWorkers {
  readonly #api: ApiClient;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #world: (now: number) => World;
  readonly #entries = new Map<string, Entry>();
  readonly #addresses = new AddressPool();
  readonly #queue: string[] = [];
  readonly #ended = new Map<string, (() => void)[]>();
  #working = 0;
  #stopped = false;

  constructor(
    api: ApiClient,
    clock: Clock,
    recorder: EventRecorder,
    world: (now: number) => World,
  ) {
    this.#api = api;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#world = world;
  }

  set(pod: Pod): void {
    const { uid } = pod.metadata;
    const entry = this.#entries.get(uid);
    if (entry === undefined) {
      const runtime = newPod(this.#addresses.take(), this.#clock.now());
      this.#entries.set(uid, { pod, runtime, ...idle });
    } else {
      entry.pod = pod;
    }
    this.#enqueue(uid);
  }

  delete(pod: Pod): void {
    const { uid } = pod.metadata;
    const entry = this.#entries.get(uid);
    if (entry === undefined) return;
    entry.cancelWake?.();
    this.#entries.delete(uid);
    this.#addresses.give(entry.runtime.ip);
    this.#recorder.forget(uid);
    this.#settleWaiters(uid);
  }

  /** A Secret or ConfigMap of this namespace has changed: pods that wait for one look again. */
  nudge(namespace: string): void {
    for (const [uid, { pod, runtime }] of this.#entries) {
      if (pod.metadata.namespace === namespace && isHeldUp(runtime)) this.#enqueue(uid);
    }
  }

  find(namespace: string, name: string): { pod: Pod; runtime: PodRuntime } | undefined {
    for (const entry of this.#entries.values()) {
      const { metadata } = entry.pod;
      if (metadata.namespace === namespace && metadata.name === name) return entry;
    }
    return undefined;
  }

  /** Resolves when the container's present run is over, or the pod is gone. */
  async runEnds(uid: string, container: string): Promise<void> {
    const run = (): number | undefined => runningSince(this.#entries.get(uid)?.runtime, container);
    const since = run();
    while (since !== undefined && run() === since && !this.#stopped) {
      await new Promise<void>((resolve) => {
        this.#ended.set(uid, [...(this.#ended.get(uid) ?? []), resolve]);
      });
    }
  }

  /** Starts no more work and lets what has begun come to nothing. */
  stop(): void {
    this.#stopped = true;
    for (const [uid, entry] of this.#entries) {
      entry.cancelWake?.();
      this.#settleWaiters(uid);
    }
  }

  #enqueue(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry === undefined || entry.dirty || this.#stopped) return;
    entry.dirty = true;
    if (entry.busy) return;
    this.#queue.push(uid);
    this.#fill();
  }

  #fill(): void {
    while (this.#working < concurrency && !this.#stopped) {
      const uid = this.#queue.shift();
      if (uid === undefined) return;
      const entry = this.#entries.get(uid);
      if (entry !== undefined) void this.#work(uid, entry);
    }
  }

  async #work(uid: string, entry: Entry): Promise<void> {
    this.#working += 1;
    entry.busy = true;
    entry.dirty = false;
    const retry = await this.#sync(entry).then(
      () => undefined,
      (error: unknown) => (isGone(error) ? undefined : retryMs),
    );
    this.#working -= 1;
    entry.busy = false;
    if (retry !== undefined) this.#wake(uid, entry, this.#clock.now() + retry);
    if (entry.dirty) this.#queue.push(uid);
    this.#fill();
  }

  /** One look at one pod: play what is due, tell the API server what is new. */
  async #sync(entry: Entry): Promise<void> {
    const { pod } = entry;
    const { uid } = pod.metadata;
    const world = this.#world(this.#clock.now());
    const { runtime, events, wakeAt } = advancePod(pod, entry.runtime, world);
    entry.runtime = runtime;
    for (const event of events) this.#recorder.record(pod, event);
    this.#settleWaiters(uid);
    if (wakeAt !== undefined) this.#wake(uid, entry, wakeAt);
    const status = podStatus(pod, runtime, entry.reported ?? pod.status, world);
    if (JSON.stringify(status) !== JSON.stringify(entry.reported)) {
      await this.#report(pod, status);
      entry.reported = status;
    }
    if (runtime.stopped) await this.#remove(pod);
  }

  #wake(uid: string, entry: Entry, at: number): void {
    entry.cancelWake?.();
    if (this.#stopped) return;
    const delay = Math.max(0, at - this.#clock.now());
    entry.cancelWake = this.#clock.after(delay, () => this.#enqueue(uid));
  }

  /** The uid in the patch makes the server refuse it for another pod of the same name. */
  async #report(pod: Pod, status: PodStatus): Promise<void> {
    await this.#api.request("PATCH", `${podPath(pod)}/status`, {
      body: { metadata: { uid: pod.metadata.uid }, status },
      contentType: "application/strategic-merge-patch+json",
    });
  }

  async #remove(pod: Pod): Promise<void> {
    await this.#api.request("DELETE", podPath(pod), {
      body: { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } },
    });
  }

  #settleWaiters(uid: string): void {
    const waiters = this.#ended.get(uid);
    this.#ended.delete(uid);
    for (const resolve of waiters ?? []) resolve();
  }
}

const idle = { reported: undefined, cancelWake: undefined, busy: false, dirty: false };

/** Pod addresses, each held by one pod at a time: 10.64.0.1 and up. */
class AddressPool {
  readonly #free: string[] = [];
  #next = 1;

  take(): string {
    const free = this.#free.shift();
    if (free !== undefined) return free;
    const n = this.#next;
    this.#next += 1;
    return `10.${64 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
  }

  give(ip: string): void {
    this.#free.push(ip);
  }
}

/** The pod is gone, or another one has its name: nothing to retry. */
function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 404 || error.code === 409);
}

function isHeldUp({ mount, containers }: PodRuntime): boolean {
  if (mount.kind === "missing") return true;
  return Object.values(containers).some(
    ({ phase }) => phase.kind === "waiting" && phase.reason === "CreateContainerConfigError",
  );
}

function runningSince(runtime: PodRuntime | undefined, container: string): number | undefined {
  const phase = runtime?.containers[container]?.phase;
  return phase?.kind === "running" ? phase.startedAt : undefined;
}

const podPath = ({ metadata }: Pod): string =>
  `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
