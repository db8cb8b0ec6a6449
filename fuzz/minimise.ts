import type { Source } from "./target.ts";

/** Bounds the work on one source. */
interface Budget {
  /** Whether a smaller source still shows the fault; each question costs one try. */
  readonly shows: (source: Source) => boolean;
  readonly isSpent: () => boolean;
}

const MOST_TRIES = 2_000;

/**
 * A smaller source that shows the same: whole lines are left out first, then single bytes or
 * UTF-16 units, in ever smaller runs (delta debugging, Zeller and Hildebrandt 2002, without its
 * complements).
 *
 * @param patience milliseconds after which the smallest so far is taken
 */
export function minimise(
  source: Source,
  shows: (source: Source) => boolean,
  patience: number,
): Source {
  const budget = budgetOf(shows, patience);
  if (typeof source === "string") {
    const join = (parts: readonly string[]): string => parts.join("");
    const lines = reduce(source.split(/(?<=\n)/u), join, budget);
    return join(reduce(join(lines).split(""), join, budget));
  }
  const lines = reduce(linesOf(source), (parts) => Buffer.concat(parts), budget);
  const bytes = reduce(Array.from(Buffer.concat(lines)), (parts) => Uint8Array.from(parts), budget);
  return Uint8Array.from(bytes);
}

function budgetOf(shows: (source: Source) => boolean, patience: number): Budget {
  const until = performance.now() + patience;
  let tries = 0;
  return {
    isSpent: () => tries >= MOST_TRIES || performance.now() > until,
    shows: (source) => {
      tries += 1;
      return shows(source);
    },
  };
}

/** Leaves out what it can until nothing more can be left out. */
function reduce<Part>(
  parts: readonly Part[],
  join: (parts: readonly Part[]) => Source,
  budget: Budget,
): readonly Part[] {
  const kept = reduceOnce(parts, join, budget);
  return kept.length < parts.length && !budget.isSpent() ? reduce(kept, join, budget) : kept;
}

/** Leaves out runs of parts, half as long each round, where the rest still shows the fault. */
function reduceOnce<Part>(
  parts: readonly Part[],
  join: (parts: readonly Part[]) => Source,
  { shows, isSpent }: Budget,
): readonly Part[] {
  let kept = parts;
  for (let length = Math.ceil(parts.length / 2); length >= 1; length = Math.floor(length / 2)) {
    for (let at = 0; at < kept.length && !isSpent();) {
      const without = [...kept.slice(0, at), ...kept.slice(at + length)];
      if (shows(join(without))) {
        kept = without;
      } else {
        at += length;
      }
    }
  }
  return kept;
}

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    const next = end === -1 ? bytes.length : end + 1;
    lines.push(bytes.subarray(at, next));
    at = next;
  }
  return lines;
}
