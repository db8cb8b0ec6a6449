import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestTags } from "../../src/text/nearest-tags.ts";

describe("the nearest tags", () => {
  it.each<[tag: string, all: readonly string[], nearest: readonly string[]]>([
    ["2081", ["2016", "2017", "2018"], ["2018", "2017", "2016"]],
    ["2020", ["2010", "2017", "2018", "2019", "2021"], ["2021", "2010", "2019"]],
    ["20", ["10", "21", "latest"], ["21", "10"]],
    ["1.2.9", ["1.1.9", "1.2.7", "1.2.8", "1.3.0", "2.0.0"], ["1.2.8", "1.2.7", "1.1.9"]],
    ["v1.2.4", ["1.2.4", "v1.2.3", "v1.20.4"], ["1.2.4", "v1.2.3", "v1.20.4"]],
    ["1.10.0", ["1.9.0", "1.2.0", "1.9.0-debug"], ["1.9.0", "1.2.0"]],
    ["lastest", ["latest", "stable"], ["latest"]],
    ["Latest", ["latest"], ["latest"]],
    [
      "main-20260102",
      ["main-20251231", "main-20260101", "dev-20260102"],
      ["main-20260101", "dev-20260102", "main-20251231"],
    ],
    ["a1b2c3d", ["f00dcafe", "deadbee"], []],
    ["2017", ["2017"], []],
    ["2017", [], []],
    ["99999999999999999999999999", ["1"], ["1"]],
  ])("of %s among %j are %j", (tag, all, nearest) => {
    expect(nearestTags(tag, all, 3)).toEqual(nearest);
  });

  it("are at most as many as asked for, each once", () => {
    expect(nearestTags("5", ["1", "2", "3", "3", "4"], 2)).toEqual(["4", "3"]);
  });

  it("are tags that exist, whatever the tags are", () => {
    const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(tag, fc.array(tag), (wanted, all) => {
        const nearest = nearestTags(wanted, all, 3);
        expect(nearest.every((each) => all.includes(each) && each !== wanted)).toBe(true);
        expect(nearestTags(wanted, all.toReversed(), 3)).toEqual(nearest);
      }),
    );
  });

  it("of ten thousand long tags are found at once", () => {
    const all = Array.from({ length: 10_000 }, (_, at) => `${"ab".repeat(28)}${at}`);
    const start = performance.now();
    expect(nearestTags(`${"ba".repeat(28)}77`, all, 3)).toHaveLength(3);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
