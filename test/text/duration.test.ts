import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, sayAge, sayDuration } from "../../src/text/duration.ts";

describe("a duration as people write it", () => {
  it.each([
    ["90s", 90_000],
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["7d", 604_800_000],
    ["250ms", 250],
    ["1m500ms", 60_500],
    ["0s", 0],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    "",
    "10",
    "m",
    "10 m",
    "-5s",
    "1.5h",
    "10M",
    "10min",
    "1h30",
    "s10",
    "١٠s",
    "9999999999999d",
  ])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("adds up its parts in any order", () => {
    const part = fc.tuple(fc.nat(10_000), fc.constantFrom("ms", "s", "m", "h", "d"));
    const ms: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(([count, unit]) => `${count}${unit}`).join("");
        const total = parts.reduce((sum, [count, unit]) => sum + count * (ms[unit] ?? 0), 0);
        expect(parseDuration(text)).toBe(total);
      }),
    );
  });
});

describe("a duration as docc says it", () => {
  it.each([
    [0, "0 s"],
    [-5_000, "0 s"],
    [499, "0 s"],
    [41_000, "41 s"],
    [59_499, "59 s"],
    [59_500, "60 s"],
    [60_499, "60 s"],
    [60_500, "1m01s"],
    [104_000, "1m44s"],
    [3_599_499, "59m59s"],
    [3_599_500, "1h00m"],
    [7_500_000, "2h05m"],
    [90_000_000, "25h00m"],
  ])("says %d ms as %s", (ms, said) => {
    expect(sayDuration(ms)).toBe(said);
  });

  it("is read back within its own precision, without its space", () => {
    fc.assert(
      fc.property(fc.nat(1_000 * 3_600_000), (ms) => {
        const back = parseDuration(sayDuration(ms).replace(" ", "")) ?? Number.NaN;
        const precision = ms < 3_599_500 ? 500 : 60_000;
        expect(Math.abs(back - ms)).toBeLessThanOrEqual(precision);
      }),
    );
  });
});

describe("an age", () => {
  it.each([
    [-5_000, "0 s"],
    [59_999, "59 s"],
    [60_000, "1m"],
    [3_599_999, "59m"],
    [3_600_000, "1h"],
    [86_399_999, "23h"],
    [86_400_000, "1d"],
    [400 * 86_400_000, "400d"],
  ])("of %d ms is %s", (ms, said) => {
    expect(sayAge(ms)).toBe(said);
  });
});
