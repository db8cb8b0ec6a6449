export const LONGEST_WORD = 64;

/**
 * The candidate a person most probably meant by `word`, or undefined when none is near: upper and
 * lower case count as equal, and about one slip in three letters is forgiven. Of equally near ones
 * the first wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > LONGEST_WORD) {
    return undefined;
  }
  const typed = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const slips = distance(typed, candidate.toLowerCase(), least);
    if (slips < least) {
      best = candidate;
      least = slips;
    }
  }
  return best;
}

/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. Infinity as
 * soon as it is known to be `enough` or more, since strangers' files have thousands of words: each
 * unit that one of the two has more is a slip, and no row of the table has less than the two before it.
 */
export function distance(left: string, right: string, enough: number): number {
  if (Math.abs(left.length - right.length) >= enough) {
    return Infinity;
  }
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  let leastOfLast = 0;
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    let leastOfRow = row;
    for (let column = 1; column <= right.length; column += 1) {
      const slips = cell(left, right, row, column, { current, last, beforeLast });
      current.push(slips);
      leastOfRow = Math.min(leastOfRow, slips);
    }
    if (leastOfLast >= enough && leastOfRow >= enough) {
      return Infinity;
    }
    leastOfLast = leastOfRow;
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? Infinity;
}

interface Rows {
  readonly current: readonly number[];
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function cell(
  left: string,
  right: string,
  row: number,
  column: number,
  { current, last, beforeLast }: Rows,
): number {
  const same = left[row - 1] === right[column - 1];
  const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
  return Math.min(
    (current[column - 1] ?? Infinity) + 1,
    (last[column] ?? Infinity) + 1,
    (last[column - 1] ?? Infinity) + (same ? 0 : 1),
    swapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
  );
}
