/**
 * `2017-12-06 11:00`, in UTC, which the sentence around it says.
 * @param time RFC 3339, in UTC
 */
export function sayMinute(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
