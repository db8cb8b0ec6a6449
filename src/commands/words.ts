import { DoccError } from "../errors.ts";
import { cap } from "../text/cap.ts";
import { quoted } from "../text/clean.ts";
import type { Words } from "./define.ts";

/** What closes a quote; a phone may turn only one of two straight quotes into a curly one. */
const quotes: Readonly<Record<string, string>> = {
  '"': '"”',
  "'": "'",
  "“": '”"',
  "„": "“",
  "‘": "’",
};
const keyPattern = /^[A-Za-z][A-Za-z0-9_.-]*$/;
/** Also the long ones that phones make of `--`. */
const dashes = /^[-–—]/u;
/** Slack lets 40,000 characters through; no command needs a tenth of it. */
const longest = 4_000;

/**
 * Splits what a person typed at white space, keeping quoted parts together:
 * `deploy web reason="new schedule"`. Both straight and typographic quotes open and close.
 * @throws DoccError `bad-input` for an open quote or an overlong text
 */
export function splitWords(text: string): string[] {
  if (text.length > longest) {
    throw new DoccError("bad-input", `A command has at most ${longest} characters.`);
  }
  const words: string[] = [];
  let word: string | undefined;
  let closing: string | undefined;
  for (const char of text) {
    if (closing !== undefined) {
      if (closing.includes(char)) closing = undefined;
      else word = (word ?? "") + char;
    } else if (quotes[char] !== undefined && !isApostrophe(char, word)) {
      closing = quotes[char];
      word ??= "";
    } else if (/\s/u.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + char;
    }
  }
  if (closing !== undefined) {
    throw new DoccError("bad-input", "A quote is open at the end of the command.", {
      hint: `Close it with ${closing.charAt(0)}`,
    });
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Inside a word only `key="..."` opens a quote; otherwise `it's` would swallow the rest. */
function isApostrophe(char: string, word: string | undefined): boolean {
  return (char === "'" || char === "‘") && word !== undefined && !word.endsWith("=");
}

/**
 * Tells `key=value` words from positional ones. A key is letters, digits, `_ . -`.
 * @throws DoccError `bad-input` when a key comes twice, or for a word in the style of a terminal
 */
export function sortWords(words: readonly string[]): Words {
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const word of words) {
    if (dashes.test(word)) {
      throw new DoccError(
        "bad-input",
        `${quoted(word)} begins with a dash; docc has no such options.`,
        {
          hint: "Write key=value words without a dash, for example in=production.",
        },
      );
    }
    const at = word.indexOf("=");
    const key = at > 0 ? word.slice(0, at) : "";
    if (!keyPattern.test(key)) {
      positional.push(word);
      continue;
    }
    if (named.has(key)) {
      throw new DoccError("bad-input", `${cap(key, 60)}= is given twice.`, {
        hint: "Give it once.",
      });
    }
    named.set(key, word.slice(at + 1));
  }
  return { positional, named: Object.fromEntries(named) };
}
