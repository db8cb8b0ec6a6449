import { describe, expect, it } from "vitest";
import { Random } from "../../fuzz/random.ts";
import { Failpoints } from "./failpoints.ts";

describe("the choice of failpoints", () => {
  it("hits every kind before and after, however rare", () => {
    const failpoints = new Failpoints();
    const random = new Random(1, 0);
    const kinds = [
      "PUT releases/status",
      "chat.postMessage",
      "DELETE services",
      "LIST pods",
      "ack",
    ];
    for (const kind of kinds) failpoints.saw(kind);
    for (let run = 0; run < 40; run += 1) {
      const { kind, side } = failpoints.next(random);
      if (kind !== undefined) failpoints.hit(kind, side);
    }
    const coverage = failpoints.coverage();
    expect(coverage.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
    for (const { before, after } of coverage) expect(Math.min(before, after)).toBeGreaterThan(0);
  });

  it("gives up on a call that does not come in favour of the others", () => {
    const failpoints = new Failpoints();
    const random = new Random(2, 0);
    for (const kind of ["never", "always"]) failpoints.saw(kind);
    let tries = 0;
    for (let run = 0; run < 200; run += 1) {
      const point = failpoints.next(random);
      if (point.kind === "always") failpoints.hit("always", point.side);
      else if (point.skip === 0) {
        tries += 1;
        failpoints.missed(point);
      }
    }
    expect(tries).toBeLessThan(100);
  });

  it("chooses the same from the same seed", () => {
    const choose = (): unknown[] => {
      const failpoints = new Failpoints();
      const random = new Random(3, 0);
      for (const kind of ["a", "b", "c"]) failpoints.saw(kind);
      return Array.from({ length: 20 }, () => failpoints.next(random));
    };
    expect(choose()).toEqual(choose());
  });
});
