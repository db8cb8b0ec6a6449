/** The middle of some figures; the mean of the two middle ones when their number is even. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError("no figures");
  return (low + high) / 2;
}

/** `12.3 ms (9.8 .. 30.1)`: the median and the range. */
export function sayFigures(figures: readonly number[], unit: string): string {
  const say = (figure: number): string => figure.toFixed(1);
  return `${say(median(figures))} ${unit} (${say(Math.min(...figures))} .. ${say(Math.max(...figures))})`;
}

/** Measures one run in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** `p50 12 ms, p95 40 ms, p99 61 ms, max 80 ms`: nearest ranks of some milliseconds. */
export function sayShares(figures: readonly number[]): string {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    `${(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN).toFixed(0)} ms`;
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)}`;
}
