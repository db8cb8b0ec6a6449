import { parseArgs } from "node:util";
import { DoccError } from "../errors.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";

/** An option of a command, `--name` or `--name=VALUE`. */
export interface Option {
  /** The values it takes, the default first; none for a switch; what the value is where any will do. */
  readonly values: readonly string[] | string;
  readonly short?: string;
  /** `--name` alone is enough, and has the value ""; a value comes as `--name=VALUE` alone. */
  readonly isOptional?: boolean;
}

/** The words of a command line, taken apart. */
export interface Words {
  /** Everything that is no option, in order; all that follows `--`. */
  readonly positionals: readonly string[];
  /** The options given, with their values; a switch has the value "". */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Takes the words of a command line apart.
 * @throws DoccError `bad-input` for an option that is unknown, given twice or of a wrong value
 */
export function takeApart(argv: readonly string[], known: Readonly<Record<string, Option>>): Words {
  const positionals: string[] = [];
  const options = new Map<string, string>();
  for (const token of tokensOf(argv, known)) {
    if (token.kind === "positional") {
      positionals.push(token.value);
    } else if (token.kind === "option") {
      const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
      if (option === undefined) {
        throw unknownOption(token.rawName, Object.keys(known));
      }
      if (options.has(token.name)) {
        throw usageError(`--${token.name} is given twice.`);
      }
      options.set(token.name, valueOf(token.name, token.value, option));
    }
  }
  return { positionals, options };
}

/**
 * The `key=value` words of a command.
 * @param usage how the command is written, for the refusal of anything else
 * @throws DoccError `bad-input` for a word that is none, or a key given twice
 */
export function keyValues(
  positionals: readonly string[],
  usage: string,
): Readonly<Record<string, string>> {
  const words = new Map<string, string>();
  for (const positional of positionals) {
    const at = positional.indexOf("=");
    if (at < 1) {
      throw usageError(`The word ${quoted(positional)} is one too many.`, `Write ${usage}.`);
    }
    const key = positional.slice(0, at);
    if (words.has(key)) {
      throw usageError(`${quoted(`${key}=`)} is given twice.`);
    }
    words.set(key, positional.slice(at + 1));
  }
  return Object.fromEntries(words);
}

/** A mistake in how the command was written: one sentence, and what to write instead. */
export function usageError(message: string, hint?: string): DoccError {
  return new DoccError("bad-input", message, hint === undefined ? {} : { hint });
}

function tokensOf(argv: readonly string[], known: Readonly<Record<string, Option>>) {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { values, short, isOptional }]) => [
      name,
      {
        type:
          values.length === 0 || isOptional === true ? ("boolean" as const) : ("string" as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  return parseArgs({ args: [...argv], options, strict: false, tokens: true }).tokens;
}

function valueOf(name: string, value: string | undefined, option: Option): string {
  const { values, isOptional } = option;
  if (isOptional === true && value === undefined) return "";
  if (typeof values === "string") {
    if (value === undefined || value === "") {
      throw usageError(`--${name} takes a value.`, `Write --${name} ${values}.`);
    }
    return value;
  }
  if (values.length === 0) {
    if (value !== undefined) {
      throw usageError(`--${name} takes no value.`);
    }
    return "";
  }
  if (value === undefined || !values.includes(value)) {
    const meant = nearest(value ?? "", values);
    throw usageError(
      `--${name} takes ${values.join(", ")}${value === undefined ? "" : `, not ${quoted(value)}`}.`,
      meant === undefined ? undefined : `Did you mean ${meant}?`,
    );
  }
  return value;
}

function unknownOption(written: string, known: readonly string[]): DoccError {
  const meant = nearest(written.replace(/^-+/u, ""), known);
  return usageError(
    `There is no option ${quoted(written)}.`,
    meant === undefined ? undefined : `Did you mean --${meant}?`,
  );
}
