import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { DriftNotes } from "../../src/controller/drift-notes.ts";
import type { ControllerPorts } from "../../src/controller/ports.ts";
import { DoccError } from "../../src/errors.ts";
import { startDriftWatch } from "../../src/jobs/drift.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { createLogger } from "../../src/log.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import type {
  Application,
  ApplicationStatus,
  Release,
  ReleaseStatus,
} from "../../src/release/release.ts";
import type { Milestone } from "../../src/release/story.ts";
import { plan, release } from "../release/releases.ts";
import { until } from "../support/until.ts";

const minute = 60_000;
const metadata = { name: "web", namespace: "apps", labels: {} };
const desired = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 3 } };

/** The one Deployment of an app, as an API server has it: docc's, but for a scale of somebody's. */
function stored(replicas: number): object {
  const owned = { "f:spec": { "f:replicas": {} } };
  const by = (manager: string, operation: string): object => ({
    manager,
    operation,
    time: "2017-12-06T09:00:00Z",
    fieldsV1: owned,
  });
  const managedFields = [replicas === 3 ? by("docc", "Apply") : by("kubectl", "Update")];
  return {
    ...desired,
    metadata: { ...metadata, uid: "u", resourceVersion: "1", managedFields },
    spec: { replicas },
  };
}

/** An environment whose cluster does what a test says. */
class Somewhere {
  readonly name: string;
  replicas = 3;
  isAway = false;
  /** Happens while an object is looked at closely. */
  meanwhile: () => void = () => undefined;
  /** Lists that were asked for. */
  lists = 0;

  constructor(name: string) {
    this.name = name;
  }

  environment(): object {
    const answer = async <T>(value: () => T): Promise<T> => {
      await Promise.resolve();
      if (this.isAway) throw new KubeError("unavailable", "The API is away.");
      return value();
    };
    return {
      name: this.name,
      platform: { ...defaultPlatform, namespace: "apps" },
      channel: "C0DEPLOYS",
      acting: undefined,
      cluster: {
        owned: () => {
          this.lists += 1;
          return answer(() => [stored(this.replicas)]);
        },
        find: () => {
          this.meanwhile();
          return answer(() => stored(this.replicas));
        },
        preview: () => answer(() => ({ object: stored(3), conflicts: [] })),
      },
    };
  }
}

const thread = { channel: "C0DEPLOYS", ts: "1.0", told: [] };
const applied: ReleaseStatus = {
  phase: "succeeded",
  plan: { ...plan, objects: JSON.stringify([desired]) },
  rollout: { name: "web", uid: "u", generation: 1, templateHash: "h" },
  slack: thread,
  transitions: [],
};

/** One leader's watch over two environments, in which one app runs each. */
function rig(every: number | undefined = minute) {
  const clock = new SteppedClock();
  const places = { staging: new Somewhere("staging"), production: new Somewhere("production") };
  const last: Release = release(applied);
  const heads = new Map<string, Application>();
  const put = (spec: Application["spec"], status: ApplicationStatus): Application => {
    const name = `${spec.environment}.${spec.app}`;
    const version = Number(heads.get(name)?.metadata.resourceVersion ?? "0") + 1;
    const metadata = { ...last.metadata, name, uid: name, resourceVersion: String(version) };
    const head: Application = { metadata, spec, status };
    heads.set(name, head);
    return head;
  };
  const { name } = last.metadata;
  const deployed: ApplicationStatus = {
    nextRevision: 2,
    inventory: [],
    applied: { release: name, revision: 1, manifest: "{}" },
  };
  for (const environment of Object.keys(places)) put({ app: "web", environment }, deployed);
  const world = {
    clock,
    places,
    /** `drifted in production, 1.0`: what was said, of which app, and where. */
    said: [] as string[],
    /** What the thread shows to whoever asks. */
    keys: [] as string[],
    leads: true,
    refusesNotes: 0,
    refusedPlaces: [] as string[],
    note: (environment: string) => heads.get(`${environment}.web`)?.status?.drift?.hash,
    /** Another app, of the same objects. */
    add: (environment: string, app: string) => put({ app, environment }, deployed),
    /** Another release is in flight, or none. */
    move: (environment: string, inFlight: string | undefined): void => {
      const { inFlight: _, ...rest } = heads.get(`${environment}.web`)?.status ?? deployed;
      put(
        { app: "web", environment },
        { ...rest, ...(inFlight === undefined ? {} : { inFlight }) },
      );
    },
    start: () => startDriftWatch({ ...ports, drifts: new DriftNotes(ports) }, every),
    /** Lets both environments be looked at once more, to the end: then each waits for the next time. */
    look: async (): Promise<void> => {
      clock.step(minute);
      await until("both are looked at", () => clock.pending === 2);
    },
  };
  const ports = {
    leads: () => world.leads,
    clock,
    hash: (text: string) => createHash("sha256").update(text).digest("hex"),
    people: [],
    environments: new Map(Object.entries(places).map(([key, place]) => [key, place.environment()])),
    log: createLogger("silent"),
    cache: {
      applications: () => [...heads.values()],
      application: (app: string, environment: string) => heads.get(`${environment}.${app}`),
      release: (wanted: string) => (wanted === name ? last : undefined),
      rememberApplication: () => undefined,
    },
    records: {
      application: (wanted: string) => Promise.resolve(heads.get(wanted)),
      writeApplication: (head: Application, status: ApplicationStatus) => {
        if ((world.refusesNotes -= 1) >= 0)
          return Promise.reject(new KubeError("unavailable", "The API is away."));
        const { resourceVersion } = heads.get(head.metadata.name)?.metadata ?? {};
        return head.metadata.resourceVersion === resourceVersion
          ? Promise.resolve(put(head.spec, status))
          : Promise.reject(new KubeError("conflict", "The head moved."));
      },
    },
    messenger: {
      reply: ({ channel, ts = channel }: { channel: string; ts?: string }, told: Milestone) => {
        if (world.refusedPlaces.includes(ts))
          return Promise.reject(new DoccError("slack-refused", "It is archived."));
        const where = "environment" in told ? told.environment : "";
        world.said.push(`${told.type} in ${where}, ${ts}`);
        return Promise.resolve();
      },
      replies: () => Promise.resolve(world.keys),
    },
    // Only what the watch uses of the ports is there.
  } as unknown as ControllerPorts;
  return world;
}

describe("the look for drift", () => {
  it("tells once, tells another drift, and tells once that it is mended", async () => {
    const world = rig();
    const watch = world.start();
    const { production } = world.places;
    await world.look();
    expect(world.said).toEqual([]);
    production.replicas = 5;
    await world.look();
    await world.look();
    expect(world.said).toEqual(["drifted in production, 1.0"]);
    expect(world.note("production")).toMatch(/^sha256:[0-9a-f]{64}$/);
    production.replicas = 6;
    await world.look();
    await world.look();
    expect(world.said.slice(1)).toEqual(["drifted in production, 1.0"]);
    production.replicas = 3;
    await world.look();
    await world.look();
    expect(world.said.slice(2)).toEqual(["mended in production, 1.0"]);
    expect(world.note("production")).toBeUndefined();
    await watch.stop();
  });

  it("is not repeated by another leader", async () => {
    const world = rig();
    const before = world.start();
    world.places.production.replicas = 5;
    await world.look();
    await before.stop();
    const after = world.start();
    await world.look();
    expect(world.said).toEqual(["drifted in production, 1.0"]);
    await after.stop();
  });

  it("notes what a process has said that died before its note, and says it not again", async () => {
    const first = rig();
    first.refusesNotes = Infinity;
    const dying = first.start();
    first.places.production.replicas = 5;
    await first.look();
    await dying.stop();
    expect(first.said).toHaveLength(1);
    expect(first.note("production")).toBeUndefined();
    first.refusesNotes = 0;
    const read = rig();
    read.places.production.replicas = 5;
    const other = read.start();
    await read.look();
    await other.stop();
    first.keys = [`drift:${read.note("production") ?? ""}`];
    const next = first.start();
    await first.look();
    expect(first.said).toHaveLength(1);
    expect(first.note("production")).toBe(read.note("production"));
    await next.stop();
  });

  it("tries the note again when it fails, never the message", async () => {
    const world = rig();
    const watch = world.start();
    world.refusesNotes = 2;
    world.places.production.replicas = 5;
    for (let looks = 0; looks < 4; looks += 1) await world.look();
    expect(world.said).toEqual(["drifted in production, 1.0"]);
    expect(world.note("production")).toBeDefined();
    await watch.stop();
  });

  it("goes on in one environment while the API server of another is away, and comes back to it", async () => {
    const world = rig();
    const watch = world.start();
    const { staging, production } = world.places;
    staging.replicas = 5;
    production.replicas = 5;
    staging.isAway = true;
    await world.look();
    expect(world.said).toEqual(["drifted in production, 1.0"]);
    staging.isAway = false;
    await world.look();
    expect(world.said.slice(1)).toEqual(["drifted in staging, 1.0"]);
    await watch.stop();
  });

  it("goes on with the next app when one cannot be looked at closely", async () => {
    const world = rig();
    const watch = world.start();
    const { staging } = world.places;
    world.add("staging", "shop");
    staging.replicas = 5;
    staging.meanwhile = () => {
      staging.meanwhile = () => undefined;
      throw new KubeError("unavailable", "A webhook fails.");
    };
    await world.look();
    expect(world.said).toEqual(["drifted in staging, 1.0"]);
    await world.look();
    expect(world.said).toHaveLength(2);
    await watch.stop();
  });

  it("says nothing of what moves, and waits until it has ended", async () => {
    const world = rig();
    const watch = world.start();
    world.places.production.replicas = 5;
    world.move("production", "r2");
    await world.look();
    expect(world.said).toEqual([]);
    world.move("production", undefined);
    await world.look();
    expect(world.said).toHaveLength(1);
    await watch.stop();
  });

  it("says nothing of what a release has moved while it looked", async () => {
    const world = rig();
    const watch = world.start();
    const { production } = world.places;
    production.replicas = 5;
    production.meanwhile = () => world.move("production", "r2");
    await world.look();
    expect(world.said).toEqual([]);
    await watch.stop();
  });

  it("is told in the channel when Slack takes no reply in the thread", async () => {
    const world = rig();
    const watch = world.start();
    world.refusedPlaces = ["1.0"];
    world.places.production.replicas = 5;
    await world.look();
    expect(world.said).toEqual(["drifted in production, C0DEPLOYS"]);
    await watch.stop();
  });

  it("says nothing any more in a process that leads no more", async () => {
    const world = rig();
    const watch = world.start();
    world.places.production.replicas = 5;
    world.leads = false;
    await world.look();
    expect(world.said).toEqual([]);
    await watch.stop();
  });

  it("is off where docc.yaml says so, and over when it is stopped", async () => {
    const off = rig();
    const none = startDriftWatch({} as unknown as Parameters<typeof startDriftWatch>[0], undefined);
    await none.stop();
    const watch = off.start();
    await watch.stop();
    off.clock.step(10 * minute);
    expect(off.places.staging.lists).toBe(0);
  });
});
