import type { Random, Weighted } from "../random.ts";
import type { Source } from "../target.ts";
import { anyCharacter } from "./texts.ts";

/** What is no text of docc's kind: random bytes, other encodings, marks, halves of pairs. */
export function noise(corpus: readonly Uint8Array[]): (random: Random) => Source {
  return (random) => {
    const make = random.weighted(kinds);
    return make(Buffer.from(random.pick(corpus)), random);
  };
}

type Noise = (bytes: Buffer, random: Random) => Source;

const kinds: Weighted<Noise> = [
  [
    3,
    (_bytes, random) =>
      Uint8Array.from(random.times(random.size(1, 400), () => random.int(0, 255))),
  ],
  [3, (_bytes, random) => random.times(random.size(1, 200), () => anyCharacter(random)).join("")],
  [2, (bytes, random) => inside(bytes.toString(), anyCharacter(random), random)],
  [2, (bytes, random) => inside(bytes.toString(), random.pick(["\ud800", "\udc00", "\0"]), random)],
  [
    2,
    (bytes, random) =>
      Buffer.from(inside(bytes.toString("latin1"), random.pick(badUtf8), random), "latin1"),
  ],
  [1, (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, "utf16le")],
  [1, (bytes) => Buffer.from(bytes.toString(), "utf16le")],
  [1, (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, "utf16le").subarray(0, -1)],
  [1, (bytes) => Buffer.from(`\ufeff${bytes.toString()} `, "utf16le").swap16()],
  [1, (bytes, random) => `${"\ufeff".repeat(random.int(1, 3))}${bytes.toString()}`],
  [1, (bytes) => Buffer.concat([Buffer.from("\ufeff\ufeff"), bytes])],
  [1, (bytes) => bytes.toString("latin1")],
  [1, (bytes) => bytes.toString("base64")],
];

/** Not UTF-8, written as Latin-1: lone, cut, overlong, a surrogate, beyond Unicode. */
const badUtf8 = [
  "\xff",
  "\xc3",
  "\xe2\x82",
  "\xc0\xaf",
  "\xed\xa0\x80",
  "\xf4\x90\x80\x80",
  "\xef\xbf\xbd\x80",
];

function inside(text: string, put: string, random: Random): string {
  const at = random.int(0, text.length);
  return text.slice(0, at) + put + text.slice(at);
}
