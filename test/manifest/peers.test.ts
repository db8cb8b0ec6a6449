import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { parseConfig, platformOf } from "../../src/config.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import type { Platform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { decisionsOf, linesOf, peer } from "./reference/peers.ts";

const page = readFileSync(new URL("../../docs/manifest.md", import.meta.url), "utf8");

/** The platform that the operator's part on the page makes. */
function platform(): Platform {
  const { production } = parseConfig(peer(page, "docc-platform"), "docc.yaml").environments;
  if (production === undefined) {
    throw new Error("no production");
  }
  return platformOf("production", production, ["production"]);
}

function doccObjects(): readonly unknown[] {
  const { manifest, findings } = parseManifest(peer(page, "docc"), { platform: platform() });
  expect(findings).toEqual([]);
  return manifest === undefined ? [] : translate(manifest, platform());
}

const written = (): readonly unknown[] =>
  parseAllDocuments(peer(page, "kubernetes")).map((document): unknown => document.toJS());

/** Every scalar of something by its place; items of lists by what names them, else by their number. */
function leaves(value: unknown, at = ""): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => leaves(item, `${at}[${nameOf(item) ?? index}]`));
  }
  if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, member]) => leaves(member, `${at}.${key}`));
  }
  return [[at, JSON.stringify(value)]];
}

function nameOf(item: unknown): string | undefined {
  return ["kind", "topologyKey", "mountPath", "name"]
    .map((key): unknown =>
      typeof item === "object" && item !== null ? Reflect.get(item, key) : undefined,
    )
    .find((name) => typeof name === "string");
}

/** What needs no person to write it, with the reason. */
const leftOut: readonly (readonly [place: RegExp, why: string])[] = [
  [/^\[Certificate\]/u, "cert-manager makes it of the Ingress' annotation"],
  [/\.namespace$/u, "kubectl's -n"],
  [/\.(?:labels|matchLabels)\.|\]\.spec\.selector\./u, "each has labels of its own"],
  [/\/etc\/docc\/tls|\[tls-1\]/u, "https ends at the ingress"],
  [/\.revisionHistoryLimit$|\.progressDeadlineSeconds$/u, "Kubernetes' default"],
  [/\.strategy\.type$|\.maxSurge$/u, "Kubernetes' default"],
  [/^\[Service\]\.spec\.type$/u, "Kubernetes' default"],
  [/\.ports\[port-8080\]\.(?:name|protocol|targetPort)$/u, "Kubernetes' default, or not needed"],
  [/\.readinessProbe\.failureThreshold$/u, "Kubernetes' default"],
  [/\.requests\.memory$/u, "Kubernetes takes the limit"],
];

/** Names that only join two places of one object. */
const renamed = (text: string): string =>
  text.replaceAll("writable-1", "tmp").replaceAll("[port-8080]", "[0]");

function compared(objects: readonly unknown[]): Readonly<Record<string, unknown>> {
  const kept = leaves(objects).filter(([place]) => !leftOut.some(([each]) => each.test(place)));
  return Object.fromEntries(kept.map(([place, value]) => [renamed(place), renamed(String(value))]));
}

describe("the same application side by side", () => {
  it("is as plain Kubernetes value by value what docc makes, but for what nobody writes", () => {
    const { "[Ingress].metadata.annotations.cert-manager.io/cluster-issuer": issuer, ...rest } =
      compared(written());
    expect(rest).toEqual(compared(doccObjects()));
    expect(issuer).toBe(JSON.stringify(platform().issuer.name));
  });

  it("leaves nothing out that docc does not make", () => {
    const places = leaves(doccObjects()).map(([place]) => place);
    for (const [place, why] of leftOut) {
      expect([why, places.some((each) => place.test(each))]).toEqual([why, true]);
    }
  });

  it("agrees about the image, the host, the Secret and the port in every form", () => {
    for (const name of ["docc", "helm", "score", "kubernetes"]) {
      const text = peer(page, name);
      for (const said of [
        "registry.example.com/shop/web",
        "2017",
        "shop-db",
        "/healthz",
        "512Mi",
      ]) {
        expect([name, text.includes(said)]).toEqual([name, true]);
      }
    }
  });
});

describe("what the comparison counts", () => {
  const text = "# a comment\na: 1 # one\n\nb:\n  - x\n  - { c: null }\n---\nd: {}\n";

  it("is lines that say something", () => {
    expect(linesOf(text)).toBe(5);
  });

  it("is scalars that are no keys", () => {
    expect(decisionsOf(text)).toBe(3);
  });
});
