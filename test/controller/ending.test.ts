import { describe, expect, it } from "vitest";
import type { Planned } from "../../src/controller/applying.ts";
import { deleteAll, followEnd } from "../../src/controller/ending.ts";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import type { Cluster } from "../../src/k8s/cluster.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { createLogger } from "../../src/log.ts";
import type {
  Application,
  ApplicationStatus,
  ObjectRef,
  Phase,
  PlannedObject,
  Release,
  ReleaseStatus,
} from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";

const kinds = ["Ingress", "Service", "Deployment"];
const labels = { "app.kubernetes.io/managed-by": "docc", "app.kubernetes.io/instance": "shop" };
const prune = (kind: string): PlannedObject => ({
  apiVersion: "v1",
  kind,
  namespace: "apps",
  name: "shop",
  action: "prune",
  note: "",
  takesOver: [],
  uid: `uid-of-${kind}`,
});

/** The answer is lost, or the process dies: the call has had its effect, or has not. */
class Died extends Error {}

/** A cluster, a head and a release in memory; every call to either is counted and may be the last. */
class World {
  readonly there = new Map(kinds.map((kind) => [kind, `uid-of-${kind}`]));
  readonly asked: string[] = [];
  readonly foreign = new Set<string>();
  readonly refuses = new Set<string>();
  /** By a finalizer: it is asked to go, and stays. */
  readonly holds = new Set<string>();
  calls = 0;
  /** What the record says, where this process is behind. */
  recorded: Phase | undefined;
  dies: { readonly at: number; readonly done: boolean } | undefined;
  status: ReleaseStatus = {
    phase: "applying",
    app: "shop",
    plan: { ...plan, changes: kinds.map(prune) },
    revision: 2,
    deadline: "2017-12-06T10:00:00.000Z",
    transitions: [],
  };
  head: ApplicationStatus = {
    nextRevision: 3,
    inventory: kinds.map(prune).map(({ apiVersion, kind, namespace, name }) => ({
      apiVersion,
      kind,
      namespace,
      name,
    })),
  };
  now = Date.parse("2017-12-06T09:00:00.000Z");

  async #call<T>(effect: () => T): Promise<T> {
    this.calls += 1;
    const dies = this.dies?.at === this.calls;
    if (dies && this.dies?.done === false) throw new Died();
    const answer = effect();
    if (dies) throw new Died();
    return Promise.resolve(answer);
  }

  #find({ kind, name, namespace }: ObjectRef) {
    const uid = this.there.get(kind);
    if (uid === undefined) return undefined;
    const own = this.foreign.has(kind) ? {} : labels;
    return { apiVersion: "v1", kind, metadata: { name, namespace, uid, labels: own } };
  }

  get release(): Release {
    return release(this.status, { kind: "delete", app: "shop" });
  }

  async step(): Promise<void> {
    const made = this.release;
    const planned = { release: made, app: "shop", plan: this.status.plan } as unknown as Planned;
    const cluster = {
      find: (ref: ObjectRef) => this.#call(() => this.#find(ref)),
      look: () => this.#call(() => ({ pods: [] })),
      remove: async (ref: ObjectRef, which: Parameters<Cluster["remove"]>[1]) => {
        const live = await this.#call(() => this.#find(ref));
        if (live?.metadata.uid !== which.uid) return true;
        if (!which.isOurs(live as unknown as Parameters<typeof which.isOurs>[0])) return false;
        await which.confirm?.();
        return this.#call(() => {
          this.asked.push(ref.kind);
          if (this.refuses.has(ref.kind)) throw new KubeError("forbidden", "No.");
          return this.holds.has(ref.kind) || this.there.delete(ref.kind);
        });
      },
    };
    const env = {
      name: "production",
      cluster,
      platform: { namespace: "apps", environment: "production" },
    } as unknown as Environment;
    const application = (): Application =>
      ({
        metadata: { name: "production.shop" },
        spec: { app: "shop", environment: "production" },
        status: this.head,
      }) as unknown as Application;
    const ports = {
      log: createLogger("silent"),
      clock: { now: () => this.now },
      cache: { rememberApplication: () => undefined },
      records: {
        findRelease: () =>
          this.#call(() => {
            const phase = this.recorded ?? this.status.phase;
            return release({ ...this.status, phase }, { kind: "delete", app: "shop" });
          }),
        application: () => this.#call(application),
        writeApplication: (_head: Application, status: ApplicationStatus) =>
          this.#call(() => {
            this.head = status;
            return application();
          }),
      },
    } as unknown as ControllerPorts;
    const act = this.status.phase === "applying" ? deleteAll : followEnd;
    const step = await act(planned, env, ports);
    if ("write" in step) await this.#call(() => void (this.status = step.write));
  }

  /** Step by step to the end; whoever dies is followed by another process. */
  async run(): Promise<void> {
    for (let steps = 0; this.status.finishedAt === undefined && steps < 20; steps += 1) {
      try {
        await this.step();
      } catch (error) {
        if (!(error instanceof Died)) throw error;
      }
    }
  }
}

describe("a deletion", () => {
  it("takes away each object in order, and succeeds once two looks find nothing", async () => {
    const world = new World();
    await world.run();
    expect(world.asked).toEqual(kinds);
    expect(world.status).toMatchObject({ phase: "succeeded", inventory: [] });
    expect(world.status.transitions.map(({ phase }) => phase)).toEqual([
      "progressing",
      "verifying",
      "succeeded",
    ]);
    expect(world.head.inventory).toEqual([]);
  });

  it("comes to the same end when it dies at any call, before or after its effect", async () => {
    const whole = new World();
    await whole.run();
    for (let at = 1; at <= whole.calls; at += 1) {
      for (const done of [false, true]) {
        const world = new World();
        world.dies = { at, done };
        await world.run();
        expect({ at, done, phase: world.status.phase, there: [...world.there] }).toEqual({
          at,
          done,
          phase: "succeeded",
          there: [],
        });
        expect(world.head.inventory).toEqual([]);
        // A delete whose answer was lost is asked for once more at most, of the object that is there still.
        expect(new Set(world.asked).size).toBe(kinds.length);
        expect(world.asked.length - kinds.length).toBeLessThanOrEqual(0);
      }
    }
  });

  it("leaves alone what was made anew under the same name, and what is somebody else's now", async () => {
    const world = new World();
    world.there.set("Service", "another");
    world.foreign.add("Ingress");
    await world.run();
    expect(world.asked).toEqual(["Deployment"]);
    expect([...world.there.keys()]).toEqual(["Ingress", "Service"]);
    expect(world.status).toMatchObject({
      phase: "succeeded",
      inventory: [{ kind: "Ingress" }, { kind: "Service" }],
    });
    expect(world.head.inventory).toEqual([]);
  });

  it("ends at the first that the cluster refuses, and remembers what is left", async () => {
    const world = new World();
    world.refuses.add("Service");
    await world.run();
    expect(world.asked).toEqual(["Ingress", "Service"]);
    expect(world.status).toMatchObject({
      phase: "failed",
      verdict: {
        affected: "1 of 3 objects deleted.",
        cause: {
          code: "apply-refused",
          sentence: "the cluster does not let Service shop go",
          next: "see to what refuses it, then /docc delete shop in=production again",
        },
      },
    });
    expect(world.head.inventory.map(({ kind }) => kind)).toEqual(["Service", "Deployment"]);
  });

  it("says what holds an object, and where it is to be deleted again", async () => {
    const world = new World();
    world.holds.add("Service");
    world.now = Date.parse("2017-12-06T10:00:00.000Z");
    await world.run();
    expect(world.status).toMatchObject({
      phase: "failed",
      verdict: {
        cause: {
          code: "deletion-held",
          next: "see to what holds it, then /docc delete shop in=production again",
        },
      },
    });
  });

  it("deletes nothing for a process that slept through the end of the release", async () => {
    const world = new World();
    world.recorded = "failed";
    await expect(world.step()).rejects.toMatchObject({ kind: "conflict" });
    expect(world.asked).toEqual([]);
  });
});
