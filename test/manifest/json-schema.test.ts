import { globSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { manifests } from "./arbitrary.ts";
import { complaints, judge, schema } from "./editor.ts";

describe("manifest.schema.json", () => {
  it("is made from the schema that reads manifests (UPDATE=1 writes it)", () => {
    const file = new URL("../../manifest.schema.json", import.meta.url);
    const text = `${JSON.stringify(schema, undefined, 2)}\n`;
    if (process.env["UPDATE"] === "1") {
      writeFileSync(file, text);
    }
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  const written = globSync([
    "examples/*.{json,yaml}",
    "test/manifest/golden/*/*.{json,yaml}",
  ]).filter((file) => !file.endsWith(".objects.yaml"));

  it.each(written.toSorted())("accepts %s", (file) => {
    expect(complaints(parseYaml(readFileSync(file, "utf8")))).toEqual([]);
  });

  it("accepts any valid manifest", () => {
    fc.assert(
      fc.property(manifests, (manifest) => {
        expect(complaints(manifest)).toEqual([]);
      }),
    );
  });

  it("accepts the manifest that its snippet makes, as docc does", () => {
    const [snippet] = (schema as { defaultSnippets: readonly { body: unknown }[] }).defaultSnippets;
    const text = JSON.stringify(snippet?.body).replaceAll(/\$\{\d+:([^}]*)\}/gu, "$1");
    expect(complaints(JSON.parse(text))).toEqual([]);
    expect(parseManifest(text, { platform }).findings).toEqual([]);
  });
});

/** A node of the schema with its place, as a path of a manifest: `*` is any name or item. */
interface Node {
  readonly path: readonly string[];
  /** One of several forms of what stands at the path. */
  readonly isForm: boolean;
  readonly node: Readonly<Record<string, unknown>>;
}

function nodes(node: unknown, path: readonly string[] = [], isForm = false): readonly Node[] {
  if (!isRecord(node)) {
    return [];
  }
  const { properties = {}, additionalProperties, items, anyOf = [] } = node;
  const named = isRecord(properties) ? Object.entries(properties) : [];
  const branches = Array.isArray(anyOf) ? anyOf : [];
  return [
    { path, node, isForm },
    ...named.flatMap(([key, child]) => nodes(child, [...path, key])),
    ...[additionalProperties, items].flatMap((child) => nodes(child, [...path, "*"])),
    ...branches.flatMap((branch) => nodes(branch, path, true)),
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isField({ path, isForm }: Node): boolean {
  return !isForm && path.at(-1) !== "*";
}

describe("what the JSON Schema tells people", () => {
  const all = nodes(schema);

  it("is a sentence for every field", () => {
    for (const { path, node } of all.filter(isField)) {
      expect(node["description"], path.join(".")).toMatch(/^[A-Z].+\.$/u);
    }
  });

  it("has examples that are right", () => {
    const examples = all.flatMap(({ path, node }) =>
      Array.isArray(node["examples"])
        ? node["examples"].map((example: unknown) => ({ at: path.join("."), node, example }))
        : [],
    );
    expect(examples.length).toBeGreaterThan(25);
    for (const { at, node, example } of examples) {
      expect([at, judge(node)(example)]).toEqual([at, true]);
    }
  });

  const full = {
    application: "shop",
    maintainer: "shop-team@example.com",
    scale: { min: 2, max: 4 },
    containers: {
      web: {
        image: "shop",
        image_tag: "1",
        ports: [{ port: 8080 }],
        health: { path: "/healthz" },
      },
    },
    ingresses: { shop: { scheme: "http", container_port: 8080 } },
  };
  const worker = {
    application: "mail",
    maintainer: "shop-team@example.com",
    containers: { web: { image: "mail", image_tag: "1" } },
  };
  const names: Readonly<Record<string, string>> = { containers: "web", ingresses: "shop" };
  const defaults = all
    .filter(({ node }) => "default" in node)
    .map(({ path, node }) => ({ what: path.join("."), path, value: node["default"] }));

  it.each(defaults)("has docc's default of $what", ({ path, value }) => {
    const at = path.map((step, index) =>
      step === "*" ? (names[path[index - 1] ?? ""] ?? 0) : step,
    );
    const without = [full, worker].map((base) => changed(base, at, undefined)).find(isManifest);
    expect(objects(changed(without, at, value))).toEqual(objects(without));
  });
});

function isManifest(value: unknown): boolean {
  return parseManifest(JSON.stringify(value), { platform }).manifest !== undefined;
}

function objects(value: unknown): unknown {
  const { manifest } = parseManifest(JSON.stringify(value), { platform });
  if (manifest === undefined) {
    throw new Error(`no manifest: ${JSON.stringify(value)}`);
  }
  return translate(manifest, platform);
}

/** A copy with another value at a path, or none. */
function changed(
  value: unknown,
  [step, ...rest]: readonly (string | number)[],
  to: unknown,
): unknown {
  if (step === undefined) {
    return to;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === step ? changed(item, rest, to) : item));
  }
  return isRecord(value) ? { ...value, [step]: changed(value[step], rest, to) } : value;
}
