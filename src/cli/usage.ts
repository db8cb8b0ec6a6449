import type { Command } from "../commands/define.ts";
import { type Argument, argumentsOf } from "../commands/usage.ts";
import type { CliCommand } from "./command.ts";
import type { Option } from "./words.ts";

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

interface Differs {
  /** Arguments that have no place in a terminal. */
  readonly missing?: readonly string[];
  /** Arguments that only Slack can fill in. */
  readonly needed?: readonly string[];
}

/**
 * How a word of Slack is written in a terminal, by its declaration: `APP in=ENVIRONMENT [to=REVISION]`. What must be
 * there comes first. Pure.
 */
export function wordUsage(command: Command, { missing = [], needed = [] }: Differs = {}): string {
  const taken = argumentsOf(command)
    .filter(({ name }) => !missing.includes(name))
    .map((each) => ({ ...each, optional: each.optional && !needed.includes(each.name) }));
  const placed = taken.filter(({ positional }) => positional);
  const named = taken.filter(({ positional }) => !positional);
  return [
    ...placed,
    ...named.filter(({ optional }) => !optional),
    ...named.filter(({ optional }) => optional),
  ]
    .map(argumentUsage)
    .concat(command.rest === undefined ? [] : ["[key=value ...]"])
    .join(" ");
}

function argumentUsage({ name, optional, positional, several, values }: Argument): string {
  const value = values?.join("|");
  const word = positional
    ? `${value ?? name.toUpperCase()}${several ? "..." : ""}`
    : `${name}=${value ?? placeholders[name] ?? anyText}`;
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

function flagUsage([name, { values, short, isOptional }]: readonly [string, Option]): string {
  if (values.length === 0) return `[--${name}]`;
  const value = typeof values === "string" ? values : values.join("|");
  if (isOptional === true) return `[--${name}[=${value}]]`;
  return `[${short === undefined ? `--${name}` : `-${short}`} ${value}]`;
}
