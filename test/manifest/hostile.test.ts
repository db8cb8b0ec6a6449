import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";

const SIZE = 256 * 1024;

/** The file that a piece repeated to the size limit makes. */
const filled = (piece: string): string => piece.repeat(Math.floor(SIZE / piece.length));

const head = "application: shop\nmaintainer: a@b.example\n";

function many(count: number, of: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => of(index)).join(", ");
}

const hostile: Readonly<Record<string, string>> = {
  "open brackets": filled("["),
  "open braces": filled('{"a":'),
  "YAML flow maps": filled("{a: "),
  "nested YAML lists": filled("- "),
  "nested YAML keys": filled("? "),
  "compact mappings": filled("a: "),
  "closing brackets": filled("]"),
  quotes: filled('"'),
  "single quotes": filled("'"),
  colons: filled(":"),
  newlines: filled("\n"),
  spaces: filled(" "),
  comments: filled("# a\n"),
  anchors: filled("&a "),
  aliases: filled("*a "),
  tags: filled("!a "),
  documents: filled("---\n"),
  directives: filled("%A\n"),
  "one long word": filled("a"),
  "one long key": `${"a".repeat(SIZE - 4)}: 1`,
  "one long JSON key": `{"${"a".repeat(SIZE - 8)}": 1}`,
  "items without commas": `[${"1 ".repeat(SIZE / 2 - 2)}]`,
  "members without commas": `{${'"a":1 '.repeat(40_000)}}`,
  "unknown JSON keys": `{${Array.from({ length: 25_000 }, (_, index) => `"k${index}":1`).join(",")}}`,
  "unknown YAML keys": Array.from({ length: 1_000 }, (_, index) => `key-${index}: 1`).join("\n"),
  "the same key again": `{${'"scale":1,'.repeat(20_000)}"scale":1}`,
  "an alias bomb": `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n`,
  "a long maintainer": `${head}containers: {}\nmaintainer: "${"a.".repeat(100_000)}@b"`,
  "a long image": `${head}containers: {a: {image_tag: a, image: "${"a-".repeat(100_000)}!"}}`,
  "a long application": `application: ${"a-".repeat(120_000)}!\n`,
  "many containers, and an environment that names others": `${head}containers: {${many(1_500, (index) => `c${index}: {}`)}}\nenvironments: {a: {cpu: 1, containers: {${many(1_000, (index) => `d${index}: {}`)}}}}`,
  "many ingresses of one host": `${head}containers: {a: {}}\ningresses: {${many(1_000, (index) => `i${index}: {path: /p${index}, hosts: [a.example.com]}`)}}`,
  "one host many times": `${head}containers: {a: {}}\ningresses: {a: {hosts: [${many(9_000, () => "a.b")}]}}`,
  "many hosts": `${head}containers: {a: {}}\ningresses: {a: {hosts: [${many(9_000, (index) => `h${index}.b`)}]}}`,
  "many ports": `${head}containers: {a: {ports: [${many(9_000, (index) => String(index))}]}}\ningresses: {a: {container_port: 9}}`,
  "the same port again": `${head}containers: {a: {ports: [${many(9_000, () => "{port: 1, name: a}").slice(0, 60_000)}]}}`,
  "many directories": `${head}containers: {a: {writable: [${many(9_000, (index) => `/d${index}`)}]}}`,
  "many variables": `${head}containers: {a: {env: {${many(4_000, (index) => `A${index}: 1`)}}}}`,
  "misspelt keys": `{"containers": {"a": {${many(9_000, (index) => `"imag${index}": 1`)}}}}`,
  "misspelt long keys": `{"containers": {"a": {${many(2_000, (index) => `"${"image_tag".repeat(7)}${index}": 1`)}}}}`,
  "a long host": `${head}containers: {a: {}}\ningresses: {a: {hosts: ["${"a.".repeat(100_000)}"]}}`,
  "a long path": `${head}containers: {a: {health: {path: "${"/a".repeat(100_000)}?"}}}`,
  "a long directory": `${head}containers: {a: {writable: ["${"/a".repeat(100_000)}/"]}}`,
  "a long link": `${head}containers: {}\nlinks: {a: "https://a/${"{a".repeat(100_000)}"}`,
  "a long duration": `${head}containers: {}\ndeploy: {timeout: "${"1s".repeat(100_000)}x"}`,
  "a long amount": `${head}containers: {a: {memory: "${"1".repeat(200_000)}x", cpu: "${"1".repeat(50_000)}"}}`,
  "a long variable": `${head}containers: {a: {env: {A: "${"$(".repeat(100_000)}"}}}`,
  escapes: `{"a": "${"\\u0041".repeat(40_000)}"}`,
  backslashes: `{"a": "${"\\\\".repeat(100_000)}`,
};

describe("a hostile file", () => {
  it.each(Object.keys(hostile))("of %s is refused, soon and briefly", (name) => {
    const started = performance.now();
    const { manifest, findings } = parseManifest(hostile[name] ?? "", { platform });
    const took = performance.now() - started;

    expect(manifest).toBeUndefined();
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThanOrEqual(101);
    for (const { message, hint, path } of findings) {
      expect(message.length + hint.length + path.length).toBeLessThan(1_000);
    }
    // Generous for a loaded machine; a quadratic step takes minutes.
    expect(took).toBeLessThan(5_000);
  });

  it("counts the findings it does not list", () => {
    const { findings } = parseManifest(hostile["unknown YAML keys"] ?? "", { platform });
    expect(findings).toHaveLength(101);
    expect(findings.at(-1)?.message).toBe("There are 903 more findings.");
  });

  it("never reaches a prototype", () => {
    parseManifest(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
      {
        platform,
      },
    );
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("of any bytes or any text never makes it throw", () => {
    const pieces = fc.constantFrom(
      ..."{}[],:\"'\\\n\t #&*!%|>?-@`~0123456789.eE\0\u0085\u2028\ud800é".split(""),
      "application",
      "containers",
      "maintainer: a@b.example\n",
      "image_tag: ",
      "ports: [80]\n",
      "environments: {production: {",
      "env: {A: ",
      "health: {path: ",
      "hosts: [",
      "scale: {min: ",
      "secret: ",
      "  ",
      "---\n",
      "<<: ",
      "__proto__: ",
    );
    const text = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));
    const check = (source: string | Uint8Array): void => {
      const { manifest, findings } = parseManifest(source, { platform });
      expect(manifest === undefined).toBe(findings.some(({ severity }) => severity === "error"));
    };
    fc.assert(fc.property(text, check), { numRuns: 5_000 });
    fc.assert(
      fc.property(
        text.map((tail) => `${head}${tail}`),
        check,
      ),
      { numRuns: 5_000 },
    );
    fc.assert(
      fc.property(
        text.map((tail) => `{"application": "a", ${tail}`),
        check,
      ),
      { numRuns: 2_000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 2_000 });
  });
});
