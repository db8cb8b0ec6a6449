import { describe, expect, it } from "vitest";
import type { Json } from "../../../../sandbox/cluster/facade/json.ts";
import {
  jsonPatch,
  mergePatch,
  strategicMergePatch,
} from "../../../../sandbox/cluster/facade/patch.ts";
import { builtinStructures } from "../../../../sandbox/cluster/facade/structures.ts";

const workload = builtinStructures["apps/Deployment"] ?? {};
const containers = (...items: Json[]): Json => ({
  spec: { template: { spec: { containers: items } } },
});

describe("a JSON merge patch", () => {
  it.each<[name: string, target: Json, patch: Json, result: Json]>([
    ["replaces a member", { a: "b" }, { a: "c" }, { a: "c" }],
    ["adds a member", { a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    ["removes a member by null", { a: "b", b: "c" }, { a: null }, { b: "c" }],
    ["replaces lists as a whole", { a: ["b"] }, { a: ["c"] }, { a: ["c"] }],
    ["goes into objects", { a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  ])("%s", (_name, target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

describe("a strategic merge patch", () => {
  it("merges containers by name and leaves the others alone", () => {
    const live = containers({ name: "a", image: "a:1" }, { name: "b", image: "b:1", args: ["x"] });
    const patch = containers({ name: "b", image: "b:2" });
    expect(strategicMergePatch(live, patch, workload)).toEqual(
      containers({ name: "a", image: "a:1" }, { name: "b", image: "b:2", args: ["x"] }),
    );
  });

  it("puts a new item before the next one it leaves alone, as the API server does", () => {
    const live = containers({ name: "a", image: "a:1" });
    const patch = containers({ name: "z", image: "z:1" });
    expect(strategicMergePatch(live, patch, workload)).toEqual(
      containers({ name: "z", image: "z:1" }, { name: "a", image: "a:1" }),
    );
  });

  it("deletes an item by directive", () => {
    const live = containers({ name: "a" }, { name: "b" });
    expect(
      strategicMergePatch(live, containers({ name: "a", $patch: "delete" }), workload),
    ).toEqual(containers({ name: "b" }));
  });

  it("keeps the finalizers it does not name and drops those it is told to", () => {
    const live = { metadata: { finalizers: ["a", "b"] } };
    expect(strategicMergePatch(live, { metadata: { finalizers: ["c"] } }, workload)).toEqual({
      metadata: { finalizers: ["a", "b", "c"] },
    });
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } };
    expect(strategicMergePatch(live, patch, workload)).toEqual({ metadata: { finalizers: ["b"] } });
  });
});

describe("a JSON patch", () => {
  it("adds, replaces, moves, copies and removes in order", () => {
    const patch = [
      { op: "add", path: "/list/1", value: "x" },
      { op: "add", path: "/list/-", value: "z" },
      { op: "replace", path: "/a~1b", value: 2 },
      { op: "copy", from: "/a~1b", path: "/copied" },
      { op: "move", from: "/copied", path: "/moved" },
      { op: "remove", path: "/list/0" },
      { op: "test", path: "/moved", value: 2 },
    ];
    expect(jsonPatch({ "a/b": 1, list: ["w", "y"] }, patch)).toEqual({
      "a/b": 2,
      list: ["x", "y", "z"],
      moved: 2,
    });
  });

  it("leaves its input alone and refuses what does not fit", () => {
    const target = { a: 1 };
    jsonPatch(target, [{ op: "replace", path: "/a", value: 2 }]);
    expect(target).toEqual({ a: 1 });
    expect(() => jsonPatch(target, [{ op: "replace", path: "/b", value: 2 }])).toThrow(
      "error in our request",
    );
    expect(() => jsonPatch(target, [{ op: "test", path: "/a", value: 2 }])).toThrow(
      "error in our request",
    );
  });
});
