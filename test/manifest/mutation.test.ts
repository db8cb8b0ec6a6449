import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Finding, type FindingCode, hasErrors } from "../../src/manifest/finding.ts";
import { type Parsed, parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import { pathText } from "../../src/manifest/problem.ts";
import { manifests, manifestsOn, shuffled } from "./arbitrary.ts";
import { elsewhere } from "./mutation/elsewhere.ts";
import { dice, mutations } from "./mutation/mutations.ts";
import { json, type Text, written, yaml } from "./mutation/text.ts";
import { fieldsIn, fieldsOfManifests } from "./schema-fields.ts";

/** Everything that an operator can set which errors depend on. */
const strict: Platform = {
  ...defaultPlatform,
  domains: ["example.org"],
  teamDomains: { payments: ["pay.example.net"] },
  registries: ["docker.io", "registry.corp.example.com", "localhost:5000", "r.example.com:443"],
  allowRoot: true,
  maxScale: 20,
};

const errorsOf = ({ findings }: Parsed): readonly Finding[] =>
  findings.filter(({ severity }) => severity === "error");

describe("any valid manifest", () => {
  it("is drawn with every field that the schema has", () => {
    const drawn = fc.sample(manifests, 1_000).flatMap((each) => [...fieldsIn(each)]);
    expect(new Set(drawn)).toEqual(fieldsOfManifests());
  });

  it("is taken without an error, the same from JSON, from YAML and with its keys in another order", () => {
    fc.assert(
      fc.property(manifestsOn(strict), fc.nat(), (manifest, seed) => {
        const texts = [
          JSON.stringify(manifest),
          JSON.stringify(manifest, null, 2),
          stringify(manifest, { blockQuote: false }),
          yaml(written(manifest)).text,
          JSON.stringify(shuffled(manifest, seed)),
          stringify(shuffled(manifest, seed), { blockQuote: false }),
        ];
        const [first, ...others] = texts.map((text) => parseManifest(text, { platform: strict }));
        expect(first && errorsOf(first)).toEqual([]);
        expect(first?.manifest).toBeDefined();
        for (const other of others) {
          expect(other.manifest).toEqual(first?.manifest);
          expect(codes(other)).toEqual(first && codes(first));
        }
      }),
      { numRuns: 300 },
    );
  });
});

const codes = ({ findings }: Parsed): readonly string[] =>
  findings.map(({ code, path }) => `${code} ${path}`).toSorted();

describe.each(Object.entries(mutations))("a valid manifest with %s", (_kind, mutate) => {
  it.each([
    ["JSON", json],
    ["YAML", yaml],
  ] as const)(
    "stays valid, or is refused where that was done, by line and column, in %s",
    (_form, write) => {
      fc.assert(
        fc.property(manifestsOn(strict), dice, (manifest, chance) => {
          const mutated = mutate(written(manifest), chance);
          fc.pre(mutated !== undefined);
          const text = write(mutated.data);
          const parsed = parseManifest(text.text, { platform: strict });
          const places = mutated.at.map(pathText);

          expect(parsed.manifest === undefined).toBe(hasErrors(parsed.findings));
          for (const finding of parsed.findings) {
            const path = asWritten(finding, parsed, text);
            expect(placesOf(finding.code, path, text, places)).toContain(
              `${finding.line}:${finding.column}`,
            );
            expect(`${finding.message}${finding.hint}`).toMatch(
              /^[^\p{Cc}\p{Default_Ignorable_Code_Point}]+$/u,
            );
          }
          for (const error of errorsOf(parsed)) {
            const path = asWritten(error, parsed, text);
            expect(isAbout(error.code, path, places) ? [] : [error]).toEqual([]);
          }
        }),
        { numRuns: 100 },
      );
    },
  );
});

/** Whether an error is at a changed place, below it, right around it, or at a rule's other end. */
function isAbout(code: FindingCode, path: string, places: readonly string[]): boolean {
  return places.some(
    (place) =>
      path === place ||
      isBelow(path, place) ||
      path === around(place) ||
      (elsewhere[code] ?? []).some((rule) => rule.of.test(place) && rule.at.test(path)),
  );
}

function isBelow(path: string, place: string): boolean {
  return path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}

/** The path around one; empty for keys of the manifest itself. */
function around(path: string): string {
  return path.replace(/(?:^|\.)[\w$-]+$|\[(?:\d+|"(?:[^"\\]|\\.)*")\]$/u, "");
}

/** A finding's path in the text: what stands below a misspelt key is told by the right one, unless that is there too. */
function asWritten({ path }: Finding, { findings }: Parsed, { standing }: Text): string {
  if (standing.has(path)) return path;
  for (const { path: wrong, hint } of findings) {
    const key = /^Did you mean "(?<key>\w+)"\?$/u.exec(hint)?.groups?.["key"] ?? "";
    const right = around(wrong) === "" ? key : `${around(wrong)}.${key}`;
    if (key !== "" && (path === right || isBelow(path, right))) {
      return wrong + path.slice(right.length);
    }
  }
  return path;
}

/** Where a finding may stand: at its path in the text, else at the nearest thing around it. */
function placesOf(
  code: FindingCode,
  path: string,
  { standing }: Text,
  mutated: readonly string[],
): readonly string[] {
  if (code === "reserved-key" || code === "yaml-feature") {
    return mutated.flatMap((place) => standing.get(place) ?? []).map(({ key = "" }) => key);
  }
  const found = standing.get(path);
  if (code === "duplicate-key") {
    return (found ?? []).slice(1).map(({ key = "" }) => key);
  }
  return found === undefined
    ? nearest(around(path), standing)
    : found.flatMap(({ value, key = value }) => [value, key]);
}

function nearest(path: string, standing: Text["standing"]): readonly string[] {
  const found = standing.get(path);
  return found === undefined && path !== ""
    ? nearest(around(path), standing)
    : (found ?? []).map(({ value, key = value }) => key);
}
