import { nearest } from "../../text/nearest.ts";

/** One sentence, and what to do. */
interface Said {
  readonly message: string;
  readonly hint: string;
}

/**
 * Says what stands at the start of `rest` where JSON wants `expected`, and how people come to write
 * it: comments, other quotes, Python's constants, invisible characters.
 */
export function explainJson(rest: string, expected: string): Said {
  const known = mistakes.find(({ pattern }) => pattern.test(rest));
  if (known !== undefined) {
    return known;
  }
  const word = /^[\w.+-]+/u.exec(rest)?.[0];
  if (word === undefined) {
    return { message: `Here should be ${expected}, not ${nameOfFirst(rest)}.`, hint: "" };
  }
  const meant = nearest(word, ["true", "false", "null"]);
  return {
    message: `Here should be ${expected}, not ${word}.`,
    hint: meant === undefined ? "Text stands in double quotes." : `Did you mean ${meant}?`,
  };
}

const mistakes: readonly (Said & { readonly pattern: RegExp })[] = [
  {
    pattern: /^(?:\/\/|\/\*|#)/u,
    message: "JSON has no comments.",
    hint: "Remove it, or write the manifest in YAML.",
  },
  {
    pattern: /^[\u201c\u201d\u201e\u2018\u2019]/u,
    message: "These are typographic quotes, which chat and word processors put in.",
    hint: 'Write straight double quotes: ".',
  },
  { pattern: /^'/u, message: "JSON has no single quotes.", hint: 'Write double quotes: ".' },
  { pattern: /^,/u, message: "There is a comma too many.", hint: "Remove the comma." },
  { pattern: /^-?0\d/u, message: "A number starts with 0.", hint: "Remove the 0, or quote it." },
];

/** A character as a person can find it: itself, or its number when it cannot be seen. */
function nameOfFirst(text: string): string {
  const [character = ""] = text;
  const seen = /^[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(character);
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return seen ? character : `an invisible character (U+${number})`;
}
