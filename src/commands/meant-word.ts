import { wordUsages } from "../manifest/words.ts";
import { oneLine } from "../text/clean.ts";
import { typedWord } from "../text/typed-word.ts";
import type { Command } from "./define.ts";
import { argumentsOf } from "./usage.ts";

/** Beyond this a sentence is no help any more. */
const longestMeant = 60;

/**
 * What one of these words was probably meant to be, as a sentence with the right form: `tag:2018`, `in= production`,
 * `in =production`. Only keys that the command knows count, so that no address or sentence is taken for one. Pure.
 * @param typed the words after the command's name, which were refused
 */
export function meantWord(command: Command, typed: readonly string[]): string | undefined {
  for (const [at, word] of typed.entries()) {
    const joined = joinedWord(command, word, typed.slice(at + 1));
    if (joined !== undefined) return `Write ${joined} without a space.`;
    const [, key = "", value = ""] = /^([^:=]+):(.+)$/u.exec(word) ?? [];
    const meant = isKeyOf(command, key) ? shownWord(key, value) : undefined;
    if (meant !== undefined) return `Write ${meant}.`;
  }
  return undefined;
}

/** `in= production`, `in =production`, `in = production` */
function joinedWord(
  command: Command,
  word: string,
  [next = "", afterNext = ""]: readonly string[],
): string | undefined {
  const hasSign = word.endsWith("=");
  const key = hasSign ? word.slice(0, -1) : word;
  if (!isKeyOf(command, key) || (!hasSign && !next.startsWith("="))) return undefined;
  const value = hasSign ? next : next === "=" ? afterNext : next.slice(1);
  return value === "" || (hasSign && value.includes("=")) ? undefined : shownWord(key, value);
}

function isKeyOf(command: Command, key: string): boolean {
  const own = argumentsOf(command).some(({ name, positional }) => !positional && name === key);
  return own || (command.rest !== undefined && isChange(key));
}

/** `tag`, `web.tag`, `env.NAME`: a key that changes a manifest. */
function isChange(key: string): boolean {
  const last = key.slice(key.lastIndexOf(".") + 1);
  return wordUsages.includes(last) || /(^|\.)env\.[^.]+$/u.test(key);
}

function shownWord(key: string, value: string): string | undefined {
  const word = typedWord(key, oneLine(value));
  return word === undefined || word.length > longestMeant ? undefined : word;
}
