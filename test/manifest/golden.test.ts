import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { canonicalJson } from "../../src/manifest/canonical.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import { translate } from "../../src/manifest/translate.ts";
import { shuffled } from "./arbitrary.ts";
import { frozenObjects, type Golden, goldens, halves, manifestOf } from "./goldens.ts";
import { modelProblems } from "./models.ts";
import { platforms } from "./platforms.ts";
import { fieldsIn, fieldsOfManifests } from "./schema-fields.ts";

// Read before any test runs: an objects file that is not there yet is written by its own test.
const { manifests, objects: expected } = halves();
const pairs = goldens();

const rendered = (text: string, { platform }: Golden): string =>
  renderYaml(translate(manifestOf(text, platform), platform));

describe("a golden manifest becomes the objects of its golden file:", () => {
  it.each(pairs)("$name", async (golden) => {
    await expect(rendered(golden.text, golden)).toMatchFileSnapshot(golden.objectsFile);
  });
});

describe("the golden files", () => {
  it("are pairs: no manifest without objects, no objects without a manifest", () => {
    expect(manifests).toEqual(expected);
    expect(new Set(manifests).size).toBe(manifests.length);
  });

  it("are more than a hundred", () => {
    expect(pairs.length).toBeGreaterThan(110);
  });

  it("name every platform, and no other", () => {
    const named = new Set(pairs.map(({ platformName }) => platformName));
    expect([...named].toSorted()).toEqual(Object.keys(platforms).toSorted());
  });

  it("show every field of the manifest", () => {
    const shown = new Set(pairs.flatMap(({ text }) => [...fieldsIn(parse(text))]));
    expect([...fieldsOfManifests()].filter((field) => !shown.has(field))).toEqual([]);
  });

  it("hold what the API's own models allow", () => {
    const problems = pairs.flatMap((golden) =>
      frozenObjects(golden)
        .flatMap(modelProblems)
        .map((problem) => `${golden.name}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  it("come out the same, byte for byte, a second time and for any order of keys", () => {
    for (const golden of pairs) {
      const first = rendered(golden.text, golden);
      expect(rendered(golden.text, golden), golden.name).toBe(first);
      const written: unknown = parse(golden.text);
      for (const seed of [1, 2, 3, 4, 5]) {
        const text = JSON.stringify(shuffled(written, seed));
        expect(rendered(text, golden), `${golden.name}, seed ${seed}`).toBe(first);
      }
    }
  });

  it("have all keys in order", () => {
    for (const golden of pairs) {
      const objects = translate(manifestOf(golden.text, golden.platform), golden.platform);
      expect(JSON.stringify(objects), golden.name).toBe(canonicalJson(objects));
    }
  });
});
