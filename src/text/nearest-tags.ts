import { distance, LONGEST_WORD } from "./nearest.ts";

/** A comparison by letters costs the product of two lengths; a registry may hold ten thousand tags. */
const mostComparisons = 1_000;

interface Ranked {
  readonly tag: string;
  /** Slips of the pen between the two; Infinity when they are too many. */
  readonly slips: number;
  /** Differences of the numbers from left to right; undefined when the tags are not built alike. */
  readonly gaps: readonly number[] | undefined;
}

/**
 * The existing tags that a person most probably meant by one that does not exist, nearest first: slips
 * of the pen (`2081` for 2018), then neighbours by number (2017; for `1.2.9` 1.2.8). Tags that are
 * neither are left out.
 * @param most how many at most
 */
export function nearestTags(tag: string, all: Iterable<string>, most: number): readonly string[] {
  let comparisons = 0;
  const ranked = [...new Set(all)].flatMap((other): readonly Ranked[] => {
    if (other === tag) return [];
    const isComparable = comparisons < mostComparisons && mayBeSlip(tag, other);
    if (isComparable) comparisons += 1;
    const slips = isComparable ? slipsBetween(tag, other) : Infinity;
    const gaps = gapsBetween(tag, other);
    return slips === Infinity && gaps === undefined ? [] : [{ tag: other, slips, gaps }];
  });
  return ranked
    .toSorted(nearerFirst)
    .slice(0, most)
    .map((each) => each.tag);
}

function nearerFirst(left: Ranked, right: Ranked): number {
  if (left.slips !== right.slips) return left.slips < right.slips ? -1 : 1;
  return compareGaps(left.gaps, right.gaps) || (left.tag < right.tag ? -1 : 1);
}

function compareGaps(
  left: readonly number[] | undefined,
  right: readonly number[] | undefined,
): number {
  if (left === undefined || right === undefined) {
    return Number(left === undefined) - Number(right === undefined);
  }
  const at = left.findIndex((gap, index) => gap !== right[index]);
  return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

/** About one slip in three letters, as `nearest` forgives. */
const forgiven = (tag: string): number => Math.max(1, Math.floor(tag.length / 3));

function slipsBetween(tag: string, other: string): number {
  return distance(tag.toLowerCase(), other.toLowerCase(), forgiven(tag) + 1);
}

/** Letters that only one of the two has are slips at least: that is cheap to count. */
function mayBeSlip(tag: string, other: string): boolean {
  const most = forgiven(tag);
  if (tag.length > LONGEST_WORD || Math.abs(tag.length - other.length) > most) return false;
  const counts = new Map<string, number>();
  for (const char of tag.toLowerCase()) counts.set(char, (counts.get(char) ?? 0) + 1);
  for (const char of other.toLowerCase()) counts.set(char, (counts.get(char) ?? 0) - 1);
  const own = [...counts.values()].filter((count) => count > 0).reduce((a, b) => a + b, 0);
  return own <= most;
}

/** Of tags that differ in their numbers alone: `v1.2` and `1.3`, never `1.2` and `1.2-debug`. */
function gapsBetween(tag: string, other: string): readonly number[] | undefined {
  const parts = partsOf(tag);
  const others = partsOf(other);
  const isAlike =
    parts.length > 1 &&
    parts.length === others.length &&
    parts.every((part, at) => at % 2 === 1 || part === others[at]);
  if (!isAlike) return undefined;
  return parts.flatMap((part, at) =>
    at % 2 === 1 ? [Math.abs(Number(part) - Number(others[at]))] : [],
  );
}

/** Text and numbers by turns, beginning with text. */
function partsOf(tag: string): readonly string[] {
  return tag
    .toLowerCase()
    .replace(/^v(?=\d)/u, "")
    .split(/(\d+)/u);
}
