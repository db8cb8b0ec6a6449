import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeRollout } from "../../src/release/rollout.ts";
import { skewOf } from "../../src/release/skew.ts";
import {
  at,
  crashing,
  midway,
  observation,
  pod,
  stamp,
  target,
  waiting,
  window,
} from "./cluster.ts";

const minute = 60_000;

describe("the skew between docc's clock and the cluster's", () => {
  const between = { from: at(1), to: at(3) };

  it("is none where both can have seen the apply at the same time", () => {
    expect(skewOf(between, stamp(2))).toBe(0);
    // Whole seconds: what was stored at 1.4 s is said to be of 1 s.
    expect(skewOf({ from: at(1) + 400, to: at(1) + 450 }, stamp(1))).toBe(0);
  });

  it("is none where one of the times is not known", () => {
    expect(skewOf(between, undefined)).toBe(0);
    expect(skewOf(between, "yesterday")).toBe(0);
    expect(skewOf({ from: at(1), to: Number.NaN }, stamp(900))).toBe(0);
  });

  it("is found to about the time that the apply took, and never overdone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -30 * minute, max: 30 * minute }),
        fc.nat(5_000),
        fc.nat(5_000),
        (skew, before, after) => {
          const stored = at(100);
          const seen = { from: stored - before, to: stored + after };
          const second = new Date(Math.floor((stored + skew) / 1_000) * 1_000).toISOString();
          const found = skewOf(seen, second);
          expect(Math.abs(found)).toBeLessThanOrEqual(Math.abs(skew));
          expect(Math.abs(skew - found)).toBeLessThanOrEqual(before + after + 1_000);
        },
      ),
    );
  });

  it.each([-600, 600])("of %i s moves no verdict of a rollout", (seconds) => {
    const skewMs = seconds * 1_000;
    const there = { ...window, startedAt: window.startedAt - skewMs, skewMs };
    const crashed = midway([pod("new-1", [crashing(3, { code: 1, at: 5 })])]);
    expect(judgeRollout(target, crashed, window, at(20)).state).toBe("failed");
    const before = midway([pod("new-1", [crashing(3, { code: 1, at: -5 })], { started: -60 })]);
    expect(judgeRollout(target, before, window, at(20)).state).toBe("waiting");
    const missing = waiting("ErrImagePull", "manifest unknown: not found");
    const looks = [observation(), crashed, before, midway([pod("new-1", [missing])])];
    for (const look of looks) {
      for (const after of [1, 20, 90]) {
        const is = judgeRollout(target, look, window, at(after));
        const shifted = { ...there, deadline: window.deadline - skewMs };
        expect(judgeRollout(target, look, shifted, at(after) - skewMs)).toEqual(is);
      }
    }
  });
});
