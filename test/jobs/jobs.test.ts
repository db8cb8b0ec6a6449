import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { cleanUp, type JobPorts, startJobs } from "../../src/jobs/jobs.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { createLogger } from "../../src/log.ts";
import type { Release } from "../../src/release/release.ts";

const rules = { releases: 2, refused: 1_000 };

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
