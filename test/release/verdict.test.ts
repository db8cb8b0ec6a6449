import { describe, expect, it } from "vitest";
import { countPods, sayAffected, sayChanged } from "../../src/release/verdict.ts";
import { crdSchema, schemaAt, violations } from "./crd-schema.ts";
import { deployment, midway, observation, oldPod, pod, starting, up } from "./cluster.ts";
import { planned } from "./releases.ts";

describe("who is affected by a failure", () => {
  const crash = pod("new-1", [starting()]);

  it("is nobody while the old pods serve", () => {
    expect(sayAffected(midway([crash]), "2017")).toBe(
      "Users are still on 2017: 3 of 3 old pods ready.",
    );
  });

  it("counts the old pods that are not ready", () => {
    const pods = [crash, oldPod("old-1"), oldPod("old-2", starting())];
    expect(sayAffected(midway([], { pods }), "2017")).toBe(
      "Users are still on 2017: 1 of 2 old pods ready.",
    );
  });

  it("does not count old pods that are being deleted", () => {
    const ending = {
      ...oldPod("old-2"),
      metadata: { ...oldPod("old-2").metadata, deletionTimestamp: "2017" },
    };
    expect(sayAffected(midway([], { pods: [crash, oldPod("old-1"), ending] }), "2017")).toBe(
      "Users are still on 2017: 1 of 1 old pod ready.",
    );
  });

  it("says when new pods serve beside the old ones, in singular and plural", () => {
    expect(sayAffected(midway([pod("new-1", [up()]), crash]), "2017")).toBe(
      "Users are still on 2017: 3 of 3 old pods ready, and 1 new one is ready too.",
    );
    expect(sayAffected(midway([pod("new-1", [up()]), pod("new-2", [up()])]), "2017")).toBe(
      "Users are still on 2017: 3 of 3 old pods ready, and 2 new ones are ready too.",
    );
  });

  it("says when only new pods serve", () => {
    expect(sayAffected(observation(), "2017")).toBe("Users are served by 3 new pods only.");
    expect(sayAffected(observation({ pods: [pod("new-1", [up()])] }), "2017")).toBe(
      "Users are served by 1 new pod only.",
    );
  });

  it("says when nobody is served", () => {
    expect(sayAffected(observation({ pods: [crash] }), "2017")).toBe(
      "No pod is ready: users are not served.",
    );
  });

  it("tells a first deploy from an outage", () => {
    expect(sayAffected(observation({ pods: [crash] }), "")).toBe(
      "Nothing ran before; nobody is served.",
    );
  });

  it("speaks of the version before when it has no tag", () => {
    expect(sayAffected(midway([crash]), "")).toBe(
      "Users are still on the version before: 3 of 3 old pods ready.",
    );
  });

  it("fits the record, however long the tags of ten containers are", () => {
    const from = Array.from({ length: 10 }, (_, at) => `${at}`.repeat(128)).join(", ");
    const schema = schemaAt(crdSchema("releases"), "status.verdict.affected");
    expect(violations(schema, sayAffected(midway([crash]), from))).toEqual([]);
  });
});

describe("the pods of a verdict", () => {
  it("are the new ready ones of those wanted", () => {
    expect(countPods(midway([pod("new-1", [up()]), pod("new-2", [starting()])]))).toEqual({
      ready: 1,
      wanted: 3,
    });
    expect(countPods(observation({ deployment: undefined }))).toEqual({ ready: 0, wanted: 1 });
    expect(countPods(observation({ deployment: deployment({}, { replicas: 5 }) }))).toEqual({
      ready: 3,
      wanted: 5,
    });
  });
});

describe("what a release changed", () => {
  it("names the image with its tags, and says when that is all", () => {
    const changes = planned([
      ["Deployment", "change", "image"],
      ["Service", "unchanged"],
    ]);
    expect(sayChanged(changes)).toBe("image 2017 -> 2018 only");
  });

  it("lists several changes once each", () => {
    const changes = planned([
      ["Deployment", "change", "image, scale"],
      ["Ingress", "change", "hosts and paths, labels"],
      ["Service", "change", "labels"],
    ]);
    expect(sayChanged(changes)).toBe("image 2017 -> 2018, scale, hosts and paths, labels");
  });

  it("names an image that changed under the same tag without an arrow", () => {
    const changes = planned([["Deployment", "change", "image"]], { from: "2018" });
    expect(sayChanged(changes)).toBe("image only");
  });

  it("says nothing for a first deploy and for no change", () => {
    expect(sayChanged(planned([["Deployment", "create"]]))).toBe("");
    expect(sayChanged(planned([["Deployment", "unchanged"]]))).toBe("");
  });
});
