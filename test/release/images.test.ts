import { describe, expect, it } from "vitest";
import { movedTags, pinnedContainers, runningDigests } from "../../src/release/images.ts";
import type { LiveObject, Target } from "../../src/release/plan.ts";

const a = `sha256:${"a".repeat(64)}`;
const b = `sha256:${"b".repeat(64)}`;
const app = "registry.example.com:5000/team/app";

function object(images: Readonly<Record<string, string>>, kind = "Deployment"): LiveObject {
  const containers = Object.entries(images).map(([name, image]) => ({ name, image }));
  const metadata = {
    name: "app",
    namespace: "web",
    uid: "uid",
    resourceVersion: "1",
    labels: {},
  };
  const spec = { template: { spec: { containers } } };
  return { apiVersion: "apps/v1", kind, metadata, spec } as LiveObject;
}

function target(
  desired: Readonly<Record<string, string>>,
  live?: Readonly<Record<string, string>>,
): Target {
  return {
    desired: object(desired) as unknown as Target["desired"],
    live: live === undefined ? undefined : object(live),
    preview: object(desired),
    conflicts: [],
  };
}

describe("a tag", () => {
  const moved = ["tag 1 is another image than the one that runs"];
  it.each<[name: string, target: Target, risks: readonly string[]]>([
    [
      "that means another image now is a risk",
      target({ x: `${app}:1@${b}` }, { x: `${app}:1@${a}` }),
      moved,
    ],
    [
      "that means the same image is none",
      target({ x: `${app}:1@${a}` }, { x: `${app}:1@${a}` }),
      [],
    ],
    ["that is another one is none", target({ x: `${app}:2@${b}` }, { x: `${app}:1@${a}` }), []],
    ["of another repository is none", target({ x: `${app}:1@${b}` }, { x: `other:1@${a}` }), []],
    ["that ran without a digest is none", target({ x: `${app}:1@${b}` }, { x: `${app}:1` }), []],
    ["that is not looked up is none", target({ x: `${app}:1` }, { x: `${app}:1@${a}` }), []],
    ["that is new is none", target({ x: `${app}:1@${b}` }), []],
    [
      "of two containers is said once",
      target({ x: `${app}:1@${b}`, y: `${app}:1@${b}` }, { x: `${app}:1@${a}` }),
      moved,
    ],
  ])("%s", (_name, each, risks) => expect(movedTags([each])).toEqual(risks));

  it("of anything but a Deployment does not count", () => {
    const service = object({ x: `${app}:1@${a}` }, "Service");
    const each = { ...target({}), desired: service as unknown as Target["desired"], live: service };
    expect(movedTags([each])).toEqual([]);
  });
});

describe("the digests that run", () => {
  it("are known by image and tag, ports and all", () => {
    const live = object({ x: `${app}:1@${a}`, y: `${app}:2`, z: `${app}@${b}`, w: "app" });
    expect([...runningDigests(live)]).toEqual([[`${app}:1`, a]]);
  });

  it("are none of what is not there", () => {
    expect(runningDigests(undefined).size).toBe(0);
    expect(runningDigests({ ...object({}), spec: null } as LiveObject).size).toBe(0);
  });
});

it("containers by digest are pinned, whether with a tag or without", () => {
  const pinned = pinnedContainers([
    target({ x: `${app}:1@${a}`, y: `${app}@${a}`, z: `${app}:1` }),
  ]);
  expect([...pinned]).toEqual(["x", "y"]);
});
