import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeOddCharacters, hasOddCharacters } from "../../src/text/yaml-characters.ts";

describe("characters that YAML 1.1 does not read as they are", () => {
  it.each([
    "\u007f",
    "\u0080",
    "\u0085",
    "\u009f",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\ufffe",
    "\uffff",
  ])("are %j among others", (character) => {
    expect(hasOddCharacters(`a${character}`)).toBe(true);
    expect(escapeOddCharacters(character)).toMatch(/^\\u[0-9a-f]{4}$/u);
  });

  it.each(["", "plain", "\t\r\n", "é", "\u00a0", "\ud7ff", "\ue000", "\ufffd", "\u{1f680}"])(
    "are not in %j",
    (text) => {
      expect(hasOddCharacters(text)).toBe(false);
      expect(escapeOddCharacters(text)).toBe(text);
    },
  );

  it("are escaped in any JSON, which stays the same data", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = escapeOddCharacters(JSON.stringify(value));
        expect(hasOddCharacters(text)).toBe(false);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });
});
