import { describe, expect, it } from "vitest";
import type { ChaosResult } from "./chaos.ts";
import { missingFrom, writes } from "./writes.ts";

const result = (runs: number, coverage: ChaosResult["coverage"]): ChaosResult => ({
  runs,
  lost: 0,
  doubled: 0,
  stuck: 0,
  findings: [],
  coverage,
});
const all = Object.keys(writes).map((kind) => ({ kind, before: 1, after: 1 }));

describe("the writes that a run must hit", () => {
  it("are the frequent ones in 300 runs, and all of them in 3,000", () => {
    expect(missingFrom(result(3_000, all))).toEqual([]);
    const [first, second, ...others] = all;
    if (first === undefined || second === undefined) throw new Error("no writes");
    const poor = [{ ...first, after: 0 }, ...others];
    expect(missingFrom(result(300, poor))).toEqual([
      `not killed on both sides: ${first.kind}`,
      `never came by: ${second.kind}`,
    ]);
  });

  it("are not asked of a run that is smaller", () => {
    expect(missingFrom(result(299, []))).toEqual([]);
  });
});
