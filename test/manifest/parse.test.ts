import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import { type Parsed, parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { reportText } from "../../src/manifest/report.ts";
import { manifests } from "./arbitrary.ts";

const platform = defaultPlatform;
const parse = (source: string | Uint8Array): Parsed => parseManifest(source, { platform });

/** What is told, wherever in the text. */
const placeless = ({ manifest, findings }: Parsed): unknown => ({
  manifest,
  findings: findings.map(({ line: _line, column: _column, ...rest }) => rest),
});

const yaml = `application: shop
maintainer: shop@corp.example.com
containers:
  web:
    image: r.example.com/shop
    image_tag: "1.10"
    memory: 512Mi
`;

describe("parseManifest reads", () => {
  it("a manifest of the talk, with every default filled in", () => {
    const source = readFileSync("examples/1-application.json");
    expect(parse(source)).toEqual({
      manifest: {
        application: "kubecon-2017",
        scale: 3,
        auto_tls: false,
        ingresses: {},
        containers: {
          kubecon: {
            image: "registry.corp.example.com/demo/kubecon",
            image_tag: "2017",
            ports: [],
          },
        },
        maintainer: ["kubecon-team@corp.example.com"],
      },
      findings: [expect.objectContaining({ code: "no-memory", line: 5, column: 5 })],
    });
  });

  it("every example, whose slides say nothing of health and memory", () => {
    const told = readdirSync("examples")
      .filter((name) => name.endsWith(".json"))
      .map((name) => parseManifest(readFileSync(`examples/${name}`), { file: name, platform }))
      .map(({ findings }) => findings.map(({ severity, code }) => `${severity} ${code}`));
    const both = ["warning no-health", "warning no-memory"];
    expect(told).toEqual([["warning no-memory"], both, both, both]);
  });

  it("YAML like JSON", () => {
    const json = readFileSync("examples/4-tls.json", "utf8");
    const ofYaml = parse(stringify(JSON.parse(json)));
    expect(ofYaml.manifest).toBeDefined();
    expect(placeless(ofYaml)).toEqual(placeless(parse(json)));
  });

  it("YAML with comments, a document start and end, and flow style", () => {
    const text = `# shop\n---\n${yaml}scale: 3 # three\n...\n`;
    expect(parse(text).manifest?.scale).toBe(3);
  });

  it("bytes like text, with or without byte-order mark", () => {
    const expected = parse(yaml);
    expect(expected.findings).toEqual([]);
    expect(parse(new TextEncoder().encode(yaml))).toEqual(expected);
    expect(parse(new TextEncoder().encode(`\ufeff${yaml}`))).toEqual(expected);
    expect(parse(`\ufeff${yaml}`)).toEqual(expected);
  });

  it("Windows line ends", () => {
    expect(parse(yaml.replaceAll("\n", "\r\n"))).toEqual(parse(yaml));
  });

  it("a scale of 1 where none is given, and of 0 where 0 is given", () => {
    expect(parse(yaml).manifest?.scale).toBe(1);
    expect(parse(`${yaml}scale: 0\n`).manifest?.scale).toBe(0);
    expect(Object.is(parse(`${yaml}scale: -0\n`).manifest?.scale, 0)).toBe(true);
  });

  it.each(["team@corp.example.com", "U0123456789", "W0123456789", "S0123456789", "C0123456789"])(
    "%s as a maintainer, alone or in a list",
    (maintainer) => {
      const alone = parse(yaml.replace("shop@corp.example.com", maintainer));
      const listed = parse(yaml.replace("shop@corp.example.com", `[${maintainer}]`));
      expect(alone.manifest?.maintainer).toEqual([maintainer]);
      expect(listed).toEqual(alone);
    },
  );

  it("ports in their declared order, since the first is probed", () => {
    expect(parse(`${yaml}    ports: [9090, 80]\n`).manifest?.containers["web"]?.ports).toEqual([
      9090, 80,
    ]);
  });

  it("images of allowed registries only, by exact host and port", () => {
    const registries = ["r.example.com"];
    const parsed = parseManifest(yaml, { platform: { ...platform, registries } });
    expect(parsed.findings).toEqual([]);
  });

  it("$schema, and leaves it out of the manifest", () => {
    const parsed = parse(`$schema: https://docc.dev/manifest.json\n${yaml}`);
    expect(parsed).toEqual(parse(yaml));
    expect(parsed.manifest).not.toHaveProperty("$schema");
  });

  it("back what it stored, whatever the manifest", () => {
    fc.assert(
      fc.property(manifests, (written) => {
        const { manifest } = parse(JSON.stringify(written));
        expect(manifest).toBeDefined();
        if (manifest !== undefined) {
          expect(parse(canonicalManifest(manifest)).manifest).toEqual(manifest);
        }
      }),
    );
  });
});

describe("parseManifest warns", () => {
  const exposed = `${yaml}    ports: [80]\n    health: {path: /}\ningresses: {shop: {scheme: http, container_port: 80}}\n`;
  const codes = ({ findings }: Parsed): readonly string[] =>
    findings.map(({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`);

  it("of one replica behind an ingress, at its scale when given", () => {
    expect(codes(parse(exposed))).toEqual(["warning single-replica 1:1"]);
    expect(codes(parse(`${exposed}scale: 1\n`))).toEqual(["warning single-replica 11:8"]);
    expect(codes(parse(`${exposed}scale: 2\n`))).toEqual([]);
    expect(codes(parse(yaml))).toEqual([]);
  });

  it("of the tag latest", () => {
    expect(codes(parse(yaml.replace('"1.10"', "latest")))).toEqual(["warning mutable-tag 6:16"]);
  });

  it("of auto_tls that nothing uses", () => {
    expect(codes(parse(`${yaml}auto_tls: true\n`))).toEqual(["warning unused-auto-tls 8:11"]);
  });

  it("and still gives the manifest", () => {
    expect(parse(exposed).manifest?.application).toBe("shop");
  });
});

describe("the slides as printed", () => {
  it.each([
    ["slide-1-application.txt", 50],
    ["slide-2-service.txt", 50],
    ["slide-3-ingress.txt", 125],
    ["slide-4-tls.txt", 142],
  ])("%s lacks a comma on line 3, and then an address", (file, column) => {
    const { findings, manifest } = parse(readFileSync(`test/manifest/slides/${file}`));

    expect(manifest).toBeUndefined();
    expect(findings.map(({ code }) => code)).toEqual(["not-parsable", "bad-maintainer"]);
    expect(findings[0]).toEqual({
      severity: "error",
      code: "not-parsable",
      message: 'A comma is missing between "image" and "image_tag".',
      path: "",
      line: 3,
      column,
      hint: 'Put a comma after the value of "image".',
    });
  });

  it("are told with a caret where the comma belongs", () => {
    const file = "slide-1-application.txt";
    const text = readFileSync(`test/manifest/slides/${file}`, "utf8");
    const told = parse(text).findings.map((finding) => reportText(finding, { file, text }));
    expect(told.join("\n")).toMatchInlineSnapshot(`
      "slide-1-application.txt:3:50: error not-parsable: A comma is missing between "image" and "image_tag".
        3 | "image": "registry.corp.example.com/demo/kubecon" "image_tag": "2017" } }, "maintainer": "…
          |                                                  ^
        hint: Put a comma after the value of "image".

      slide-1-application.txt:3:90: error bad-maintainer: "[email protected]" is no e-mail address and no Slack id.
        3 | …le.com/demo/kubecon" "image_tag": "2017" } }, "maintainer": "[email protected]" }
          |                                                              ^
        hint: A web page put this in place of an address; write the address itself.
      "
    `);
  });

  it("are the examples once the comma and the address are put in", () => {
    for (const name of ["1-application", "2-service", "3-ingress", "4-tls"]) {
      const slide = readFileSync(`test/manifest/slides/slide-${name}.txt`, "utf8");
      const mended = slide
        .replace('kubecon" "image_tag', 'kubecon", "image_tag')
        .replace("[email protected]", "kubecon-team@corp.example.com");
      const example = parse(readFileSync(`examples/${name}.json`));
      expect(example.manifest).toBeDefined();
      expect(placeless(parse(mended))).toEqual(placeless(example));
    }
  });
});
