import type { Command } from "../commands/define.ts";
import { type Argument, argumentsOf } from "../commands/usage.ts";
import type { CliCommand, Form } from "./command.ts";
import { type Option, valueForm } from "./words.ts";

/** What stands for the value of an argument that has no values of its own; {@link anyText} for all others. */
const placeholders: Readonly<Record<string, string>> = {
  by: "WHO",
  confirm: "NAME",
  container: "NAME",
  environment: "NAME",
  for: "DURATION",
  from: "ENVIRONMENT",
  hosts: "HOSTS",
  image: "IMAGE",
  in: "ENVIRONMENT",
  kind: "KIND",
  lines: "N",
  maintainer: "WHO",
  memory: "SIZE",
  page: "N",
  plan: "DIGEST",
  pod: "NAME",
  port: "N",
  revision: "N",
  scale: "N",
  since: "DURATION",
  team: "TEAM",
  to: "REVISION",
  until: "TIME",
};
const anyText = "TEXT";

/** `key=value` words that change a manifest, and in a short form all that may be left out. */
export const changesUsage = "key=value ...";

/** In what a word of a terminal is not the word of Slack. */
export interface Differs {
  /** Arguments that have no place in a terminal. */
  readonly missing?: readonly string[];
  /** Arguments that only Slack can fill in. */
  readonly needed?: readonly string[];
  /** What an argument is, where the declaration speaks of what only Slack has. */
  readonly about?: Readonly<Record<string, string>>;
  /** What stands for the value of an argument, where it is not what the same word takes elsewhere. */
  readonly values?: Readonly<Record<string, string>>;
}

type Taken = Argument & { readonly placeholder: string };

/** The arguments of a word in a terminal, what must be there first. Pure. */
export function takenBy(
  command: Command,
  { missing = [], needed = [], about = {}, values = {} }: Differs = {},
): readonly Taken[] {
  const taken = argumentsOf(command)
    .filter(({ name }) => !missing.includes(name))
    .map((each) => ({
      ...each,
      optional: each.optional && !needed.includes(each.name),
      description: about[each.name] ?? each.description,
      placeholder: values[each.name] ?? placeholders[each.name] ?? anyText,
    }));
  const placed = taken.filter(({ positional }) => positional);
  const named = taken.filter(({ positional }) => !positional);
  return [
    ...placed,
    ...named.filter(({ optional }) => !optional),
    ...named.filter(({ optional }) => optional),
  ];
}

/**
 * How a word of Slack is written in a terminal, by its declaration: `APP in=ENVIRONMENT [to=REVISION]`. What must be
 * there comes first. Pure.
 */
export function wordUsage(command: Command, differs: Differs = {}): string {
  return takenBy(command, differs)
    .map(argumentUsage)
    .concat(command.rest === undefined ? [] : [`[${changesUsage}]`])
    .join(" ");
}

/** `APP in=ENVIRONMENT [key=value ...]`: the same in short. Pure. */
export function shortUsage(command: Command, differs: Differs = {}): string {
  const taken = takenBy(command, differs);
  const shown = taken.filter(({ positional, optional }) => positional || !optional);
  // A few more need no stand-in.
  if (command.rest === undefined && taken.length - shown.length <= 2) {
    return wordUsage(command, differs);
  }
  return [...shown.map(argumentUsage), `[${changesUsage}]`].join(" ");
}

/** How a word of Slack with these options is written in a terminal. Pure. */
export function formOf(
  command: Command,
  options: CliCommand["options"],
  differs: Differs = {},
): Required<Pick<Form, "usage" | "short" | "options">> {
  return {
    usage: `${wordUsage(command, differs)} ${optionUsage(options)}`,
    short: [shortUsage(command, differs)],
    options,
  };
}

/** The declaration's, without what only Slack has: there an answer can be for all. Pure. */
export function summaryOf({ summary }: Pick<Command, "summary">): string {
  return summary.replace(/, to you alone$/u, "");
}

/** `in=ENVIRONMENT`, `[APP]`. Pure. */
export function argumentUsage({
  name,
  optional,
  positional,
  several,
  values,
  placeholder,
  isSwitch,
}: Taken): string {
  const value = values?.join("|");
  const named = isSwitch ? name : `${name}=${value ?? placeholder}`;
  const word = positional ? `${value ?? name.toUpperCase()}${several ? "..." : ""}` : named;
  return optional ? `[${word}]` : word;
}

interface Shown {
  /** Those of the terminal alone, which come first. */
  readonly also?: readonly string[];
  /** A terminal knows no default environment. */
  readonly needsPlace?: boolean;
  /** What has no place in a terminal. */
  readonly without?: RegExp;
}

const mostExamples = 3;

/** The examples of a word: its declaration's where they work in a terminal. Pure. */
export function examplesOf(
  { examples }: Pick<Command, "examples">,
  { also = [], needsPlace = false, without }: Shown = {},
): readonly string[] {
  const declared = examples
    .filter((example) => !needsPlace || / in=/u.test(example))
    .filter((example) => without?.test(example) !== true);
  return [...also, ...declared].slice(0, mostExamples);
}

/** `[-o table|json|yaml] [--wait[=DURATION]] [--yes]`: the short name of what takes a value, where there is one. Pure. */
export function optionUsage(options: CliCommand["options"]): string {
  return Object.entries(options).map(flagUsage).join(" ");
}

function flagUsage([name, option]: readonly [string, Option]): string {
  const { short, isOptional } = option;
  const value = valueForm(option);
  if (value === "") return `[--${name}]`;
  if (isOptional === true) return `[--${name}[=${value}]]`;
  return `[${short === undefined ? `--${name}` : `-${short}`} ${value}]`;
}
