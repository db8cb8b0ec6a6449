import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import type { FindingCode } from "../../src/manifest/finding.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { manifests } from "./arbitrary.ts";
import { badManifests } from "./bad-manifests.ts";
import { editorSees } from "./editor-codes.ts";
import { complaints } from "./editor.ts";

/** What a text holds for an editor; undefined where it is no JSON or YAML at all. */
function read(text: string | Uint8Array): { readonly value: unknown } | undefined {
  try {
    return typeof text === "string" ? { value: parseYaml(text) as unknown } : undefined;
  } catch {
    return undefined;
  }
}

const codesOf = (findings: readonly string[]): readonly FindingCode[] =>
  findings.flatMap((finding) => {
    const [code = ""] = finding.split(" ");
    return isCode(code) ? [code] : [];
  });

function isCode(code: string): code is FindingCode {
  return Object.hasOwn(editorSees, code);
}

/** Codes about texts that an editor says nothing of. */
const onlyDocc = Object.entries(editorSees)
  .filter(([, sees]) => sees === "none")
  .map(([code]) => code)
  .filter((code) =>
    badManifests.some(({ findings }) => findings.some((each) => each.startsWith(code))),
  );

describe("an editor and docc", () => {
  const readable = badManifests.flatMap(({ what, text, findings }) => {
    const content = read(text);
    return content === undefined ? [] : [{ what, ...content, codes: codesOf(findings) }];
  });
  const seen = readable.filter(({ codes }) => codes.some((code) => editorSees[code] === "all"));

  it.each(seen)("both refuse $what", ({ value }) => {
    expect(complaints(value)).not.toEqual([]);
  });

  it.each(onlyDocc)("part over %s, which only docc can tell", (code) => {
    const alone = readable.filter(({ codes }) => codes.every((each) => each === code));
    expect(alone.some(({ value }) => complaints(value).length === 0)).toBe(true);
  });

  it("agree about manifests in which any one thing was spoiled", () => {
    fc.assert(
      fc.property(manifests.chain(spoiled), (value) => {
        const { findings, manifest } = parseManifest(JSON.stringify(value), { platform });
        const codes = findings.map(({ code }) => code);
        if (manifest !== undefined) {
          expect(complaints(value)).toEqual([]);
        } else if (codes.some((code) => editorSees[code] === "all")) {
          expect(complaints(value)).not.toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A manifest with another value, none, or one more at a place of it. */
function spoiled(manifest: object): fc.Arbitrary<unknown> {
  const other = fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 7e4, "", "-x", "2", [], {}, ["a"]);
  return fc
    .tuple(fc.nat(placesOf(manifest) - 1), fc.constantFrom(...ways), other)
    .map(([at, way, value]) => withChange(manifest, at, (old) => way(old, value)));
}

const ways: readonly ((old: unknown, value: unknown) => unknown)[] = [
  (_old, value) => value,
  () => undefined,
  (old, value) =>
    typeof old === "object" && !Array.isArray(old) ? { ...old, extra: value } : [old, value],
];

/** The values that JSON has of something. */
function placesOf(manifest: object): number {
  let count = 0;
  JSON.stringify(manifest, (_key, value: unknown) => {
    count += 1;
    return value;
  });
  return count;
}

/** A copy with the value at one of its places changed, in the order of writing; never the whole. */
function withChange(manifest: object, at: number, change: (old: unknown) => unknown): unknown {
  let count = -1;
  const text = JSON.stringify(manifest, (key, old: unknown) => {
    count += 1;
    return count === at && key !== "" ? change(old) : old;
  });
  return JSON.parse(text) as unknown;
}
