import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortWords, splitWords } from "../../src/commands/words.ts";

describe("the words of a command", () => {
  it.each<[string, string[]]>([
    ["", []],
    ["   ", []],
    ["deploy kubecon-2017 tag=2018", ["deploy", "kubecon-2017", "tag=2018"]],
    ["  deploy \t web\n tag=1 ", ["deploy", "web", "tag=1"]],
    ["deploy\u00a0web", ["deploy", "web"]],
    ['reason="new schedule"', ["reason=new schedule"]],
    ["reason='new schedule'", ["reason=new schedule"]],
    ["reason=“new schedule”", ["reason=new schedule"]],
    ["reason=‘new schedule’", ["reason=new schedule"]],
    ["reason=„new schedule“", ["reason=new schedule"]],
    ['reason=“new schedule"', ["reason=new schedule"]],
    ['reason="new schedule”', ["reason=new schedule"]],
    ["reason=„new schedule”", ["reason=new schedule"]],
    ["reason=”new schedule”", ["reason=new schedule"]],
    ["reason=’new schedule’", ["reason=new schedule"]],
    ["reason=‚new schedule‘", ["reason=new schedule"]],
    ["reason=«new schedule»", ["reason=new schedule"]],
    ["reason=»new schedule«", ["reason=new schedule"]],
    ['reason="it\'s new"', ["reason=it's new"]],
    ["reason=“it’s new”", ["reason=it’s new"]],
    ["it's web", ["it's", "web"]],
    ["it’s web", ["it’s", "web"]],
    ['""', [""]],
    ['reason=""', ["reason="]],
    ['"deploy" "web"', ["deploy", "web"]],
    ['a"b c"d', ["ab cd"]],
    ["reason=a=b", ["reason=a=b"]],
    ["grüße 🚀", ["grüße", "🚀"]],
  ])("of %j are %j", (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it.each([
    ['reason="new', '"'],
    ["reason=“new", "”"],
    ["'new", "'"],
  ])("of %j are refused: a quote is open", (text, quote) => {
    expect(() => splitWords(text)).toThrow(
      expect.objectContaining({
        reason: "bad-input",
        message: "A quote is open at the end of the command.",
        hint: `Close it with ${quote}`,
      }),
    );
  });

  it("are refused beyond 4000 characters", () => {
    expect(splitWords("x".repeat(4_000))).toHaveLength(1);
    expect(() => splitWords("x".repeat(4_001))).toThrow("A command has at most 4000 characters.");
  });

  it("come back as they were, when each is quoted", () => {
    const word = fc
      .string({ maxLength: 20 })
      .filter((text) => !text.includes('"') && !text.includes("”"));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 10 }), (words) => {
        expect(splitWords(words.map((each) => `"${each}"`).join(" "))).toEqual(words);
      }),
    );
  });

  it("are found or refused in one sentence, whatever was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        try {
          for (const word of splitWords(text)) expect(typeof word).toBe("string");
        } catch (error) {
          expect(error).toMatchObject({ reason: "bad-input" });
        }
      }),
    );
  });
});

describe("words by kind", () => {
  it("are positional ones in order, and named ones by key", () => {
    const typed = ["web", "tag=2018", "web.tag=1", "env.NAME=a=b", "last"];
    expect(sortWords(typed)).toEqual({
      typed,
      positional: ["web", "last"],
      named: { tag: "2018", "web.tag": "1", "env.NAME": "a=b" },
    });
  });

  it("are positional where the key is none", () => {
    expect(sortWords(["=x", "1a=x", "ä=x", "a b=x"])).toMatchObject({
      positional: ["=x", "1a=x", "ä=x", "a b=x"],
    });
  });

  it("hold names that JavaScript uses itself as any other", () => {
    expect(sortWords(["constructor=1", "toString=2"]).named).toEqual({
      constructor: "1",
      toString: "2",
    });
    expect(sortWords(["__proto__=1"]).positional).toEqual(["__proto__=1"]);
  });

  it.each([
    ["tag=1", "tag=2"],
    ["tag=1", "tag=1"],
  ])("are refused twice: %s %s", (...words) => {
    expect(() => sortWords(words)).toThrow("tag= is given twice.");
  });

  it.each(["--follow", "\u2014follow", "\u2013follow", "\u2014\u2014Follow"])(
    "may be a switch with the dashes of a terminal: %s",
    (word) => {
      expect(sortWords(["web", word], ["follow"])).toMatchObject({
        positional: ["web"],
        named: { follow: "true" },
      });
      expect(() => sortWords(["web", word], ["previous"])).toThrow("begins with a dash");
    },
  );

  it.each(["--tag=2018", "-f", "—in=production", "–"])("are refused with a dash: %s", (word) => {
    expect(() => sortWords([word])).toThrow(
      `"${word}" begins with a dash; docc has no such options.`,
    );
  });
});
