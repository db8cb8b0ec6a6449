import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { type Answers, starterJson, starterManifest } from "../../src/manifest/init.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { manifestSchema } from "../../src/manifest/schema/manifest.ts";
import { schemaAt } from "../../src/manifest/schema/at.ts";

const findingsOf = (text: string) => parseManifest(text, { platform }).findings;

/** Answers that docc takes; any of them, in any combination. */
const answers: fc.Arbitrary<Answers> = fc.record(
  {
    application: fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/u),
    image: fc.constantFrom("nginx", "registry.corp.example.com/demo/kubecon", "localhost:5000/a"),
    tag: fc.constantFrom("2017", "1.10", "v1", "on", "null"),
    digest: fc.constant(`sha256:${"0a".repeat(32)}`),
    maintainer: fc.constantFrom("ana@corp.example.com", "U0123456789", "o'neil@b.example"),
    team: fc.constantFrom("payments", "2017", "no"),
    port: fc.integer({ min: 1, max: 65_535 }),
    scheme: fc.constantFrom("http", "https", "tls"),
  },
  { requiredKeys: [] },
);

/** A line that is off: a `#` that touches a word. */
const offLine = /^(?<indent> *)#(?<rest>[a-z].*)$/u;

function optional(text: string): readonly number[] {
  return text.split("\n").flatMap((line, index) => (offLine.test(line) ? [index] : []));
}

function switchedOn(text: string, lines: readonly number[]): string {
  return text
    .split("\n")
    .map((line, index) =>
      lines.includes(index) ? line.replace(offLine, "$<indent>$<rest>") : line,
    )
    .join("\n");
}

describe("a first manifest", () => {
  it("is the one of its golden files", async () => {
    await expect(starterManifest({})).toMatchFileSnapshot("adopt/golden/starter.yaml");
    await expect(
      starterManifest({
        application: "kubecon-2017",
        image: "registry.corp.example.com/demo/kubecon",
        tag: "2017",
        maintainer: "S0123456789",
        team: "demo",
        port: 8_443,
        scheme: "https",
      }),
    ).toMatchFileSnapshot("adopt/golden/starter-with-answers.yaml");
  });

  it("is read in a minute", () => {
    const lines = starterManifest({ scheme: "https" }).split("\n");
    expect(lines.length).toBeLessThan(40);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(150);
    expect(lines[0]).toBe("# yaml-language-server: $schema=./manifest.schema.json");
  });

  it("has no finding, whatever is answered, in YAML and in JSON with the same data", () => {
    fc.assert(
      fc.property(answers, (given) => {
        const yaml = starterManifest(given);
        const json = starterJson(given);
        expect(findingsOf(yaml)).toEqual([]);
        expect(findingsOf(json)).toEqual([]);
        const { $schema, ...data } = JSON.parse(json) as Record<string, unknown>;
        expect($schema).toBe("./manifest.schema.json");
        expect(parse(yaml)).toEqual(data);
      }),
    );
  });

  it("has no error when all its lines are switched on, or any of them", () => {
    fc.assert(
      fc.property(answers, (given) => {
        const text = starterManifest(given);
        const lines = optional(text);
        expect(lines.length).toBeGreaterThan(10);
        for (const some of [lines, ...lines.map((line) => [line])]) {
          const errors = findingsOf(switchedOn(text, some)).filter(
            ({ severity }) => severity === "error",
          );
          expect(errors).toEqual([]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("shows what a port would be where there is none", () => {
    const text = starterManifest({ port: null });
    expect(text).toContain("    #ports: [8080] #");
    expect(text).toContain("    #health: {tcp: 8080} #");
    expect(findingsOf(text)).toEqual([]);
    expect(findingsOf(switchedOn(text, optional(text)))).toEqual(
      findingsOf(switchedOn(starterManifest({}), optional(starterManifest({})))),
    );
  });

  it("shows every field at the top and of a container, but those that exclude a shown one", () => {
    const keysAt = (path: readonly string[]): readonly string[] => {
      const schema = schemaAt(path);
      return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    };
    const text = starterManifest({});
    const shown = [...text.matchAll(/^ *#?(?<key>[a-z_]+):/gmu)].map(
      ({ groups }) => groups?.["key"],
    );
    const missing = [...keysAt([]), ...keysAt(["containers", "any"])].filter(
      (key) => !shown.includes(key),
    );
    expect(missing).toEqual(["$schema", "image_digest", "run_as_root"]);
  });

  it("explains its lines in the schema's words", () => {
    const descriptions = JSON.stringify(z.toJSONSchema(manifestSchema, { io: "input" }));
    const comments = starterManifest({ scheme: "https" })
      .split("\n")
      .slice(2)
      .flatMap((line) => / # (?<comment>.*)$/u.exec(line)?.groups?.["comment"] ?? []);
    expect(comments.length).toBeGreaterThan(20);
    for (const comment of comments) {
      expect(descriptions).toContain(JSON.stringify(comment).slice(1, -1));
    }
  });

  it("holds hostile answers as data, on lines of their own", () => {
    const nasty = fc.oneof(
      fc.constantFrom(
        "a\nb: c",
        "# x",
        "{}",
        "'",
        '"',
        "a: b",
        "- a",
        "\u0085",
        "\u2028x",
        "&a *b",
        "!t",
        "null",
        "~",
        "",
      ),
      fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.toWellFormed()),
    );
    const any = fc.record({
      application: nasty,
      image: nasty,
      tag: nasty,
      maintainer: nasty,
      team: nasty,
      port: nasty,
      scheme: nasty,
    });
    fc.assert(
      fc.property(any, (given) => {
        const data = JSON.parse(starterJson(given)) as Record<string, unknown>;
        const read = parse(starterManifest(given)) as Record<string, unknown>;
        expect({ $schema: data["$schema"], ...read }).toEqual(data);
        expect(data["application"]).toBe(given.application);
        expect(data["maintainer"]).toBe(given.maintainer);
      }),
      { numRuns: 1_000 },
    );
  });
});
