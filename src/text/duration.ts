const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a duration as people write it in `docc.yaml`: `90s`, `10m`, `1h30m`.
 * @returns undefined when the text is none.
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    total += Number(count) * units[unit as keyof typeof units];
  }
  return Number.isSafeInteger(total) ? total : undefined;
}

/** A duration in the tone of the messages: `41 s`, `1m44s`, `2h05m`. Never negative. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds <= 60) return `${seconds} s`;
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}

/** How long ago or how long still, in the largest units that matter: as {@link sayDuration} up to two days, then `17 days`. */
export function sayAge(ms: number): string {
  const days = Math.floor(ms / units.d);
  return days < 2 ? sayDuration(ms) : `${days} days`;
}
