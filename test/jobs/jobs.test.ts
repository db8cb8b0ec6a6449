import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { cleanUp, cleanUpAsked, type JobPorts, startJobs } from "../../src/jobs/jobs.ts";
import type { Asked, AskedStore } from "../../src/k8s/asked-store.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { commands, decisions } from "../../src/k8s/kinds.ts";
import { createLogger } from "../../src/log.ts";
import type { Release } from "../../src/release/release.ts";

const rules = { releases: 2, refused: 1_000, answered: 60_000 };

function release(revision: number): Release {
  return {
    metadata: {
      name: `r${revision}`,
      namespace: "docc",
      uid: `uid-${revision}`,
      resourceVersion: "1",
      creationTimestamp: "",
    },
    spec: {
      environment: "staging",
      kind: "deploy",
      source: { type: "stored" },
      words: {},
      requester: { provider: "slack", team: "T", user: "U" },
    },
    status: { phase: "succeeded", app: "web", revision, transitions: [] },
  };
}

function portsWith(deleteRelease: (release: Release) => Promise<void>): JobPorts {
  const releases = [1, 2, 3, 4, 5].map(release);
  return {
    clock: new SteppedClock(),
    records: { deleteRelease },
    cache: { releases: () => releases, applications: () => [] },
    asked: { all: () => Promise.resolve([]), delete: () => Promise.resolve() },
    log: createLogger("silent"),
  } as unknown as JobPorts;
}

describe("the cleaning job", () => {
  it("deletes what retention does not keep", async () => {
    const deleted: string[] = [];
    const ports = portsWith(({ metadata }) => {
      deleted.push(metadata.name);
      return Promise.resolve();
    });
    expect(await cleanUp(ports, rules)).toBe(3);
    expect(deleted.toSorted()).toEqual(["r1", "r2", "r3"]);
  });

  it("goes on after a record that cannot be deleted", async () => {
    const ports = portsWith(({ metadata }) =>
      metadata.name === "r2"
        ? Promise.reject(new KubeError("forbidden", "No right to delete."))
        : Promise.resolve(),
    );
    expect(await cleanUp(ports, rules)).toBe(2);
  });

  it("is started and stopped by a good calendar", async () => {
    const jobs = startJobs(
      portsWith(() => Promise.resolve()),
      { ...rules, schedule: "17 3 * * *" },
    );
    await jobs.stop();
  });
});

describe("what came from outside Slack", () => {
  const clock = new SteppedClock(100_000);
  const log = createLogger("silent");
  const answered = (name: string, at?: number): Asked => ({
    kind: name.startsWith("lock") ? commands : decisions,
    metadata: { ...release(1).metadata, name, uid: name },
    ...(at === undefined ? {} : { status: { at: new Date(at).toISOString() } }),
  });
  const all = [
    answered("lock-old", 39_999),
    answered("lock-new", 40_000),
    answered("lock-waits"),
    answered("yes-old", 0),
    answered("yes-new", 99_000),
  ];

  it("goes once it was answered long ago, and nothing else does", async () => {
    const deleted: string[] = [];
    const asked: AskedStore = {
      all: () => Promise.resolve(all),
      delete: ({ kind, metadata }) => {
        deleted.push(`${kind.kind} ${metadata.name}`);
        return Promise.resolve();
      },
    };
    expect(await cleanUpAsked({ clock, log, asked }, rules)).toBe(2);
    expect(deleted).toEqual(["Command lock-old", "Decision yes-old"]);
  });

  it("stays where it cannot be deleted or listed, and the others go", async () => {
    const no = new KubeError("forbidden", "No.");
    const asked: AskedStore = {
      all: () => Promise.resolve(all),
      delete: ({ metadata }) =>
        metadata.name === "lock-old" ? Promise.reject(no) : Promise.resolve(),
    };
    expect(await cleanUpAsked({ clock, log, asked }, rules)).toBe(1);
    expect(
      await cleanUpAsked({ clock, log, asked: { ...asked, all: () => Promise.reject(no) } }, rules),
    ).toBe(0);
  });
});
