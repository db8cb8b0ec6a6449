import type { Examined, Fault, FaultKind } from "./examine.ts";
import type { Case } from "./target.ts";

/** Slow inputs that are told at the end. */
const SLOWEST = 5;

/** An input that was examined, as a report speaks of it: by its index it can be made again. */
export interface Seen {
  readonly index: number;
  readonly made: string;
  /** UTF-16 units or bytes. */
  readonly size: number;
  readonly ms: number;
}

/** Inputs with faults of one cause. */
export interface Found {
  readonly fault: Fault;
  /** Of the smallest index, so that the same run tells the same. */
  readonly first: Seen;
  readonly count: number;
}

/** What a run, or a part of one, came to. */
export interface Tally {
  readonly inputs: number;
  readonly slowest: readonly Seen[];
  readonly found: ReadonlyMap<string, Found>;
  /** Inputs with faults of each kind. */
  readonly faulty: Readonly<Record<FaultKind, number>>;
  /** Inputs by the way they were made, and by what they reached. */
  readonly made: ReadonlyMap<string, number>;
  readonly reached: ReadonlyMap<string, number>;
}

export const nothing: Tally = {
  inputs: 0,
  slowest: [],
  found: new Map(),
  faulty: { crash: 0, broken: 0, slow: 0 },
  made: new Map(),
  reached: new Map(),
};

export function seenAs(index: number, { made, source }: Case, { ms }: { ms: number }): Seen {
  return { index, made, size: source.length, ms };
}

/** The tally of one input. */
export function tallyOf(seen: Seen, { faults, seen: reached }: Omit<Examined, "ms">): Tally {
  const kinds = new Set(faults.map(({ kind }) => kind));
  const one = (kind: FaultKind): number => (kinds.has(kind) ? 1 : 0);
  return {
    inputs: 1,
    slowest: [seen],
    found: new Map(faults.map((fault) => [keyOf(fault), { fault, first: seen, count: 1 }])),
    faulty: { crash: one("crash"), broken: one("broken"), slow: one("slow") },
    made: new Map([[seen.made, 1]]),
    reached: new Map(reached.map((each) => [each, 1])),
  };
}

/** Both together. */
export function sum(left: Tally, right: Tally): Tally {
  return {
    inputs: left.inputs + right.inputs,
    slowest: [...left.slowest, ...right.slowest]
      .toSorted((one, other) => other.ms - one.ms)
      .slice(0, SLOWEST),
    found: merged(left.found, right.found, foundTogether),
    faulty: {
      crash: left.faulty.crash + right.faulty.crash,
      broken: left.faulty.broken + right.faulty.broken,
      slow: left.faulty.slow + right.faulty.slow,
    },
    made: merged(left.made, right.made, (one, other) => one + other),
    reached: merged(left.reached, right.reached, (one, other) => one + other),
  };
}

function keyOf({ kind, what }: Fault): string {
  return `${kind}: ${what}`;
}

function foundTogether(one: Found, other: Found): Found {
  const earlier = one.first.index <= other.first.index ? one : other;
  return { ...earlier, count: one.count + other.count };
}

function merged<Value>(
  left: ReadonlyMap<string, Value>,
  right: ReadonlyMap<string, Value>,
  together: (one: Value, other: Value) => Value,
): ReadonlyMap<string, Value> {
  const both = new Map(left);
  for (const [key, value] of right) {
    const before = both.get(key);
    both.set(key, before === undefined ? value : together(before, value));
  }
  return both;
}
