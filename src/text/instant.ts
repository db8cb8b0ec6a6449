const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/**
 * A time of RFC 3339 as `2017-12-06T10:00:00.123456789Z`: UTC, always nine digits, so that times compare as
 * texts do, to the nanosecond.
 * @returns undefined when the text is none
 */
export function parseInstant(text: string): string | undefined {
  const [, seconds, fraction = "", zone = ""] = rfc3339.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const ms = Date.parse(seconds + zone);
  if (Number.isNaN(ms)) return undefined;
  const utc = zone === "Z" ? seconds : new Date(ms).toISOString().slice(0, -5);
  return `${utc}.${fraction.padEnd(9, "0")}Z`;
}

/** @param ms since the Unix epoch */
export function instantAt(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000000Z`;
}
