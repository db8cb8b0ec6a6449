import { DoccError } from "../errors.ts";
import { cap } from "../text/cap.ts";
import { oneLine, quoted } from "../text/clean.ts";
import type { Words } from "./define.ts";

/**
 * What closes a quote; a phone may turn only one of two straight quotes into a curly one, and languages differ in which
 * of two opens.
 */
const quotes: Readonly<Record<string, string>> = {
  '"': '"”',
  "'": "'",
  "“": '”"',
  "”": '”"',
  "„": "“”",
  "‘": "’'",
  "’": "’'",
  "‚": "‘’",
  "«": "»",
  "»": "«",
};
const keyPattern = /^[A-Za-z][A-Za-z0-9_.-]*$/;
/** Also the long ones that phones make of `--`, and a minus. */
const dashes = /^[\p{Pd}\u2212]+/u;
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
  const chars = Array.from(text);
  for (const [at, char] of chars.entries()) {
    if (closing !== undefined) {
      if (closing.includes(char) && !isInsideWord(chars, at)) closing = undefined;
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

const curly = `[${Object.keys(quotes)
  .filter((quote) => !/["']/u.test(quote))
  .join("")}]`;
const opensCurly = new RegExp(`^(?<before>(?:-*[A-Za-z][A-Za-z0-9_.-]*=)?)(?<quote>${curly})`, "u");

/**
 * Words that a shell has split already, which knows straight quotes alone: what stands between curly ones is one word,
 * without them. A word with white space in it was in straight quotes, so all of it is meant; what is never closed stays.
 */
export function joinedQuotes(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const { before = "", quote = "" } = opensCurly.exec(word)?.groups ?? {};
    const closing = quotes[quote] ?? "";
    const end = quote === "" || /\s/u.test(word) ? -1 : closedAt(words, at, before.length, closing);
    const whole = words.slice(at, end + 1).join(" ");
    joined.push(end < 0 ? word : `${before}${whole.slice(before.length + 1, -1)}`);
    at = Math.max(at, end);
  }
  return joined;
}

/** The place of the first word that ends a quote, from the one that opened it at `start`; -1: none does. */
function closedAt(words: readonly string[], from: number, start: number, closing: string): number {
  return words.findIndex((word, at) => {
    const isLongEnough = at > from || word.length > start + 1;
    return at >= from && isLongEnough && closing.includes(word.at(-1) ?? " ");
  });
}

/** `--follow`, also where a phone has made one long dash of the two. */
function withTwoDashes(word: string): string {
  return word.replace(/^(?:[\p{Pd}\u2212]{2}|[^\P{Pd}-])/u, "--").toLowerCase();
}

/** The very word where that is one, for `--in=production` and what a phone makes of it. */
function withoutDash(word: string): string {
  const bare = oneLine(word.replace(dashes, ""));
  const isWord = /^[A-Za-z][A-Za-z0-9_.-]*=\S+$/u.test(bare) && bare.length <= 60;
  return isWord
    ? `Write ${bare} without a dash.`
    : "Write key=value words without a dash, for example in=production.";
}

/** An apostrophe between two letters closes nothing: `reason='it's new'`. */
function isInsideWord(chars: readonly string[], at: number): boolean {
  const isLetter = (char: string | undefined): boolean => /^[\p{L}\p{N}]$/u.test(char ?? "");
  return /^['’]$/u.test(chars[at] ?? "") && isLetter(chars[at - 1]) && isLetter(chars[at + 1]);
}

/** Inside a word only `key="..."` opens a quote; otherwise `it's` would swallow the rest. */
function isApostrophe(char: string, word: string | undefined): boolean {
  return "'‘’‚".includes(char) && word !== undefined && !word.endsWith("=");
}

/** The key of a `key=value` word; undefined for a positional one. */
export function keyOfWord(word: string): string | undefined {
  const at = word.indexOf("=");
  return at > 0 && keyPattern.test(word.slice(0, at)) ? word.slice(0, at) : undefined;
}

/**
 * Tells `key=value` words from positional ones. A key is letters, digits, `_ . -`.
 * @param switches words that mean `true`, and may come with the dashes of a terminal: `--follow`
 * @throws DoccError `bad-input` when a key comes twice, or for a word in the style of a terminal
 */
export function sortWords(typed: readonly string[], switches: readonly string[] = []): Words {
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const each of typed) {
    const meant = switches.find((name) => `--${name}` === withTwoDashes(each));
    const word = meant === undefined ? each : `${meant}=true`;
    if (dashes.test(word)) {
      throw new DoccError(
        "bad-input",
        `${quoted(word)} begins with a dash; docc has no such options.`,
        {
          hint: withoutDash(word),
        },
      );
    }
    const key = keyOfWord(word);
    if (key === undefined) {
      positional.push(word);
      continue;
    }
    if (named.has(key)) {
      throw new DoccError("bad-input", `${cap(key, 60)}= is given twice.`, {
        hint: "Give it once.",
      });
    }
    named.set(key, word.slice(key.length + 1));
  }
  return { typed, positional, named: Object.fromEntries(named) };
}
