import { createHash } from "node:crypto";
import type fc from "fast-check";
import { SteppedClock } from "../../sandbox/clock.ts";
import { type Controller, createController } from "../../src/controller/controller.ts";
import { decideOn } from "../../src/controller/deciding.ts";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import { ThreadNotes } from "../../src/controller/thread-notes.ts";
import { DoccError } from "../../src/errors.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import type { Deployment } from "../../src/k8s/kinds.ts";
import { templateHash } from "../../src/k8s/look.ts";
import type { RecordCache } from "../../src/k8s/record-cache.ts";
import { createLogger } from "../../src/log.ts";
import type { KubernetesObject } from "../../src/manifest/objects/objects.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import type { Decision } from "../../src/policy/decide.ts";
import type { LiveObject } from "../../src/release/plan.ts";
import type { Application, Identity, Release } from "../../src/release/release.ts";
import { manifest } from "../commands/ports.ts";
import { deployment, observation, startedAt, target } from "../release/cluster.ts";
import { rules } from "../policy/people.ts";
import { BrokenPromise, type Defect, isRelease, promise, Store } from "./store.ts";

export const app = "kubecon-2017";
const minute = 60_000;

/** One docc process: a leader that steps, and a door that takes clicks. */
interface Replica {
  readonly controller: Controller;
  readonly ports: ControllerPorts;
  isDead: boolean;
  isPaused: boolean;
  loses: number;
}

/** Records, a cluster, people and replicas; every request waits until the scheduler lets it go. */
export class ModelWorld {
  readonly clock = new SteppedClock(startedAt);
  readonly store: Store;
  readonly broken: string[] = [];
  readonly #scheduler: fc.Scheduler;
  readonly #defect: Defect;
  readonly #approvals: number;
  readonly #live = new Map<string, LiveObject>();
  readonly #replicas: Replica[] = [];
  readonly #resume: (() => void)[] = [];
  #version = 100;
  #asked = 0;
  healthy = true;

  constructor(scheduler: fc.Scheduler, defect: Defect, approvals: number) {
    this.#scheduler = scheduler;
    this.#defect = defect;
    this.#approvals = approvals;
    this.store = new Store(() => this.clock.now(), defect === "blind writes");
    this.start();
  }

  /** Another process; those before it go on, until they are killed. */
  start(): void {
    const replica = { isDead: false, isPaused: false, loses: 0 } as Replica;
    const cache = this.#cacheOf(replica);
    const ports = this.#portsOf(replica, cache);
    Object.assign(replica, { ports, controller: createController(ports) });
    this.#replicas.push(replica);
    for (const { metadata } of this.store.releases()) replica.controller.touch(metadata.name);
  }

  kill(nth: number): void {
    const replica = this.#replicas.filter(({ isDead }) => !isDead)[nth];
    if (replica !== undefined) replica.isDead = true;
    if (this.#replicas.every(({ isDead }) => isDead)) this.start();
  }

  /** As a process that the kernel, or its garbage collector, holds: everybody else goes on. */
  pause(): void {
    const replica = this.#replicas.find(({ isDead, isPaused }) => !isDead && !isPaused);
    if (replica !== undefined) replica.isPaused = true;
    this.start();
  }

  resume(): void {
    for (const replica of this.#replicas) replica.isPaused = false;
    for (const go of this.#resume.splice(0)) go();
  }

  loseAnswer(): void {
    const replica = this.#replicas.findLast(({ isDead }) => !isDead);
    if (replica !== undefined) replica.loses += 1;
  }

  async request(requester: Identity, tag: string): Promise<void> {
    this.#asked += 1;
    await this.store.records().createRelease(`${app}-${this.#asked}`, {
      app,
      environment: "production",
      kind: "deploy",
      source: { type: "inline", manifest: JSON.stringify({ ...manifest, ingresses: undefined }) },
      words: { tag },
      requester,
    });
  }

  /** A click on one of the two last processes; what it does comes when it comes. */
  click(decision: Decision, name: string, nth: number): void {
    const open = this.#replicas.filter(({ isDead, isPaused }) => !isDead && !isPaused);
    const replica = open[nth % Math.max(1, open.length)];
    if (replica === undefined) return;
    // A refusal is an answer; a promise that is broken on the way is noted where that happens.
    void decideOn(name, decision, replica.ports).catch((error: unknown) => {
      if (error instanceof DoccError || error instanceof BrokenPromise) return;
      this.broken.push(`a click fails: ${String(error)}`);
    });
  }

  /** Somebody changes what runs, past docc. */
  drift(): void {
    const found = this.#live.get("Deployment") as Deployment | undefined;
    if (found?.metadata === undefined) return;
    const spec = { ...found.spec, replicas: (found.spec?.replicas ?? 0) + 1 };
    this.#put({ ...found, spec } as unknown as LiveObject);
  }

  /** Lets so many requests go, each in its turn. */
  async turns(count: number): Promise<void> {
    for (let turn = 0; turn < count && this.broken.length === 0; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#scheduler.count() > 0) await this.#scheduler.waitOne();
      else
        this.clock.step(Math.max(0, (this.clock.nextDue ?? this.clock.now()) - this.clock.now()));
    }
  }

  /** Until every release has ended; fails after so many turns. */
  async settle(most: number): Promise<void> {
    const isOver = (): boolean =>
      this.store.releases().every(({ status }) => status?.finishedAt !== undefined) &&
      this.store.head()?.status?.inFlight === undefined;
    for (let turn = 0; turn < most && this.broken.length === 0; turn += 1) {
      if (isOver()) return;
      await this.turns(1);
    }
    promise(this.broken.length > 0 || isOver(), `every release ends: ${this.#say()}`);
  }

  /** What the cluster runs, by the stamps of its Deployment. */
  runs(): string | undefined {
    return this.#live.get("Deployment")?.metadata.annotations?.["docc.dev/release"];
  }

  end(): void {
    for (const replica of this.#replicas) replica.isDead = true;
  }

  #say(): string {
    const lines = this.store
      .releases()
      .map(({ metadata, status }) => `${metadata.name} ${status?.phase}`);
    return `${lines.join(", ")}; in flight ${this.store.head()?.status?.inFlight ?? "nothing"}`;
  }

  #directoryOf(replica: Replica): ControllerPorts["directory"] {
    const directory: ControllerPorts["directory"] = {
      isAmong: (person, names) => this.#call(replica, false, () => names.includes(person.user)),
      afresh: () => directory,
    };
    return directory;
  }

  /** A request of one process: it may never come back, late, or without its answer. */
  async #call<T>(replica: Replica, writes: boolean, work: () => T | Promise<T>): Promise<T> {
    await this.#scheduler.schedule(Promise.resolve());
    while (replica.isPaused) await new Promise<void>((resolve) => void this.#resume.push(resolve));
    if (replica.isDead) return new Promise<never>(() => undefined);
    try {
      const value = await work();
      if (replica.loses > 0 && writes) {
        replica.loses -= 1;
        throw new KubeError("unavailable", "The answer was lost.");
      }
      return value;
    } catch (error) {
      if (error instanceof BrokenPromise) this.broken.push(error.message);
      throw error;
    }
  }

  #cacheOf(replica: Replica): RecordCache {
    const copy = new Map<string, Release | Application>();
    const remember = (record: Release | Application): void => {
      const known = copy.get(record.metadata.name);
      const isOld =
        Number(known?.metadata.resourceVersion ?? 0) >= Number(record.metadata.resourceVersion);
      if (!isOld) copy.set(record.metadata.name, record);
    };
    const head = this.store.head();
    for (const each of [...this.store.releases(), ...(head === undefined ? [] : [head])])
      remember(each);
    this.store.listen((record) => {
      if (replica.isDead) return;
      void this.#call(replica, false, () => {
        remember(record);
        if (isRelease(record)) replica.controller.touch(record.metadata.name);
      });
    });
    const releases = (): readonly Release[] => [...copy.values()].filter(isRelease);
    const applications = (): readonly Application[] =>
      [...copy.values()].filter((each): each is Application => !isRelease(each));
    return {
      release: (name) => releases().find(({ metadata }) => metadata.name === name),
      releases,
      application: () => applications()[0],
      applications,
      remember,
      rememberApplication: remember,
      synced: true,
      waitUntilSynced: () => Promise.resolve(),
      refresh: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    };
  }

  #portsOf(replica: Replica, cache: RecordCache): ControllerPorts {
    const guarded = Object.fromEntries(
      Object.keys(this.store.records()).map((key) => [
        key,
        (...args: readonly never[]) => {
          const method = this.store.records()[key as keyof ControllerPorts["records"]];
          return this.#call(replica, !/^(find|application)/.test(key), () =>
            (method as (...given: readonly never[]) => Promise<unknown>)(...args),
          );
        },
      ]),
    ) as unknown as ControllerPorts["records"];
    const records = this.#defect.startsWith("approvals")
      ? withDefect(guarded, this.#defect)
      : guarded;
    const environment: Environment = {
      name: "production",
      platform: { ...defaultPlatform, environment: "production" },
      cluster: this.#clusterOf(replica),
      rollout: { timeout: 10 * minute, stable: 5_000 },
      channel: "C0DEPLOYS",
      images: undefined,
      acting: undefined,
      rules: rules({
        count: this.#approvals,
        from: ["UANNA", "UBEN", "UDEV"],
        expires: 5 * minute,
      }),
    };
    const { clock } = this;
    return {
      leads: () => !replica.isDead,
      clock: {
        now: () => clock.now(),
        after: (ms, task) => clock.after(ms, () => (replica.isDead ? undefined : task())),
      },
      random: () => 0.5,
      hash: (text) => createHash("sha256").update(text).digest("hex"),
      records,
      cache,
      environments: new Map([["production", environment]]),
      organisation: { operators: [], roles: {}, teams: {} },
      people: [],
      directory: this.#directoryOf(replica),
      preferences: () => ({}),
      files: { read: () => Promise.reject(new Error("not of this model")) },
      messenger: {
        open: () => this.#call(replica, false, () => ({ channel: "C0DEPLOYS", ts: "1.0" })),
        edit: () => undefined,
        reply: () => Promise.resolve(),
        roots: () => Promise.resolve(undefined),
        replies: () => Promise.resolve(undefined),
        retire: () => Promise.resolve(),
        ask: () => Promise.resolve([]),
        tellEnd: () => Promise.resolve(false),
        editAsk: () => undefined,
        flush: () => Promise.resolve(),
      },
      notes: new ThreadNotes({ records, cache }),
      webhooks: [],
      log: createLogger("silent"),
    };
  }

  #clusterOf(replica: Replica): Environment["cluster"] {
    const call = <T>(writes: boolean, work: () => T): Promise<T> =>
      this.#call(replica, writes, work);
    const cluster = {
      find: ({ kind }: { kind: string }) => call(false, () => this.#live.get(kind)),
      preview: (object: KubernetesObject) =>
        call(false, () => ({ object: this.#merged(object), conflicts: [] })),
      apply: (
        object: KubernetesObject,
        { fence }: { fence?: { uid?: string; resourceVersion: string } },
      ) =>
        call(true, () => {
          const known = this.#live.get(object.kind);
          const isMet =
            known === undefined
              ? fence?.uid === undefined
              : fence === undefined || known.metadata.resourceVersion === fence.resourceVersion;
          if (!isMet) throw new KubeError("conflict", "It moved.");
          this.#judge(object);
          return this.#put(this.#merged(object));
        }),
      remove: () => call(true, () => true),
      hosts: () => call(false, () => []),
      look: () => call(false, () => this.#observe()),
      follow: () => ({ observation: () => this.#observe(), stop: () => Promise.resolve() }),
    };
    return cluster as unknown as Environment["cluster"];
  }

  /** Nothing reaches the cluster but the objects of a plan that was let through. */
  #judge(object: KubernetesObject): void {
    const name = object.metadata.annotations?.["docc.dev/release"];
    if (object.kind !== "Deployment" || name === undefined) return;
    const status = this.store.release(name)?.status;
    promise(status?.revision !== undefined, `${name} may be applied`);
    const image = /"image":"([^"]+)"/;
    const planned = image.exec(status?.plan?.objects ?? "")?.[1];
    promise(image.exec(JSON.stringify(object))?.[1] === planned, "what is applied was planned");
  }

  #merged(object: KubernetesObject): LiveObject {
    const known = this.#live.get(object.kind);
    const uid =
      known?.metadata.uid ?? (object.kind === "Deployment" ? target.uid : `uid of ${object.kind}`);
    const resourceVersion = known?.metadata.resourceVersion ?? "1";
    const generation = Number(resourceVersion);
    return {
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion, generation },
    } as LiveObject;
  }

  #put(object: LiveObject): LiveObject {
    this.#version += 1;
    const metadata = {
      ...object.metadata,
      resourceVersion: String(this.#version),
      generation: this.#version,
    };
    const stored = { ...object, metadata };
    this.#live.set(object.kind, stored);
    return stored;
  }

  #observe() {
    const live = this.#live.get("Deployment") as Deployment | undefined;
    if (live === undefined)
      return observation({ deployment: undefined, templateHash: "", pods: [] });
    const generation = live.metadata?.generation ?? 0;
    const status = {
      observedGeneration: generation,
      ...(this.healthy ? {} : { updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 }),
    };
    const like = deployment(status, { generation });
    return observation({
      deployment: { ...like, metadata: { ...live.metadata, ...like.metadata } },
      templateHash: templateHash(live),
      readyEndpoints: this.healthy ? 3 : 0,
    });
  }
}

/** Writes that a faulty `decide` would make. */
function withDefect(
  records: ControllerPorts["records"],
  defect: Defect,
): ControllerPorts["records"] {
  return {
    ...records,
    writeStatus: (release, status) => {
      const { plan } = status;
      const isAsked = status.phase === "awaiting-approval" && plan !== undefined;
      if (!isAsked) return records.writeStatus(release, status);
      const by =
        defect === "approvals of the requester"
          ? release.spec.requester
          : ({ provider: "slack", team: "T", user: "UANNA" } as const);
      const digest = defect === "approvals of any plan" ? `sha256:${"f".repeat(64)}` : plan.digest;
      const count = plan.policy.approvals;
      const approvals = Array.from({ length: count }, () => ({ by, at: plan.plannedAt, digest }));
      const { transitions } = status;
      return records.writeStatus(release, { ...status, phase: "approved", approvals, transitions });
    },
  };
}
