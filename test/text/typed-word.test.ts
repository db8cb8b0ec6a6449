import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitWords } from "../../src/commands/words.ts";
import { typedWord } from "../../src/text/typed-word.ts";

describe("a word as it would be typed", () => {
  it.each([
    ["2018", "tag=2018"],
    ["new schedule", 'tag="new schedule"'],
    ["it's", 'tag="it\'s"'],
    ["", 'tag=""'],
    ['a"b', undefined],
    ["a”b", undefined],
  ])("for %j is %j", (value, typed) => {
    expect(typedWord("tag", value)).toBe(typed);
  });

  it("is understood as what it was, or is none", () => {
    const value = fc.string({ unit: fc.constantFrom(...Array.from("ab 1=\t\"'“”„‘’")) });
    fc.assert(
      fc.property(value, (said) => {
        const typed = typedWord("tag", said);
        if (typed !== undefined) expect(splitWords(typed)).toEqual([`tag=${said}`]);
      }),
    );
  });
});
