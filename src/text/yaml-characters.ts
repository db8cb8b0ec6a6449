/**
 * Characters that readers of YAML 1.1, such as an API server and kubectl, refuse or take for line ends,
 * even inside quotes: yaml.org/spec/1.1, "Character Set" and "Line Break Characters".
 */
const odd = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu;

export function hasOddCharacters(text: string): boolean {
  return text.search(odd) !== -1;
}

/** JSON, or YAML that has odd characters inside double quotes alone, with these escaped. */
export function escapeOddCharacters(text: string): string {
  return text.replaceAll(
    odd,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
