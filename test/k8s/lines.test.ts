import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineSplitter } from "../../src/k8s/lines.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts bytes at the given places (any numbers: they are brought into range and order). */
function cutAt(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (whole.length + 1)), whole.length];
  const ordered = cuts.toSorted((a, b) => a - b);
  return ordered.slice(1).map((end, index) => whole.subarray(ordered[index], end));
}

describe("createLineSplitter", () => {
  it("gives the same lines wherever the chunks are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replaceAll("\n", ""))),
        fc.array(fc.nat(), { maxLength: 8 }),
        (lines, places) => {
          const splitter = createLineSplitter(1_000_000);
          const whole = bytes(lines.map((line) => `${line}\n`).join(""));
          const got = cutAt(whole, places).flatMap((chunk) => splitter.push(chunk));
          expect(got.map((line) => line.text)).toEqual(lines.map((line) => line.toWellFormed()));
          expect(splitter.end()).toBeUndefined();
        },
      ),
    );
  });

  it("keeps a half line until its end comes", () => {
    const splitter = createLineSplitter(100);
    expect(splitter.push(bytes('{"type":"ADD'))).toEqual([]);
    expect(splitter.push(bytes('ED"}\n{"ty'))).toEqual([
      { text: '{"type":"ADDED"}', truncated: false },
    ]);
    expect(splitter.end()).toEqual({ text: '{"ty', truncated: false });
  });

  it("cuts a line that is too long and goes on with the next", () => {
    const splitter = createLineSplitter(4);
    const lines = ["12345", "678\nnext\n", "\n"].flatMap((part) => splitter.push(bytes(part)));
    expect(lines).toEqual([
      { text: "1234", truncated: true },
      { text: "next", truncated: false },
      { text: "", truncated: false },
    ]);
  });

  it("never cuts a character in two", () => {
    const [line] = createLineSplitter(4).push(bytes("abc😀\n"));
    expect(line).toEqual({ text: "abc", truncated: true });
  });
});
