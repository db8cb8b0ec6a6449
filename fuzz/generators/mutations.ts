import type { Random } from "../random.ts";
import type { Source } from "../target.ts";

/** @param other another text of the corpus */
type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Texts of a corpus with a few bytes changed, as bytes or as text. */
export function mutations(
  corpus: readonly Uint8Array[],
  pieces: readonly string[],
): (random: Random) => Source {
  return (random) => {
    const count = random.size(1, 12);
    let bytes = random.pick(corpus);
    for (let round = 0; round < count; round += 1) {
      bytes = random.pick([...mutationsOfBytes, insertion(pieces)])(
        bytes,
        random,
        random.pick(corpus),
      );
    }
    return random.chance(0.5) ? bytes : new TextDecoder().decode(bytes);
  };
}

const mutationsOfBytes: readonly Mutation[] = [
  (bytes, random) =>
    replaced(bytes, someRange(bytes, random, 1), (byte) => byte ^ (1 << random.int(0, 7))),
  (bytes, random) => replaced(bytes, someRange(bytes, random, 4), () => random.int(0, 255)),
  (bytes, random) => replaced(bytes, someRange(bytes, random, 1), () => random.int(0x20, 0x7e)),
  (bytes, random) => spliced(bytes, someRange(bytes, random, 40), new Uint8Array()),
  (bytes, random) => {
    const [start, end] = someRange(bytes, random, 200);
    return spliced(bytes, [end, end], bytes.subarray(start, end));
  },
  (bytes, random, other) => {
    const [from, to] = someRange(other, random, 200);
    return spliced(bytes, someRange(bytes, random, 60), other.subarray(from, to));
  },
  (bytes, random) => bytes.subarray(0, random.int(0, bytes.length)),
];

/** Puts in something that means much to parsers. */
function insertion(pieces: readonly string[]): Mutation {
  return (bytes, random) => {
    const [at] = someRange(bytes, random, 1);
    return spliced(bytes, [at, at], Buffer.from(random.pick(pieces)));
  };
}

type Range = readonly [start: number, end: number];

function someRange({ length }: Uint8Array, random: Random, longest: number): Range {
  const start = random.int(0, length);
  return [start, Math.min(length, start + random.size(1, longest + 1))];
}

function spliced(bytes: Uint8Array, [start, end]: Range, put: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(end)]);
}

function replaced(
  bytes: Uint8Array,
  [start, end]: Range,
  by: (byte: number) => number,
): Uint8Array {
  return bytes.map((byte, at) => (at >= start && at < end ? by(byte) : byte));
}
