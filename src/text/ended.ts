/** Words that end as a sentence does. */
export function ended(words: string): string {
  return /[.!?…]$/u.test(words) ? words : `${words}.`;
}
