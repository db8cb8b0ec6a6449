import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { canonicalJson } from "../../src/manifest/canonical.ts";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import { translate } from "../../src/manifest/translate.ts";
import { urlsOf } from "../../src/manifest/urls.ts";
import { manifests, shuffled } from "./arbitrary.ts";
import { unknownFields } from "./models.ts";

const platform = defaultPlatform;

function manifestOf(text: string, on: Platform = platform): Manifest {
  const { manifest, findings } = parseManifest(text, { platform: on });
  if (manifest === undefined) {
    throw new Error(JSON.stringify(findings));
  }
  return manifest;
}

const objectsOf = (text: string, on: Platform = platform): readonly ApplicationObject[] =>
  translate(manifestOf(text, on), on);

const twoContainers = `
application: shop
maintainer: [shop@corp.example.com, S0123456789]
scale: 2
auto_tls: true
ingresses:
  shop: {scheme: https, container_port: 8080}
  admin: {scheme: tls, container_port: 8443}
  plain: {scheme: http, container_port: 8080}
containers:
  web: {image: r.example.com/shop/web, image_tag: "1.10", ports: [8443, 8080]}
  "on": {image: nginx, image_tag: "2017", ports: [9090]}
  worker: {image: r.example.com/shop/worker, image_tag: "on"}
`;

const staging: Platform = {
  environment: "staging",
  namespace: "shops",
  domain: "staging.example.com",
  ingress: { className: "edge", profile: "haproxy" },
  issuer: { name: "internal", kind: "Issuer", group: "cert-manager.io" },
  maxScale: 5,
  progressDeadlineSeconds: 120,
};

describe("translate makes of", () => {
  it.each(readdirSync("examples").filter((name) => name.endsWith(".json")))(
    "%s the objects of its golden file",
    async (name) => {
      const objects = objectsOf(readFileSync(`examples/${name}`, "utf8"));
      await expect(renderYaml(objects)).toMatchFileSnapshot(
        `golden/${name.replace(".json", ".yaml")}`,
      );
    },
  );

  it("several containers and ingresses on another platform the objects of its golden file", async () => {
    const objects = objectsOf(twoContainers, staging);
    await expect(renderYaml(objects)).toMatchFileSnapshot("golden/two-containers.yaml");
  });

  it("the talk's slides one more kind of object each", () => {
    const kinds = readdirSync("examples").map((name) =>
      objectsOf(readFileSync(`examples/${name}`, "utf8")).map(({ kind }) => kind),
    );
    expect(kinds).toEqual([
      ["Deployment"],
      ["Service", "Deployment"],
      ["Service", "Deployment", "Ingress"],
      ["Certificate", "Service", "Deployment", "Ingress"],
    ]);
  });

  it("any valid manifest objects that the API's own models know, the same for any order of keys", () => {
    fc.assert(
      fc.property(manifests, fc.nat(), (written, seed) => {
        const objects = objectsOf(JSON.stringify(written));
        expect(objects.flatMap(unknownFields)).toEqual([]);

        const again = objectsOf(JSON.stringify(shuffled(written, seed)));
        expect(JSON.stringify(again)).toBe(JSON.stringify(objects));
        expect(JSON.stringify(objects)).toBe(canonicalJson(objects));
      }),
    );
  });

  it("any valid manifest objects with distinct names, and labels that the selectors find", () => {
    fc.assert(
      fc.property(manifests, (written) => {
        const objects = objectsOf(JSON.stringify(written));
        const names = objects.map(({ kind, metadata: { name } }) => `${kind}/${name}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { metadata } of objects) {
          expect(metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/u);
          expect(metadata.labels["app.kubernetes.io/managed-by"]).toBe("docc");
        }
        const deployment = objects.find((object) => object.kind === "Deployment");
        const { matchLabels = {} } = deployment?.spec.selector ?? {};
        expect(deployment?.spec.template.metadata?.labels).toMatchObject(matchLabels);
        expect(Object.keys(matchLabels)).toHaveLength(2);
      }),
    );
  });
});

describe("what translate promises", () => {
  const deployment = (text: string) =>
    objectsOf(text).find((object) => object.kind === "Deployment")?.spec.template.spec;

  it("probes the first port as declared, and lists all in order", () => {
    const [first, second, third] = deployment(twoContainers)?.containers ?? [];
    expect([first?.name, second?.name, third?.name]).toEqual(["on", "web", "worker"]);
    expect(second?.readinessProbe).toMatchObject({ tcpSocket: { port: 8443 } });
    expect(second?.ports?.map(({ containerPort }) => containerPort)).toEqual([8080, 8443]);
    expect(third?.readinessProbe).toBeUndefined();
  });

  it("mounts every certificate whole and read-only in every container", () => {
    const pod = deployment(twoContainers);
    for (const container of pod?.containers ?? []) {
      expect(container.volumeMounts).toEqual([
        { mountPath: "/etc/docc/tls/admin", name: "shop-admin", readOnly: true },
        { mountPath: "/etc/docc/tls/shop", name: "shop", readOnly: true },
      ]);
    }
    expect(pod?.volumes).toEqual([
      { name: "shop-admin", secret: { secretName: "shop-admin-tls" } },
      { name: "shop", secret: { secretName: "shop-tls" } },
    ]);
  });

  it("ends TLS at the ingress for https, and passes it through for tls", () => {
    const ingresses = objectsOf(twoContainers).filter((object) => object.kind === "Ingress");
    const told = ingresses.map(({ metadata, spec }) => [
      metadata.name,
      metadata.annotations,
      spec.tls,
    ]);
    expect(told).toEqual([
      ["shop-admin", { "haproxy.org/ssl-passthrough": "true" }, undefined],
      ["shop-plain", undefined, undefined],
      ["shop", undefined, [{ hosts: ["shop.example.com"], secretName: "shop-tls" }]],
    ]);
  });

  it("keeps the longest names within Kubernetes' limits", () => {
    const application = "a".repeat(50);
    const key = "b".repeat(12);
    const objects = objectsOf(
      `{"application": "${application}", "maintainer": "a@b.example", "auto_tls": true,
        "ingresses": {"${key}": {"scheme": "https", "container_port": 65535}},
        "containers": {"${"c".repeat(63)}": {"image": "a", "image_tag": "b", "ports": [65535]}}}`,
    );
    expect(objects.map(({ metadata: { name } }) => name.length)).toEqual([63, 50, 50, 63]);
    expect(JSON.stringify(objects)).toContain('"port-65535"');
  });

  it("puts the manifest's words nowhere but into names, images and ports", () => {
    const text = renderYaml(objectsOf(twoContainers));
    expect(text).not.toContain("shop@corp.example.com");
    expect(text).not.toContain("S0123456789");
  });
});

describe("renderYaml", () => {
  it("gives YAML that reads back as the same objects, in YAML 1.1 too", () => {
    fc.assert(
      fc.property(manifests, (written) => {
        const objects = objectsOf(JSON.stringify(written));
        for (const version of ["1.1", "1.2"] as const) {
          const read = parseAllDocuments(renderYaml(objects), { version }).map((each) =>
            each.toJS(),
          );
          expect(read).toEqual(objects);
        }
      }),
    );
  });
});

describe("urlsOf", () => {
  it("gives the address of every ingress, in order", () => {
    expect(urlsOf(manifestOf(twoContainers), staging)).toEqual([
      "https://shop-admin.staging.example.com",
      "http://shop-plain.staging.example.com",
      "https://shop.staging.example.com",
    ]);
  });
});
