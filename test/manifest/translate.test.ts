import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { canonicalJson } from "../../src/manifest/canonical.ts";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import { translate } from "../../src/manifest/translate.ts";
import { urlsOf } from "../../src/manifest/urls.ts";
import { manifests, shuffled } from "./arbitrary.ts";
import { manifestOf } from "./goldens.ts";
import { modelProblems } from "./models.ts";
import { platforms } from "./platforms.ts";
import { looseEnds } from "./references.ts";

/** What single manifests become is in golden/; here is what holds for all of them. */
const objectsOf = (
  text: string,
  platform: Platform = defaultPlatform,
): readonly ApplicationObject[] => translate(manifestOf(text, platform), platform);

const backEnds = ["default", "gateway"] as const;

describe("translate makes of", () => {
  it("the talk's slides one more kind of object each, with a budget for their three copies", () => {
    const kinds = globSync("examples/*.json")
      .toSorted()
      .map((name) => objectsOf(readFileSync(name, "utf8")).map(({ kind }) => kind));
    expect(kinds).toEqual([
      ["PodDisruptionBudget", "Deployment"],
      ["Service", "PodDisruptionBudget", "Deployment"],
      ["Service", "PodDisruptionBudget", "Deployment", "Ingress"],
      ["Certificate", "Service", "PodDisruptionBudget", "Deployment", "Ingress"],
    ]);
  });

  describe.each(backEnds)("any valid manifest, on the platform %s,", (name) => {
    const platform = platforms[name];

    it("objects that the API's own models allow, the same for any order of keys", () => {
      fc.assert(
        fc.property(manifests, fc.nat(), (written, seed) => {
          const objects = objectsOf(JSON.stringify(written), platform);
          expect(objects.flatMap(modelProblems)).toEqual([]);

          const again = objectsOf(JSON.stringify(shuffled(written, seed)), platform);
          expect(JSON.stringify(again)).toBe(JSON.stringify(objects));
          expect(JSON.stringify(objects)).toBe(canonicalJson(objects));
        }),
      );
    });

    it("objects with names of their own, labelled as docc's", () => {
      fc.assert(
        fc.property(manifests, (written) => {
          const objects = objectsOf(JSON.stringify(written), platform);
          const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
          expect(new Set(names).size).toBe(names.length);
          for (const { metadata } of objects) {
            expect(metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/u);
            expect(metadata.labels["app.kubernetes.io/managed-by"]).toBe("docc");
          }
        }),
      );
    });

    it("objects that find each other: ports, Secrets, selectors, volumes, listeners", () => {
      fc.assert(
        fc.property(manifests, (written) => {
          expect(looseEnds(objectsOf(JSON.stringify(written), platform))).toEqual([]);
        }),
      );
    });

    it("YAML that reads back as the same objects, in YAML 1.1 too", () => {
      fc.assert(
        fc.property(manifests, (written) => {
          const objects = objectsOf(JSON.stringify(written), platform);
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
});

const shop = `
application: shop
maintainer: [shop@corp.example.com, S0123456789]
channel: C9876543210
links: {runbook: "https://wiki.example.com/shop"}
scale: {min: 2, max: 4}
auto_tls: true
ingresses:
  shop: {scheme: https, container_port: 8080}
  admin: {scheme: tls, container_port: 8443}
  plain: {scheme: http, container_port: 8080, path: /plain}
containers:
  web: {image: r.example.com/shop/web, image_tag: "1.10", ports: [8443, 8080]}
  worker: {image: r.example.com/shop/worker, image_tag: "on"}
`;

describe("what translate promises", () => {
  it("applies what others need first, and traffic from outside last", () => {
    const kinds = (platform: Platform) => [
      ...new Set(objectsOf(shop, platform).map(({ kind }) => kind)),
    ];
    const inside = [
      "Certificate",
      "Service",
      "PodDisruptionBudget",
      "Deployment",
      "HorizontalPodAutoscaler",
    ];
    expect(kinds(platforms.default)).toEqual([...inside, "Ingress"]);
    expect(kinds(platforms.gateway)).toEqual([...inside, "ListenerSet", "TLSRoute", "HTTPRoute"]);
  });

  it("leaves the number of replicas to an autoscaler", () => {
    const replicas = (text: string) =>
      objectsOf(text).flatMap((each) => (each.kind === "Deployment" ? [each.spec.replicas] : []));
    expect(replicas(shop)).toEqual([undefined]);
    expect(replicas(shop.replace("{min: 2, max: 4}", "0"))).toEqual([0]);
  });

  it("hands nothing of people, channels and links to the cluster", () => {
    const text = renderYaml(objectsOf(shop));
    for (const word of ["shop@corp.example.com", "S0123456789", "C9876543210", "wiki"]) {
      expect(text).not.toContain(word);
    }
  });

  it("has one listener for a host, which ingresses with several paths share", () => {
    const text = shop.replace(
      "scheme: http, container_port: 8080",
      "scheme: https, container_port: 8080, hosts: [shop.example.com]",
    );
    const objects = objectsOf(text, platforms.gateway);
    const hosts = objects.flatMap((each) =>
      each.kind === "ListenerSet" ? each.spec.listeners.map(({ hostname }) => hostname) : [],
    );
    expect(hosts).toEqual(["shop-admin.example.com", "shop.example.com"]);
  });
});

describe("urlsOf", () => {
  it("gives the address of every ingress, in order", () => {
    const { staging } = platforms;
    expect(urlsOf(manifestOf(shop, staging), staging)).toEqual([
      "https://shop-admin.staging.example.com",
      "http://shop-plain.staging.example.com/plain",
      "https://shop.staging.example.com",
    ]);
  });
});
