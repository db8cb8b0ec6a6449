import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import {
  helmOf,
  isBarred,
  obstacleTo,
  strangersAmong,
  takeoversOf,
  takesOf,
} from "../../src/release/adoption.ts";

const text = JSON.stringify({
  application: "web",
  maintainer: "dev@example.com",
  containers: { web: { image: "registry.example.com/web", image_tag: "1", ports: [80] } },
});
const { manifest } = parseManifest(text, { platform });
if (manifest === undefined) throw new Error("no manifest");
const wanted = translate(manifest, platform);
const deployment = wanted.find(({ kind }) => kind === "Deployment");
const service = wanted.find(({ kind }) => kind === "Service");
if (deployment === undefined || service === undefined) throw new Error("no objects");

const selector = {
  matchLabels: { "app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "web" },
};
const meta = { name: "web", namespace: "default", uid: "u1", resourceVersion: "1" };

function live(metadata: object = {}, spec: object = { selector }) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...meta, ...metadata },
    spec,
  };
}

describe("what stands against a take-over", () => {
  it("is nothing where the pods are found as docc finds them", () => {
    expect(obstacleTo(live(), deployment)).toBeUndefined();
    expect(obstacleTo({ ...live(), kind: "Service", spec: {} }, service)).toBeUndefined();
  });

  it.each([
    [
      "another selector",
      live({}, { selector: { matchLabels: { app: "web" } } }),
      "selector-differs",
    ],
    [
      "expressions in the selector",
      live({}, { selector: { ...selector, matchExpressions: [{ key: "a", operator: "Exists" }] } }),
      "selector-differs",
    ],
    ["no selector at all", live({}, {}), "selector-differs"],
    [
      "another app of docc's",
      live({ labels: { "app.kubernetes.io/managed-by": "docc" } }),
      "not-ours",
    ],
    [
      "a controller",
      live({ ownerReferences: [{ kind: "Shop", name: "web", controller: true }] }),
      "owned-elsewhere",
    ],
    [
      "Argo CD",
      live({ annotations: { "argocd.argoproj.io/tracking-id": "web:apps/Deployment:a/web" } }),
      "owned-elsewhere",
    ],
    ["Flux", live({ labels: { "kustomize.toolkit.fluxcd.io/name": "apps" } }), "owned-elsewhere"],
  ])("is %s", (_what, object, code) => {
    const found = obstacleTo(object, deployment);
    expect(found?.code).toBe(code);
    expect(found?.sentence).toMatch(/Deployment web/u);
    expect(found?.next).not.toBe("");
  });

  it("is no owner that does not control it", () => {
    const ownerReferences = [{ kind: "Shop", name: "web" }];
    expect(obstacleTo(live({ ownerReferences }), deployment)).toBeUndefined();
  });

  it("is said for whatever an object holds", () => {
    for (const odd of [null, 1, "text", [], { metadata: 1, spec: [] }, live({ labels: [null] })])
      expect(() => obstacleTo(odd, deployment)).not.toThrow();
  });
});

describe("what may be taken over", () => {
  const takes = [{ kind: "Deployment", name: "web", uid: "u1" }];

  it("is the very object that was read, and no other", () => {
    expect(isBarred(live(), "web", takes)).toBe(false);
    expect(isBarred(live({ uid: "u2" }), "web", takes)).toBe(true);
    expect(isBarred({ ...live(), kind: "Service" }, "web", takes)).toBe(true);
    expect(isBarred(live({ name: "shop" }), "web", takes)).toBe(true);
    expect(isBarred(live(), "web", [])).toBe(true);
    expect(isBarred(undefined, "web", takes)).toBe(false);
  });

  it("is what a plan names by its uid, of all that it does not remove", () => {
    const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" };
    const change = { ...object, note: "", takesOver: [] };
    const changes = [
      { ...change, action: "change", uid: "u1" },
      { ...change, action: "create", kind: "Service" },
      { ...change, action: "prune", name: "old", uid: "u3" },
    ] as const;
    expect(takesOf({ changes })).toEqual(takes);
  });

  it("is never what docc made for another app", () => {
    const labels = {
      "app.kubernetes.io/managed-by": "docc",
      "app.kubernetes.io/instance": "shop",
    };
    expect(isBarred(live({ labels }), "web", takes)).toBe(true);
    expect(
      isBarred(live({ labels: { ...labels, "app.kubernetes.io/instance": "web" } }), "web", []),
    ).toBe(false);
  });

  it("is what docc would make and did not", () => {
    const found = strangersAmong(wanted, [live(), { kind: "ConfigMap", metadata: meta }, null]);
    expect(found.map(({ desired: { kind } }) => kind)).toEqual(["Deployment"]);
  });

  it("is told with those who wrote it, and what undoes it", () => {
    const managedFields = [
      { manager: "kubectl-create", operation: "Update", fieldsV1: {} },
      { manager: "kube-controller-manager", subresource: "status", fieldsV1: {} },
      { manager: "helm", operation: "Update", fieldsV1: {} },
    ];
    const annotations = { "meta.helm.sh/release-name": "shop" };
    expect(takeoversOf([{ live: live({ managedFields, annotations }) }], "web")).toEqual([
      "takes over Deployment web from helm, kubectl-create",
      "Helm made Deployment web for its release shop: helm upgrade or helm uninstall of that would undo the take-over",
    ]);
    expect(helmOf(live())).toBeUndefined();
  });
});
