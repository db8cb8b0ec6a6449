import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { startPublishing } from "../../src/jobs/publishing.ts";
import { KubeError, type KubeErrorKind } from "../../src/k8s/errors.ts";
import { until } from "../support/until.ts";

/** A cluster that refuses so many times, and what was tried. */
function publishing(refusals: number, kind: KubeErrorKind) {
  const clock = new SteppedClock();
  const tries = { count: 0, warned: 0 };
  const publish = (): Promise<void> => {
    tries.count += 1;
    return tries.count <= refusals
      ? Promise.reject(new KubeError(kind, "The API server says no."))
      : Promise.resolve();
  };
  const log = { warn: () => void (tries.warned += 1) };
  return { clock, tries, job: startPublishing({ publish, clock, random: () => 1, log }) };
}

describe("publishing what docc.yaml says of the environments", () => {
  it("is done once", () => {
    const { clock, tries } = publishing(0, "unavailable");
    clock.step(3_600_000);
    expect(tries.count).toBe(1);
  });

  it("goes on until the API server takes it, later each time", async () => {
    const { clock, tries } = publishing(2, "unavailable");
    await until("it waits", () => clock.pending === 1);
    clock.step(1_000);
    expect(tries.count).toBe(2);
    await until("it waits again", () => clock.pending === 1);
    clock.step(1_999);
    expect(tries.count).toBe(2);
    clock.step(1);
    expect(tries.count).toBe(3);
  });

  it("is left where docc has no right to", async () => {
    const { clock, tries } = publishing(1, "forbidden");
    await until("it is warned of", () => tries.warned === 1);
    clock.step(3_600_000);
    expect({ tries: tries.count, pending: clock.pending }).toEqual({ tries: 1, pending: 0 });
  });

  it("ends with the term", async () => {
    const { clock, tries, job } = publishing(9, "unavailable");
    await until("it waits", () => clock.pending === 1);
    await job.stop();
    clock.step(3_600_000);
    expect(tries.count).toBe(1);
  });
});
