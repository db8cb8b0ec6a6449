import { describe, expect, it } from "vitest";
import { Actor } from "../../src/k8s/actor.ts";
import { deployments } from "../../src/k8s/kinds.ts";
import { startTarget, stored } from "./target.ts";

const developer = { user: "developer@corp.example.com", groups: ["docc:deployers"], extra: {} };

describe("somebody for whom docc acts", () => {
  it.each([
    ["no name", { ...developer, user: "" }],
    ["a name of space", { ...developer, user: " " }],
    ["a name that ends a header", { ...developer, user: "a\r\nImpersonate-Group: b" }],
    ["a name that no header holds", { ...developer, user: "d\u00e9veloppeur" }],
    ["a name longer than any", { ...developer, user: "a".repeat(254) }],
    ["the cluster's own name", { ...developer, user: "system:admin" }],
    ["the cluster's own name in capitals", { ...developer, user: "System:admin" }],
    ["half a service account's name", { ...developer, user: "system:serviceaccount:ci" }],
    ["an empty group", { ...developer, groups: ["docc:deployers", ""] }],
    ["the group that may do everything", { ...developer, groups: ["system:masters"] }],
    ["an empty extra", { ...developer, extra: { "docc.dev/slack-user": "" } }],
    ["an extra without a key", { ...developer, extra: { "": "T/U" } }],
  ])("cannot have %s", (_name, parts) => {
    expect(() => Actor.of(parts)).toThrow("docc does not know for whom it acts, and does nothing.");
  });

  it("cannot be made up past that", () => {
    const forged = Object.create(Actor.prototype) as Actor;
    expect(() => forged.headers()).toThrow(TypeError);
  });

  it("is in every write and try that is made for them, and in nothing else", async () => {
    const seen: (string | undefined)[] = [];
    await using target = await startTarget((request, response) => {
      const { headers, method } = request;
      const names = Object.keys(headers).filter((name) => name.startsWith("impersonate"));
      const all = names.map((name) => `${name}: ${String(headers[name])}`);
      seen.push([method, ...all].join(" | "));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(stored("web", "1")));
    });
    const { api } = target;
    const as = Actor.of({ ...developer, extra: { "docc.dev/slack-user": "T0DOCC/UDEVELOPER" } });
    const object = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "web" },
    };
    await api.apply(object, { fieldManager: "docc", as });
    await api.apply(object, { fieldManager: "docc", dryRun: true, as });
    await api.delete(deployments, object.metadata, { as });
    await api.get(deployments, object.metadata);
    await api.apply(object, { fieldManager: "docc" });
    const marks =
      "impersonate-user: developer@corp.example.com | impersonate-group: docc:deployers | impersonate-extra-docc.dev%2fslack-user: T0DOCC/UDEVELOPER";
    expect(seen).toEqual([
      `PATCH | ${marks}`,
      `PATCH | ${marks}`,
      `DELETE | ${marks}`,
      "GET",
      "PATCH",
    ]);
  });
});
