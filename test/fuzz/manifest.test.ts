import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { examine } from "../../fuzz/examine.ts";
import { nothing, seenAs, sum, tallyOf } from "../../fuzz/tally.ts";
import { manifestTarget } from "../../fuzz/targets/manifest.ts";

const seed = randomInt(2 ** 32);
const RUNS = 3_000;

describe(`fuzzed manifests, seed ${seed}`, () => {
  const caseOf = manifestTarget.open(seed);

  it(`of ${RUNS} none crashes or breaks a promise`, { timeout: 120_000 }, () => {
    let tally = nothing;
    for (let index = 0; index < RUNS; index += 1) {
      const one = caseOf(index);
      const examined = examine(one, one.source);
      tally = sum(tally, tallyOf(seenAs(index, one, examined), examined));
    }
    // Tests run side by side: time is measured by `npm run fuzz` alone.
    const found = [...tally.found.values()].filter(({ fault }) => fault.kind !== "slow");

    expect(found, `npm run fuzz -- manifest --seed ${seed}`).toEqual([]);
    expect(tally.reached.get("valid")).toBeGreaterThan(RUNS / 20);
    expect(tally.made.size).toBe(6);
  });

  it("are the same for the same seed and index, and others for others", () => {
    const again = manifestTarget.open(seed);
    const indexes = Array.from({ length: 200 }, (_, index) => index);

    expect(indexes.map((index) => again(index).source)).toEqual(
      indexes.map((index) => caseOf(index).source),
    );
    expect(new Set(indexes.map((index) => String(caseOf(index).source))).size).toBeGreaterThan(150);
    expect(manifestTarget.open(seed ^ 1)(0).source).not.toEqual(caseOf(0).source);
  });
});
