import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cap } from "../../src/text/cap.ts";
import { clean, oneLine, quoted, visible } from "../../src/text/clean.ts";
import { nearest } from "../../src/text/nearest.ts";

describe("clean", () => {
  it.each([
    ["colour sequences", "\u001b[31mred\u001b[0m", "red"],
    ["an 8-bit colour sequence", "\u009b31mred", "red"],
    [
      "a terminal link with its address",
      "\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007",
      "here",
    ],
    ["a window title ended by ST", "\u001b]0;title\u001b\\text", "text"],
    ["a short escape", "\u001b(Btext", "text"],
    ["an unfinished sequence's escape character", "text\u001b", "text"],
    ["NUL, bell and backspace", "a\u0000b\u0007c\u0008d", "abcd"],
    ["C1 controls", "a\u0085b\u0099c", "abc"],
    ["a bidi override", "a\u202egpj.exe", "agpj.exe"],
    ["bidi isolates and marks", "\u2066a\u2069\u200e\u061c", "a"],
    ["zero-width characters", "a\u200bb\u200cc\u200dd\ufeffe\u2060f", "abcdef"],
    ["tag characters", "a\u{e0041}\u{e0042}b", "ab"],
    ["line and paragraph separators", "a\u2028b\u2029c", "abc"],
  ])("drops %s", (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it("keeps tabs, newlines, accents, other scripts and emoji", () => {
    const text = "é ü 東京 שלום 🚀\n\tend";
    expect(clean(text)).toBe(text);
  });

  it("makes Windows and old Mac line ends plain newlines", () => {
    expect(clean("a\r\nb\rc")).toBe("a\nb\nc");
  });

  it("replaces a lone surrogate, which no encoder can send", () => {
    expect(clean("a\ud800b")).toBe("a\ufffdb");
  });

  it("leaves no hostile character, whatever surrounds it", () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        "\u001b",
        "[",
        "]",
        "3",
        "m",
        "\u0007",
        "\\",
        "\u009b",
        "\r",
        "\n",
        "a",
        "\u202e",
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const left = ["\u001b", "\u009b", "\u202e", "\r"].filter((one) =>
          clean(text).includes(one),
        );
        expect(left).toEqual([]);
      }),
    );
  });

  it("takes time in proportion to hostile text", () => {
    const started = performance.now();
    clean("\u001b[".repeat(200_000));
    clean("\u001b]".repeat(200_000));
    clean(`\u001b[${"0".repeat(400_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("oneLine, quoted and visible", () => {
  it("makes every run of white space one space", () => {
    expect(oneLine("  a \n\t b\r\nc ")).toBe("a b c");
  });

  it("quotes someone else's words in one bounded line", () => {
    expect(quoted("a\nb")).toBe('"a b"');
    expect(quoted("x".repeat(100), 5)).toBe('"xxxx…"');
  });

  it("shows an unseen character without moving the ones after it", () => {
    expect(visible("a\tb\u202ec\u{e0041}d")).toBe("a b\ufffdc\ufffd\ufffdd");
  });
});

describe("cap", () => {
  it("leaves a text that fits", () => {
    expect(cap("12345", 5)).toBe("12345");
  });

  it("ends a cut text with an ellipsis and never exceeds the limit", () => {
    expect(cap("123456", 5)).toBe("1234…");
    expect(cap("123 456", 5)).toBe("123…");
    expect(cap("123456", 1)).toBe("…");
    expect(cap("123456", 0)).toBe("");
  });

  it("never cuts a surrogate pair in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(20), (text, max) => {
        const cut = cap(text, max);
        expect(cut.length).toBeLessThanOrEqual(Math.max(max, 0));
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("nearest", () => {
  const keys = ["application", "scale", "containers", "image", "image_tag", "auto_tls", "ports"];

  it.each([
    ["imagee", "image"],
    ["image-tag", "image_tag"],
    ["imageTag", "image_tag"],
    ["Scale", "scale"],
    ["sclae", "scale"],
    ["port", "ports"],
    ["autotls", "auto_tls"],
    ["container", "containers"],
  ])("takes %s for %s", (word, meant) => {
    expect(nearest(word, keys)).toBe(meant);
  });

  it.each(["", "env", "x", "metadata", "a".repeat(10_000)])("suggests nothing for %j", (word) => {
    expect(nearest(word, keys)).toBeUndefined();
  });

  it("counts a swap of neighbours as one slip", () => {
    expect(nearest("tga", ["tag"])).toBe("tag");
  });
});
