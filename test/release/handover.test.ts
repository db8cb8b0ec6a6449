import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { handoverOf, withFirstReplicas } from "../../src/release/handover.ts";

function objectsOf(scale: string) {
  const text = `
application: shop
maintainer: shop@example.com
scale: ${scale}
containers: { web: { image: r.example.com/shop, image_tag: v1 } }
`;
  const { manifest } = parseManifest(text, { platform });
  return manifest === undefined ? [] : translate(manifest, platform);
}

function deploymentOf(scale: string) {
  const deployment = objectsOf(scale).find(({ kind }) => kind === "Deployment");
  if (deployment === undefined) throw new Error("no Deployment");
  return deployment;
}

function live(managers: readonly { manager: string; operation: string; fields: object }[]) {
  const { apiVersion, kind, metadata } = deploymentOf("7");
  return {
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      uid: "u",
      resourceVersion: "1",
      managedFields: managers.map(({ fields, ...entry }) => ({
        ...entry,
        fieldsV1: { "f:spec": fields },
      })),
    },
    spec: { replicas: 7 },
  };
}

const docc = { manager: "docc", operation: "Apply", fields: { "f:replicas": {} } };
const autoscaled = deploymentOf("{min: 2, max: 10}");

describe("handoverOf", () => {
  it("keeps the live replicas when an autoscaler takes them over from docc", () => {
    expect(handoverOf(autoscaled, live([docc]))).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "shop", namespace: "default", labels: {} },
      spec: { replicas: 7 },
    });
  });

  it("has nothing to do for a new one, a fixed scale, or replicas that are not docc's", () => {
    expect(handoverOf(autoscaled, undefined)).toBeUndefined();
    expect(handoverOf(deploymentOf("3"), live([docc]))).toBeUndefined();
    expect(
      handoverOf(autoscaled, live([{ ...docc, fields: { "f:template": {} } }])),
    ).toBeUndefined();
    expect(handoverOf(autoscaled, live([{ ...docc, manager: "kubectl" }]))).toBeUndefined();
    expect(handoverOf(autoscaled, live([{ ...docc, operation: "Update" }]))).toBeUndefined();
  });
});

describe("withFirstReplicas", () => {
  it("creates an autoscaled Deployment with the fewest copies of its range", () => {
    expect(withFirstReplicas(autoscaled, objectsOf("{min: 2, max: 10}")).spec).toMatchObject({
      replicas: 2,
    });
  });

  it("leaves a fixed scale and other objects alone", () => {
    for (const object of objectsOf("3")) {
      expect(withFirstReplicas(object, objectsOf("3"))).toBe(object);
    }
  });
});
