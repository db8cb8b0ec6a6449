/**
 * Milliseconds that a Retry-After header asks for: seconds, or a date.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 * @param now milliseconds since the Unix epoch
 * @returns undefined when there is no such header, or it says neither
 */
export function parseRetryAfter(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  if (typeof header !== "string") return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}
