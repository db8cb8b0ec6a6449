import { describe, expect, it } from "vitest";
import {
  isActive,
  isReady,
  newPods,
  newReplicaSet,
  oldPods,
} from "../../src/release/observation.ts";
import {
  ended,
  midway,
  newSet,
  observation,
  oldPod,
  oldSet,
  pod,
  starting,
  up,
} from "./cluster.ts";

describe("which pods a rollout brought", () => {
  it("takes the ReplicaSet of the highest revision for the new one, in any order", () => {
    expect(newReplicaSet(observation({ replicaSets: [newSet, oldSet] }))).toBe(newSet);
    expect(newReplicaSet(observation({ replicaSets: [oldSet, newSet] }))).toBe(newSet);
  });

  it("compares revisions as numbers", () => {
    const revision = (count: string) => ({
      metadata: { ...newSet.metadata, annotations: { "deployment.kubernetes.io/revision": count } },
    });
    const [nine, ten] = [revision("9"), revision("10")];
    expect(newReplicaSet(observation({ replicaSets: [nine, ten] }))).toBe(ten);
  });

  it("leaves out ReplicaSets of another Deployment", () => {
    const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "uid-of-web" };
    const foreign = { metadata: { ...newSet.metadata, ownerReferences: [owner] } };
    expect(newReplicaSet(observation({ replicaSets: [oldSet, foreign] }))).toBe(oldSet);
    expect(newReplicaSet(observation({ replicaSets: [{ metadata: {} }] }))).toBeUndefined();
  });

  it("knows no new ReplicaSet without a Deployment", () => {
    expect(newReplicaSet(observation({ deployment: undefined }))).toBeUndefined();
  });

  it("sorts every pod into new or old, never both", () => {
    const look = midway([pod("new-1", [up()])]);
    const names = (pods: readonly { metadata?: { name?: string } }[]) =>
      pods.map(({ metadata }) => metadata?.name);
    expect(names(newPods(look))).toEqual(["new-1"]);
    expect(names(oldPods(look))).toEqual(["old-1", "old-2", "old-3"]);
  });

  it("takes all pods for old ones while there is no new ReplicaSet", () => {
    const look = observation({ replicaSets: [], pods: [pod("new-1", [up()]), oldPod("old-1")] });
    expect(newPods(look)).toEqual([]);
    expect(oldPods(look)).toHaveLength(2);
  });
});

describe("a pod", () => {
  it.each([
    ["is ready with the condition", pod("a", [up()]), true],
    ["is not ready without it", pod("a", [starting()]), false],
    ["is not ready without a status", { metadata: {} }, false],
    ["is not ready while it is being deleted", pod("a", [up()], { deleting: true }), false],
  ])("%s", (_name, given, ready) => {
    expect(isReady(given)).toBe(ready);
  });

  it.each([
    ["that runs is active", pod("a", [up()]), true],
    ["that starts is active", pod("a", [starting()]), true],
    ["without a status is active", { metadata: {} }, true],
    ["that was evicted is not", pod("a", [ended({ code: 137 })], { phase: "Failed" }), false],
    ["that is done is not", pod("a", [ended({ code: 0 })], { phase: "Succeeded" }), false],
    ["that is being deleted is not", pod("a", [up()], { deleting: true }), false],
  ])("%s", (_name, given, active) => {
    expect(isActive(given)).toBe(active);
  });
});
