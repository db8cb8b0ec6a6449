import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupWarnings } from "../../src/release/warnings.ts";
import { warning } from "./cluster.ts";

describe("warning events of a rollout", () => {
  it("are one group for each reason and kind, counted over pods and repeats", () => {
    const groups = groupWarnings([
      warning("BackOff", "Back-off restarting failed container", { on: "new-1", count: 4 }),
      warning("FailedCreate", "exceeded quota", { kind: "ReplicaSet" }),
      warning("BackOff", "Back-off restarting failed container again", { on: "new-2", count: 3 }),
    ]);
    expect(groups).toEqual([
      {
        key: "BackOff/Pod",
        reason: "BackOff",
        kind: "Pod",
        message: "Back-off restarting failed container",
        count: 7,
      },
      {
        key: "FailedCreate/ReplicaSet",
        reason: "FailedCreate",
        kind: "ReplicaSet",
        message: "exceeded quota",
        count: 1,
      },
    ]);
  });

  it("count a series by its own count", () => {
    const series = { count: 12, lastObservedTime: "2017-12-06T09:00:00.000000Z" };
    expect(groupWarnings([{ ...warning("BackOff", "again"), series }])[0]?.count).toBe(12);
  });

  it("without reason, kind and message are still one group", () => {
    expect(groupWarnings([{ metadata: {}, involvedObject: {} }])).toEqual([
      { key: "/", reason: "", kind: "", message: "", count: 1 },
    ]);
  });

  it("show a later message when the first one was empty", () => {
    const groups = groupWarnings([warning("BackOff", ""), warning("BackOff", "it crashes")]);
    expect(groups[0]?.message).toBe("it crashes");
  });

  it("are at most ten groups, the first ones", () => {
    const groups = groupWarnings(
      Array.from({ length: 40 }, (_, at) => warning(`Reason${at}`, "message")),
    );
    expect(groups.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 10 }, (_, at) => `Reason${at}`),
    );
  });

  it("stay one short visible line, whatever somebody wrote into them", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 500 }),
      fc.constantFrom(
        "a\nb",
        "\u202eesrever",
        "\u001b[31mred",
        "x".repeat(5_000),
        "\ud800",
        "a\r\nb",
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { maxLength: 20 }), (events) => {
        const groups = groupWarnings(
          events.map(([reason, kind, message]) => warning(reason, message, { kind })),
        );
        expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
        for (const { key, reason, kind, message } of groups) {
          expect(key.length).toBeLessThanOrEqual(121);
          expect(message.length).toBeLessThanOrEqual(300);
          for (const each of [reason, kind, message]) {
            expect(each).not.toMatch(/[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u);
            expect(each.isWellFormed()).toBe(true);
          }
        }
      }),
    );
  });
});
