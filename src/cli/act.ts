import { choiceNamed } from "../commands/choice.ts";
import { config as configWord } from "../commands/config.ts";
import type { Command } from "../commands/define.ts";
import { lock as lockWord, unlock as unlockWord } from "../commands/lock.ts";
import { argumentsOf } from "../commands/usage.ts";
import { longestCommand } from "../release/command-record.ts";
import { oneLine, quoted } from "../text/clean.ts";
import { typedWord } from "../text/typed-word.ts";
import type { CliCommand, Form } from "./command.ts";
import { homeOptions, homePlace } from "./home.ts";
import type { Args } from "./look-data.ts";
import { meantBy, rightForm } from "./mistakes.ts";
import { outputOf, outputOption } from "./output.ts";
import { understoodWords } from "./request-words.ts";
import { onlyPlace, takesOf } from "./takes.ts";
import { examplesOf, formOf, summaryOf } from "./usage.ts";
import { usageError } from "./words.ts";

const options = { output: outputOption, ...homeOptions };

/** A word of Slack that docc does for who asks in a terminal, and its arguments as the declaration has checked them. */
export interface Act {
  readonly command: Command;
  readonly args: Args;
}

/** How the word is written in a terminal. */
interface Written extends Pick<CliCommand, "details"> {
  /** Examples of the declaration that have no place in a terminal. */
  readonly without?: RegExp;
  readonly summary?: string;
  /** An argument that {@link Written.refuse} refuses. */
  readonly missing?: string;
  /** @throws DoccError for an argument that makes no sense in a terminal */
  readonly refuse?: (args: Args, form: Form) => void;
}

function acting(
  command: Command,
  { details, summary = summaryOf(command), missing, refuse, without: unfit }: Written,
): CliCommand {
  const { name } = command;
  const differs = { missing: missing === undefined ? [] : [missing], about: { in: onlyPlace } };
  const form = { ...formOf(command, options, differs), takes: takesOf(command, differs) };
  return {
    ...form,
    name,
    summary,
    details: [
      ...details,
      "You ask as the user of your kubeconfig: it is stored as a Command, docc does it with your rights, as in Slack, and answers within 30 seconds.",
      "Exit codes: 0 done, 1 docc refused it, 2 wrong usage, or nothing was stored, 9 no answer yet, or nobody can tell whether it is stored.",
    ],
    examples: examplesOf(command, unfit === undefined ? {} : { without: unfit }),
    run: async (words, io) => {
      const { args } = understoodWords(command, words, form);
      refuse?.(args, form);
      refuseOddValues(command, args);
      const act = { command, args };
      // What cannot be asked for is said before anybody connects.
      typedCommand(act);
      // Only who asks for a cluster pays for loading what speaks to one.
      const { actLive } = await import("./act-live.ts");
      return actLive(act, homePlace(words), outputOf(words.options), io);
    },
  };
}

/**
 * What docc would refuse by the declaration alone is refused before anything is stored. An empty value takes back.
 * @throws DoccError `bad-input` with the nearest value, or all of them
 */
function refuseOddValues(command: Command, args: Args): void {
  for (const { name, values } of argumentsOf(command)) {
    const given = args[name];
    if (values === undefined || typeof given !== "string" || given === "") continue;
    choiceNamed(given, values, { key: name, all: `It takes ${values.join(", ")}.` });
  }
}

export const lock = acting(lockWord, { details: [] });

export const unlock = acting(unlockWord, { details: [] });

export const config = acting(configWord, {
  summary: "Show and set what holds for you in Slack, where commands do not say",
  details: [
    "Without words it shows what holds.",
    "Whose Slack identity is yours, an operator says under people in docc.yaml.",
  ],
  missing: "scope",
  without: /^config channel/u,
  refuse: ({ scope }, form) => {
    if (typeof scope !== "string" || scope.toLowerCase() === "me") return;
    if (scope.toLowerCase() !== "channel") {
      const right = meantBy(scope, form) ?? rightForm(configWord.name, form);
      throw usageError(`${quoted(scope)} is one word too many.`, right);
    }
    throw usageError(
      "A terminal is in no channel.",
      "Ask in the channel that it is for, in Slack; without channel it is your own.",
    );
  },
});

/**
 * Kubernetes name of a Command. The API server lists by name, so what waits for docc is done in the order in which it
 * was asked, as far as clocks of terminals agree.
 * @param now milliseconds since the epoch
 * @param id unique, in letters, digits and hyphens
 */
export function commandName(now: number, id: string): string {
  return `command-${now.toString(36).padStart(9, "0")}-${id}`;
}

/**
 * The command as it would be typed behind `/docc`. Pure.
 * @throws DoccError `bad-input` for words that cannot be typed
 */
export function typedCommand({ command, args }: Act): string {
  const words = argumentsOf(command).flatMap(({ name, positional }) => {
    const value = args[name];
    if (typeof value !== "string") return [];
    const typed = typedWord(name, oneLine(value));
    if (typed === undefined) throw usageError(`${name}= cannot have a double quote in it.`);
    // By its name, so that no value is taken for another word.
    return positional ? [typed.slice(name.length + 1)] : [typed];
  });
  const text = [command.name, ...words].join(" ");
  if (text.length <= longestCommand) return text;
  throw usageError(`A command has at most ${longestCommand} characters.`);
}
