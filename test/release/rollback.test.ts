import { describe, expect, it } from "vitest";
import type { ApplicationStatus, Phase, Release } from "../../src/release/release.ts";
import {
  chooseEarlier,
  earlierThan,
  releasesOf,
  succeededRevisions,
} from "../../src/release/rollback.ts";
import { plan, release } from "./releases.ts";

const deployment = (tag: string, replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "web", labels: {} },
  spec: { replicas, template: { image: tag } },
});

/** `2017 ok`, `2018 failed`, `2017x5 ok`: tag, copies where they are not 3, and how it ended. */
function history(...facts: readonly string[]): readonly Release[] {
  return facts.map((fact, at) => {
    const [said = "", ended = "ok"] = fact.split(" ");
    const [tag = "", copies = "3"] = said.split("x");
    const phase = (ended === "ok" ? "succeeded" : ended) as Phase;
    const made = release({
      phase,
      app: "kubecon-2017",
      revision: at + 1,
      plan: { ...plan, to: tag, objects: JSON.stringify([deployment(tag, Number(copies))]) },
      transitions: [],
    });
    return { ...made, metadata: { ...made.metadata, name: `r${at + 1}` } };
  });
}

function headOf(releases: readonly Release[]): ApplicationStatus {
  const of = (found: Release | undefined) =>
    found === undefined
      ? undefined
      : { release: found.metadata.name, revision: found.status?.revision ?? 0, manifest: "{}" };
  const applied = of(releases.at(-1));
  const current = of(releases.findLast(({ status }) => status?.phase === "succeeded"));
  return {
    nextRevision: releases.length + 1,
    inventory: [],
    ...(applied === undefined ? {} : { applied }),
    ...(current === undefined ? {} : { current }),
  };
}

function choose(facts: readonly string[], wish?: { to?: number; rescales?: boolean }): unknown {
  const releases = history(...facts);
  const chosen = chooseEarlier(headOf(releases), releases, wish);
  return typeof chosen === "string" ? chosen : chosen.revision;
}

describe("where a rollback goes", () => {
  it.each<[string, readonly string[], unknown]>([
    ["nowhere when nothing was ever deployed", [], "nothing-earlier"],
    ["nowhere from the only success", ["2016"], "nothing-earlier"],
    ["nowhere from a first failure", ["2016 failed"], "nothing-earlier"],
    ["to the success before a success", ["2016", "2017"], 1],
    ["to the current one after a failure", ["2016", "2017", "2018 failed"], 2],
    ["to the current one after an outcome that is not known", ["2016", "2017", "2018 unknown"], 2],
    ["to the current one after somebody else's change", ["2016", "2017", "2018 superseded"], 2],
    ["to the current one while another rolls out", ["2016", "2017", "2018 progressing"], 2],
    ["past failures before a success", ["2016", "2018 failed", "2017"], 1],
    ["past all failures since the current one", ["2016", "2017", "8 failed", "9 failed"], 2],
    ["past the same version at another scale", ["2016", "2017", "2017x5", "2017x9"], 1],
    ["to the current one after a failed change of scale", ["2016", "2017", "2017x9 failed"], 2],
    ["nowhere when only the scale ever changed", ["2017", "2017x5"], "nothing-earlier"],
    ["there and back again", ["2016", "2017", "2016"], 2],
  ])("is %s", (_name, facts, expected) => {
    expect(choose(facts)).toBe(expected);
  });

  it.each<[string, readonly string[], number, unknown]>([
    ["any that succeeded", ["2016", "2017", "2018"], 1, 1],
    ["the current one after a failure", ["2016", "2017 failed"], 1, 1],
    ["none that failed", ["2016", "2017 failed", "2018"], 2, "never-succeeded"],
    ["none that is still under way", ["2016", "2017 verifying"], 2, "never-succeeded"],
    ["none that there never was", ["2016", "2017"], 3, "unknown-revision"],
    ["not the one that runs", ["2016", "2017"], 2, "runs-already"],
  ])("is by its number %s", (_name, facts, to, expected) => {
    expect(choose(facts, { to })).toBe(expected);
  });

  it("is the one that runs when another scale is asked for", () => {
    expect(choose(["2016", "2017"], { to: 2, rescales: true })).toBe(2);
  });

  it("is told from a revision whose record is gone", () => {
    const releases = history("2016", "2017", "2018");
    expect(chooseEarlier(headOf(releases), releases.slice(1), { to: 1 })).toBe("record-gone");
    expect(chooseEarlier(headOf(releases), releases.slice(0, 2))).toMatchObject({ revision: 2 });
  });
});

describe("the revision that a release's button returns to", () => {
  it("stays the same whatever comes later", () => {
    const releases = history("2016", "2017", "2018 failed", "2016", "2019");
    const revisions = releases.map((each) => earlierThan(each, releases)?.revision);
    expect(revisions).toEqual([undefined, 1, 2, 2, 4]);
  });

  it("is none of a release that never got a revision", () => {
    const refused = release({ phase: "refused", transitions: [] });
    expect(earlierThan(refused, history("2016"))).toBeUndefined();
  });
});

describe("the revisions that can be returned to", () => {
  it("are those that succeeded, newest first, with their version", () => {
    expect(succeededRevisions(history("2016", "2018 failed", "2017"))).toEqual([
      { release: "r3", revision: 3, version: "2017" },
      { release: "r1", revision: 1, version: "2016" },
    ]);
  });

  it("are of one app in one environment, by the name that the plan found", () => {
    const [own] = history("2016");
    const { app: _app, ...spec } = release().spec;
    const upload = { ...release({ phase: "succeeded", app: "other", transitions: [] }), spec };
    const all = own === undefined ? [] : [own, upload];
    expect(releasesOf(all, "kubecon-2017", "production")).toEqual([own]);
    expect(releasesOf(all, "other", "production")).toEqual([upload]);
    expect(releasesOf(all, "other", "staging")).toEqual([]);
  });
});
