import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkJson } from "../../../src/manifest/reading/json-syntax.ts";
import { readYaml } from "../../../src/manifest/reading/yaml-tree.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with one character put in, taken out or exchanged. */
const spoilt = fc
  .tuple(
    fc.json({ maxDepth: 5 }),
    fc.nat(),
    fc.constantFrom("", ..." \t\n\u00a0,:{}[]\"\\'/#0123456789.eE+-truefalsn\u0007é".split("")),
    fc.nat(1),
  )
  .map(([text, at, put, taken]) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + put + text.slice(index + taken);
  });

describe("checkJson", () => {
  it("takes exactly what JSON.parse takes", () => {
    fc.assert(
      fc.property(spoilt, (text) => {
        expect(checkJson(text).problems.length === 0).toBe(isJson(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it("mends only into JSON, and moves nothing", () => {
    fc.assert(
      fc.property(spoilt, (text) => {
        const { mended } = checkJson(text);
        if (mended !== undefined) {
          expect(isJson(mended)).toBe(true);
          expect(mended).toHaveLength(text.length);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it("mends a forgotten comma anywhere", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (compact, luck) => {
        const text = JSON.stringify(JSON.parse(compact), null, 1);
        const commas = [...text.matchAll(/,\n/gu)].map(({ index }) => index);
        const at = commas[luck % commas.length];
        if (at !== undefined) {
          const { mended } = checkJson(text.slice(0, at) + text.slice(at + 1));
          expect(mended === undefined ? undefined : JSON.parse(mended)).toEqual(JSON.parse(text));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("leaves JSON whose tree has the value that JSON.parse gives", () => {
    const value = fc
      .json({ maxDepth: 5 })
      .filter((text) => !/__proto__|constructor|prototype|"<<"|:-0|\[-0|^-0|,-0/u.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const { tree, problems } = readYaml(text);
        expect(problems).toEqual([]);
        expect(JSON.stringify(tree?.value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 2_000 },
    );
  });
});
