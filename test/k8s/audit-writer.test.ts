import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { AuditRecord } from "../../src/audit/record.ts";
import { createAuditWriter } from "../../src/k8s/audit-writer.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { record } from "../audit/records.ts";
import { until } from "../support/until.ts";

/** A writer whose API server answers as the test says, a record at a time. */
function writerWith(answer: (record: AuditRecord, tries: number) => Promise<boolean>) {
  const clock = new SteppedClock();
  const written: string[] = [];
  const lost: string[] = [];
  let tries = 0;
  const writer = createAuditWriter({
    store: {
      createRecord: async (each) => {
        tries += 1;
        const isNew = await answer(each, tries);
        written.push(each.name);
        return isNew;
      },
    },
    clock,
    random: () => 0.5,
    onError: (_error, each, isLost) => void (isLost && lost.push(each.name)),
  });
  return { writer, clock, written, lost, tries: () => tries };
}

const outage = new KubeError("unavailable", "The cluster is out of reach.");

describe("the audit writer", () => {
  it("writes in order, one after the other, and returns at once", async () => {
    const gate = Promise.withResolvers<void>();
    const { writer, written } = writerWith(async () => {
      await gate.promise;
      return true;
    });
    for (const name of ["a", "b", "c"]) writer.write(record(name));
    expect(written).toEqual([]);
    gate.resolve();
    await until("all are written", () => written.length === 3);
    expect(written).toEqual(["a", "b", "c"]);
  });

  it("tries again for as long as the cluster is out of reach, keeping the order", async () => {
    const { writer, clock, written, lost, tries } = writerWith((_each, count) =>
      count <= 5 ? Promise.reject(outage) : Promise.resolve(true),
    );
    writer.write(record("a"));
    writer.write(record("b"));
    for (let count = 1; count <= 5; count += 1) {
      await until("it waits for its next try", () => tries() === count && clock.pending === 1);
      clock.step(30_000);
    }
    await until("both are written", () => written.length === 2);
    expect({ written, lost }).toEqual({ written: ["a", "b"], lost: [] });
  });

  it("gives a record up that the schema refuses, and goes on", async () => {
    const { writer, written, lost } = writerWith((each) =>
      each.name === "bad"
        ? Promise.reject(new KubeError("invalid", "It is not valid."))
        : Promise.resolve(true),
    );
    for (const name of ["bad", "good"]) writer.write(record(name));
    await until("the good one is written", () => written.length === 1);
    expect({ written, lost }).toEqual({ written: ["good"], lost: ["bad"] });
  });

  it("holds 10,000 and says of every further one that it is lost", async () => {
    const { writer, lost } = writerWith(() => Promise.withResolvers<boolean>().promise);
    for (let at = 0; at < 10_002; at += 1) writer.write(record(`r${at}`));
    expect(lost).toEqual(["r10000", "r10001"]);
  });

  it("writes all that waits before it stops", async () => {
    const { writer, written, lost } = writerWith(() => Promise.resolve(true));
    for (const name of ["a", "b"]) writer.write(record(name));
    await writer.stop(1_000);
    expect({ written, lost }).toEqual({ written: ["a", "b"], lost: [] });
    writer.write(record("late"));
    expect(lost).toEqual(["late"]);
  });

  it("stops in time although the cluster does not answer, and names what is lost", async () => {
    const { writer, clock, lost } = writerWith(() => Promise.withResolvers<boolean>().promise);
    for (const name of ["a", "b"]) writer.write(record(name));
    const stopped = writer.stop(1_000);
    clock.step(1_000);
    await stopped;
    expect(lost).toEqual(["a", "b"]);
  });
});
