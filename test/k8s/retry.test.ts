import { describe, expect, it } from "vitest";
import { KubeError } from "../../src/k8s/errors.ts";
import { backOff, retryDelay } from "../../src/k8s/retry.ts";

const first = { count: 1, repeatable: true, remainingMs: 30_000, random: () => 0.5 };

describe("retryDelay", () => {
  it.each([
    ["unavailable", {}, true],
    ["timeout", {}, true],
    ["too-many-requests", {}, true],
    ["bad-answer", {}, true],
    ["not-found", {}, false],
    ["conflict", {}, false],
    ["forbidden", {}, false],
    ["gone", {}, false],
    ["too-big", {}, false],
  ] as const)("of a read that failed as %s%j: again is %s", (kind, details, again) => {
    const delay = retryDelay(new KubeError(kind, "m", details), first);
    expect(delay !== undefined).toBe(again);
  });

  it.each([
    ["unavailable", {}, false],
    ["timeout", {}, false],
    ["unavailable", { notSent: true }, true],
    ["timeout", { notSent: true }, true],
    ["too-many-requests", {}, true],
  ] as const)("of a write that failed as %s %j: again is %s", (kind, details, again) => {
    const delay = retryDelay(new KubeError(kind, "m", details), { ...first, repeatable: false });
    expect(delay !== undefined).toBe(again);
  });

  it("gives up after four attempts", () => {
    const error = new KubeError("unavailable", "m");
    expect(retryDelay(error, { ...first, count: 3 })).toBe(400);
    expect(retryDelay(error, { ...first, count: 4 })).toBeUndefined();
  });

  it("waits as long as asked, and a jitter on top", () => {
    const error = new KubeError("too-many-requests", "m", { retryAfterMs: 3_000 });
    expect(retryDelay(error, first)).toBe(3_100);
  });

  it("gives up at once when it would have to wait beyond the deadline", () => {
    const error = new KubeError("too-many-requests", "m", { retryAfterMs: 31_000 });
    expect(retryDelay(error, first)).toBeUndefined();
  });

  it("never repeats what is not a failure of the API", () => {
    expect(retryDelay(new TypeError("a bug"), first)).toBeUndefined();
  });
});

describe("backOff", () => {
  it("doubles up to a cap, and jitters over the whole range", () => {
    const limits = { baseMs: 100, capMs: 1_000 };
    const longest = [1, 2, 3, 4, 5, 50].map((failures) => backOff(failures, limits, () => 1));
    expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(backOff(5, limits, () => 0)).toBe(0);
  });
});
