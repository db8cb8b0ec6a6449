import { parseArgs, type ParseArgsConfig } from "node:util";
import { DoccError } from "../errors.ts";
import { joinedQuotes } from "../commands/words.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";

/** An option of a command, `--name` or `--name=VALUE`. */
export interface Option {
  /** The values it takes, the default first; none for a switch; what the value is where any will do. */
  readonly values: readonly string[] | string;
  readonly short?: string;
  /** What it does, as help lists it. */
  readonly about: string;
  /** `--name` alone is enough, and has the value ""; a value comes as `--name=VALUE` alone. */
  readonly isOptional?: boolean;
}

/** What stands for the value of an option: `table|json|yaml`, `FILE`; "" for a switch. Pure. */
export function valueForm({ values }: Pick<Option, "values">): string {
  return typeof values === "string" ? values : values.join("|");
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
 * @param unknown what an option that is none becomes
 * @throws DoccError `bad-input` for an option that is unknown, given twice or of a wrong value
 */
export function takeApart(
  argv: readonly string[],
  known: Readonly<Record<string, Option>>,
  unknown: (option: Unknown) => DoccError = unknownOption,
): Words {
  const positionals: string[] = [];
  const options = new Map<string, string>();
  for (const token of tokensOf(withoutChatQuotes(argv), optionsOf(known))) {
    if (token.kind === "positional") {
      positionals.push(token.value);
    } else if (token.kind === "option") {
      const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
      if (option === undefined) {
        const { rawName: written, value } = token;
        throw unknown({ written, value, known: Object.keys(known) });
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
 * @param right the right form, for the refusal of anything else
 * @throws DoccError `bad-input` for a word that is none, or a key given twice
 */
export function keyValues(
  positionals: readonly string[],
  right: string,
): Readonly<Record<string, string>> {
  const words = new Map<string, string>();
  for (const positional of positionals) {
    const at = positional.indexOf("=");
    if (at < 1) {
      throw usageError(`The word ${quoted(positional)} is one too many.`, right);
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

type Parsed = NonNullable<ParseArgsConfig["options"]>;

function optionsOf(known: Readonly<Record<string, Option>>): Parsed {
  return Object.fromEntries(
    Object.entries(known).map(([name, { values, short, isOptional }]) => [
      name,
      {
        type:
          values.length === 0 || isOptional === true ? ("boolean" as const) : ("string" as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
}

/** A chat makes curly quotes of straight ones, which no shell takes off; behind `--` all is meant as it is. */
function withoutChatQuotes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  if (end < 0) return joinedQuotes(argv);
  return [...joinedQuotes(argv.slice(0, end)), ...argv.slice(end)];
}

/** Written anew, one by one, until each option is as parseArgs knows them: a value is never touched. */
function tokensOf(argv: readonly string[], options: Parsed) {
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const end = tokens.find(({ kind }) => kind === "option-terminator")?.index ?? Infinity;
  for (const token of tokens) {
    const written = argv[token.index] ?? "";
    const meant =
      token.kind === "positional" && token.index < end
        ? withPlainDash(written)
        : token.kind === "option"
          ? withLongName(written, token.name)
          : written;
    if (meant !== written) return tokensOf(argv.with(token.index, meant), options);
  }
  return tokens;
}

/** Editors and chats make one long dash of two hyphens, and a minus of one. */
function withPlainDash(word: string): string {
  const [, name, value = ""] = /^[\p{Pd}\u2212]+([a-z][a-z-]*)(=.*)?$/isu.exec(word) ?? [];
  if (name === undefined) return word;
  return `${name.length === 1 ? "-" : "--"}${name}${value}`;
}

/** `-n=docc`, as other tools take it. */
function withLongName(word: string, name: string): string {
  const [, value] = /^-[a-z](=.*)$/isu.exec(word) ?? [];
  return value === undefined || name.length === 1 ? word : `--${name}${value}`;
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

/** An option that no declaration has. */
export interface Unknown {
  readonly written: string;
  readonly value: string | undefined;
  /** Names of those that there are. */
  readonly known: readonly string[];
}

function unknownOption({ written, known }: Unknown): DoccError {
  const meant = nearest(written.replace(/^-+/u, ""), known);
  return usageError(
    `There is no option ${quoted(written)}.`,
    meant === undefined ? undefined : `Did you mean --${meant}?`,
  );
}
