/**
 * The text itself when it fits, else its beginning and an ellipsis.
 *
 * @param max the greatest length of the result, in UTF-16 units (`String.length`), as Slack's and
 *   Kubernetes' limits never count fewer; a surrogate pair is never cut in two.
 */
export function cap(text: string, max: number): string {
  if (text.length <= max) {
    return text;
  }
  if (max < 1) {
    return "";
  }
  const cut = max - 1;
  const splitsPair = /[\ud800-\udbff]/u.test(text.charAt(cut - 1));
  return `${text.slice(0, splitsPair ? cut - 1 : cut).trimEnd()}…`;
}
