/** A sentence made part of another one: no capital at its start, no full stop at its end. */
export function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/u, "");
}
