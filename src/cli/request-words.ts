import { checkArguments } from "../commands/dispatch.ts";
import type { Command } from "../commands/define.ts";
import { keyOfWord, sortWords } from "../commands/words.ts";
import { isDoccError } from "../errors.ts";
import { parseDuration } from "../text/duration.ts";
import { quoted } from "../text/clean.ts";
import type { Form } from "./command.ts";
import { type HomePlace, homePlace } from "./home.ts";
import { type OutputFormat, outputOf } from "./output.ts";
import { meantBy, refuseOptionWords, rightForm } from "./mistakes.ts";
import { usageError, type Words } from "./words.ts";

/** Long enough for a lunch break of whoever approves, and for a slow rollout behind it. */
const usualWaitMs = 30 * 60_000;
const longestKey = 200;

/** A request as it was written, for any of the words that make one. */
export interface AskedWords {
  readonly place: HomePlace;
  readonly args: Readonly<Record<string, unknown>>;
  /** `key=value` words that change the manifest. */
  readonly words: Readonly<Record<string, string>>;
  readonly environment: string;
  readonly tell: string | undefined;
  readonly key: string | undefined;
  /** How long to follow it, in milliseconds; undefined: not at all. */
  readonly waitMs: number | undefined;
  readonly output: OutputFormat;
}

/**
 * Takes the words of a request apart by the declaration of the Slack command of that name. Pure.
 * @param form how the word is written in a terminal
 * @throws DoccError `bad-input` with the right form
 */
export function askedWords(command: Command, words: Words, form: Form): AskedWords {
  const { args, rest } = understoodWords(command, words, form);
  const { in: environment } = args;
  if (typeof environment !== "string") throw nowhere(command, words);
  const { options } = words;
  return {
    place: homePlace(words),
    args,
    words: rest,
    environment,
    tell: mailOf(options.get("for")),
    key: keyOf(options.get("key")),
    waitMs: waitOf(options.get("wait")),
    output: outputOf(options),
  };
}

/**
 * The arguments of a command, and the words that it collects.
 * @throws DoccError `bad-input` with the right form
 */
export function understoodWords(command: Command, { positionals }: Words, form: Form) {
  refuseOptionWords(command, positionals, form);
  try {
    return checkArguments(command, sortWords(positionals));
  } catch (error) {
    // What has no hint is the right form itself.
    if (!isDoccError(error, "bad-input") || error.hint === undefined) throw error;
    const surplus =
      command.variadic === true ? undefined : placed(positionals)[command.positional.length];
    const meant = surplus === undefined ? undefined : meantBy(surplus, form);
    const right = meant ?? rightForm(command.name, form);
    // Who is told the nearest word needs no more.
    throw usageError(error.message, error.message.includes("Did you mean") ? undefined : right);
  }
}

/** Words that are no `key=value`. */
function placed(positionals: readonly string[]): readonly string[] {
  return positionals.filter((word) => keyOfWord(word) === undefined);
}

/** What was typed, and where. */
function nowhere({ name, positional }: Command, { positionals, options }: Words): Error {
  const said = placed(positionals).map((word) => (/^[\w.-]{1,60}$/u.test(word) ? word : "APP"));
  const hasApp = said.length > 0 || options.has("file") || !positional.includes("app");
  const words = ["docc", name, ...(hasApp ? said : ["APP"]), "in=ENVIRONMENT"].join(" ");
  return usageError(
    "Say where: a terminal does not know the default environment.",
    `Write ${words}${options.has("file") ? " -f FILE" : ""}.`,
  );
}

/** As the CRD takes it (deploy/crds). */
function mailOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  if (written.length <= 254 && /^[^\s@<>]+@[^\s@<>]+$/u.test(written)) return written;
  throw usageError(`${quoted(written)} is no e-mail address.`, "Write --for name@example.com.");
}

function keyOf(written: string | undefined): string | undefined {
  if (written !== undefined && written.length > longestKey) {
    throw usageError(`--key has more than ${longestKey} characters.`);
  }
  return written;
}

function waitOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const ms = written === "" ? usualWaitMs : parseDuration(written);
  if (ms !== undefined && ms > 0) return ms;
  throw usageError(`--wait takes no ${quoted(written)}.`, "Write --wait, or --wait=10m.");
}

/** A text argument, as the declaration has checked it. */
export function textOf({ args }: AskedWords, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
}
