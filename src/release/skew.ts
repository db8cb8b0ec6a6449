/**
 * What the cluster's clock shows more than docc's, in milliseconds, from one event that both have seen: docc knows
 * that its apply was stored between two moments of its own clock, the API server says when by its own. The
 * least difference that explains it: none at all where the two can agree.
 * @param between milliseconds since the epoch, by docc's clock
 * @param appliedAt RFC 3339, whole seconds, by the API server's clock; undefined where it did not say
 */
export function skewOf(
  between: { readonly from: number; readonly to: number },
  appliedAt: string | undefined,
): number {
  const second = Date.parse(appliedAt ?? "");
  const least = second - between.to;
  const most = second + 999 - between.from;
  if (!Number.isFinite(least) || !Number.isFinite(most)) return 0;
  return least > 0 ? least : Math.min(most, 0);
}
