import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frozen, isSchedule } from "../../src/policy/freeze.ts";
import type { Freeze } from "../../src/policy/rules.ts";

const hour = 60 * 60_000;

function freeze(from: string, hours: number, rest: Partial<Freeze> = {}): Freeze {
  return { from, lasts: hours * hour, zone: "Europe/Berlin", reason: "", ...rest };
}

/** The first and the last millisecond of a freeze, and what is around it. */
function expectOn(given: Freeze, begin: string, end: string): void {
  const [first, last] = [Date.parse(begin), Date.parse(end)];
  expect(frozen([given], first - 1), "just before").toBeUndefined();
  expect(frozen([given], first)).toMatchObject({ until: last });
  expect(frozen([given], last - 1)).toMatchObject({ until: last });
  expect(frozen([given], last), "just after").toBeUndefined();
}

describe("a freeze", () => {
  it("is on from its begin to before its end, in its own zone", () => {
    // Friday, 18:00 in winter's Berlin, for 60 hours.
    expectOn(freeze("0 18 * * FRI", 60), "2017-12-01T17:00:00Z", "2017-12-04T05:00:00Z");
    expectOn(
      freeze("0 18 * * FRI", 60, { zone: "UTC" }),
      "2017-12-01T18:00:00Z",
      "2017-12-04T06:00:00Z",
    );
  });

  it("lasts as many hours when the clocks go forward as when they go back", () => {
    // 26 March and 29 October 2017 in Berlin; Friday 18:00 is UTC+1 before, then UTC+2 before.
    expectOn(freeze("0 18 * * FRI", 60), "2017-03-24T17:00:00Z", "2017-03-27T05:00:00Z");
    expectOn(freeze("0 18 * * FRI", 60), "2017-10-27T16:00:00Z", "2017-10-30T04:00:00Z");
  });

  it("begins on the day on which its hour does not exist", () => {
    // 02:30 is left out on 26 March 2017.
    const given = freeze("30 2 * * *", 1);
    const on = Array.from({ length: 6 * 60 }, (_, at) => Date.parse("2017-03-26") + at * 60_000);
    const minutes = on.filter((at) => frozen([given], at) !== undefined);
    expect(minutes).toHaveLength(60);
  });

  it("is not doubled on the day on which its hour comes twice", () => {
    const given = freeze("30 2 * * *", 1);
    const on = Array.from({ length: 6 * 60 }, (_, at) => Date.parse("2017-10-29") + at * 60_000);
    const minutes = on.filter((at) => frozen([given], at) !== undefined);
    expect([60, 120], "croner may begin it at both").toContain(minutes.length);
    expect(minutes[0]).toBe(Date.parse("2017-10-29T00:30:00Z"));
  });

  it("that begins again while it is on goes on from there", () => {
    // Every day at 8 for 30 hours: always on, and every begin moves the end.
    const given = freeze("0 8 * * *", 30, { zone: "UTC" });
    expect(frozen([given], Date.parse("2017-12-06T08:00:00Z"))?.until).toBe(
      Date.parse("2017-12-07T14:00:00Z"),
    );
    expect(frozen([given], Date.parse("2017-12-06T07:59:59Z"))?.until).toBe(
      Date.parse("2017-12-06T14:00:00Z"),
    );
  });

  it("with many begins is on as long as any of them lasts", () => {
    const given = freeze("* * * * *", 24 * 60, { zone: "UTC" });
    expect(frozen([given], Date.parse("2017-12-06T08:00:30Z"))).toBeDefined();
  });

  it("that lasts longest speaks for those that overlap", () => {
    const short = freeze("0 8 6 12 *", 2, { zone: "UTC", reason: "short" });
    const long = freeze("0 9 6 12 *", 2, { zone: "UTC", reason: "long" });
    const reason = (at: string) => frozen([short, long], Date.parse(at))?.reason;
    expect(reason("2017-12-06T08:30:00Z")).toBe("short");
    expect(reason("2017-12-06T09:30:00Z")).toBe("long");
    expect(reason("2017-12-06T10:30:00Z")).toBe("long");
    expect(reason("2017-12-06T11:00:00Z")).toBeUndefined();
  });

  it("is on exactly when a begin lies less than its length back", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 1, max: 100 * 60 }),
        fc.integer({ min: Date.UTC(2017, 0), max: Date.UTC(2018, 0) }),
        (begins, minutes, now) => {
          const lasts = minutes * 60_000;
          const given = { from: `0 ${begins} * * *`, lasts, zone: "UTC", reason: "" };
          const day = 24 * hour;
          const last = Math.floor((now - begins * hour) / day) * day + begins * hour;
          const is = now < last + lasts ? { until: last + lasts, reason: "" } : undefined;
          expect(frozen([given], now)).toEqual(is);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ["0 18 * * FRI", "Europe/Berlin", true],
    ["0 18 * * FRI", "Mars/Olympus", false],
    ["at noon", "UTC", false],
    ["61 * * * *", "UTC", false],
    ["0 0 30 2 *", "UTC", false],
    ["", "UTC", false],
  ])("can be read from %j in %s: %s", (from, zone, is) => {
    expect(isSchedule(from, zone)).toBe(is);
  });
});
