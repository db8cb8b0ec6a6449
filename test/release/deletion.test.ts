import { describe, expect, it } from "vitest";
import {
  type Found,
  isMade,
  madeKinds,
  makeDeletion,
  sayDeleted,
  sayHeld,
  sortOut,
} from "../../src/release/deletion.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import type { LiveObject } from "../../src/release/plan.ts";
import type { ObjectRef, ReleaseSpec } from "../../src/release/release.ts";
import { openPolicy } from "./releases.ts";

const owner = { app: "shop", environment: "staging" };
const ours = {
  "app.kubernetes.io/managed-by": "docc",
  "app.kubernetes.io/instance": "shop",
  "docc.dev/environment": "staging",
};
const byDocc = [{ manager: "docc", operation: "Apply", time: "2017-12-06T09:00:00Z" }];

function live(kind: string, name = "shop", rest: object = {}, spec: object = {}): LiveObject {
  const apiVersion = madeKinds.find((each) => each.kind === kind)?.apiVersion ?? "v1";
  const metadata = {
    name,
    namespace: "apps",
    uid: `uid-of-${kind}-${name}`,
    resourceVersion: "1",
    labels: ours,
    ...rest,
  };
  return { apiVersion, kind, metadata, spec } as LiveObject;
}

function ref({ apiVersion, kind, metadata: { name } }: LiveObject, namespace = "apps"): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

function found(rest: Partial<Found> = {}): Found {
  return { inventory: [], recorded: [], labelled: [], namespace: "apps", ...rest };
}

const names = (objects: readonly LiveObject[]): readonly string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe("what a deletion takes away", () => {
  it("goes in order: addresses first, then scale and budget, the pods last", () => {
    const recorded = ["Deployment", "Service", "PodDisruptionBudget", "Certificate", "Ingress"]
      .map((kind) => live(kind))
      .concat(live("HorizontalPodAutoscaler"), live("HTTPRoute"), live("Ingress", "admin"));
    const { objects } = sortOut(owner, found({ recorded, inventory: recorded.map((o) => ref(o)) }));
    expect(names(objects)).toEqual([
      "HTTPRoute shop",
      "Ingress admin",
      "Ingress shop",
      "Certificate shop",
      "HorizontalPodAutoscaler shop",
      "PodDisruptionBudget shop",
      "Service shop",
      "Deployment shop",
    ]);
  });

  it("is not what somebody took over, nor another environment's, nor another app's", () => {
    const recorded = [
      live("Service", "taken", { labels: {} }),
      live("Service", "moved", { labels: { ...ours, "docc.dev/environment": "production" } }),
      live("Service", "given", { labels: { ...ours, "app.kubernetes.io/instance": "cart" } }),
    ];
    const { objects, stays } = sortOut(
      owner,
      found({ recorded, inventory: recorded.map((each) => ref(each)) }),
    );
    expect(objects).toEqual([]);
    expect(stays).toEqual([
      "Service taken stays: it is not docc's for this app any more",
      "Service moved stays: it is not docc's for this app any more",
      "Service given stays: it is not docc's for this app any more",
    ]);
  });

  it("has what the records lost if docc's own hand is in it; copied labels prove nothing", () => {
    const labelled = [
      live("Service", "lost", { managedFields: byDocc }),
      live("Service", "copied", { managedFields: [{ manager: "kubectl", operation: "Apply" }] }),
      live("Service", "cart", { labels: { ...ours, "app.kubernetes.io/instance": "cart" } }),
    ];
    const { objects, stays } = sortOut(owner, found({ labelled }));
    expect(names(objects)).toEqual(["Service lost"]);
    expect(stays).toEqual([
      "Service copied stays: it has the app's labels, and docc did not make it",
    ]);
  });

  it("names each object once, and what it cannot reach or did not make", () => {
    const certificate = live(
      "Certificate",
      "shop",
      { managedFields: byDocc },
      {
        secretName: "shop-tls",
      },
    );
    const away: ObjectRef = { ...ref(live("Service")), namespace: "before" };
    const { objects, stays } = sortOut(
      owner,
      found({
        inventory: [ref(certificate), away],
        recorded: [certificate],
        labelled: [certificate],
      }),
    );
    expect(names(objects)).toEqual(["Certificate shop"]);
    expect(stays).toEqual([
      "Service shop in namespace before stays: staging has another one now",
      "Secret shop-tls stays, unless cert-manager removes it: docc did not make it",
    ]);
  });

  it("counts an object without an environment as of this one", () => {
    const { "docc.dev/environment": _none, ...labels } = ours;
    expect(isMade(live("Service", "shop", { labels }), owner)).toBe(true);
    expect(isMade(live("Service", "shop", { labels: undefined }), owner)).toBe(false);
  });
});

describe("the plan of a deletion", () => {
  const manifest = {
    application: "shop",
    containers: { web: { image_tag: "2017" } },
  } as unknown as Manifest;
  const hash = (text: string): string =>
    Array.from(text)
      .reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 2 ** 32, 7)
      .toString(16);
  const plan = (objects: readonly LiveObject[], spec: Partial<ReleaseSpec> = {}) =>
    makeDeletion(
      {
        number: 1,
        manifest,
        manifestText: "{}",
        sorted: { objects, stays: ["Secret shop-tls stays"] },
        spec: {
          kind: "delete",
          requester: { provider: "slack", team: "T", user: "U" },
          ...spec,
        } as ReleaseSpec,
        policy: openPolicy,
        expiresAt: undefined,
        now: 0,
      },
      hash,
    );

  it("applies nothing, prunes each by its uid, and says which addresses end", () => {
    const ingress = live("Ingress", "shop", {}, { rules: [{ host: "shop.example.com" }] });
    expect(plan([ingress, live("Deployment")])).toMatchObject({
      objects: "[]",
      changes: [
        { kind: "Ingress", action: "prune", uid: "uid-of-Ingress-shop" },
        { kind: "Deployment", action: "prune", uid: "uid-of-Deployment-shop" },
      ],
      from: "2017",
      to: "2017",
      risks: ["shop.example.com does not answer any more"],
      warnings: ["Secret shop-tls stays"],
    });
  });

  it("has a digest of every object, however many, and of its kind", () => {
    const many = Array.from({ length: 100 }, (_, at) => live("Service", `s-${at}`));
    const { digest, changes } = plan(many);
    expect(changes).toHaveLength(100);
    const other = many.with(99, live("Service", "s-99", { uid: "another" }));
    expect(plan(other).digest).not.toBe(digest);
    expect(plan(many, { kind: "deploy" }).digest).not.toBe(digest);
  });
});

describe("what is left", () => {
  const deletionTimestamp = "2017-12-06T09:00:00Z";

  it.each([
    [
      { kind: "Service", metadata: { name: "shop", deletionTimestamp, finalizers: ["a.io/x"] } },
      "Service shop is held by its finalizer a.io/x",
    ],
    [
      { kind: "Service", metadata: { name: "shop", deletionTimestamp, finalizers: ["a/x", "b"] } },
      "Service shop is held by its finalizers a/x and b",
    ],
    [
      { kind: "Pod", metadata: { name: "shop-1", deletionTimestamp }, spec: { nodeName: "n1" } },
      "Pod shop-1 has not ended yet on node n1",
    ],
    [
      { kind: "Pod", metadata: { name: "shop-1" } },
      "Pod shop-1 is there still, and nobody deletes it",
    ],
  ])("is said with what holds it: %j", (held, sentence) => {
    expect(sayHeld(held)).toBe(sentence);
  });

  it("is counted", () => {
    expect([sayDeleted(5, 5), sayDeleted(1, 1), sayDeleted(4, 5), sayDeleted(0, 0)]).toEqual([
      "5 objects deleted",
      "1 object deleted",
      "4 of 5 objects deleted",
      "0 objects deleted",
    ]);
  });
});
