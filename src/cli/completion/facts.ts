import type { Candidates, CliCommand } from "../command.ts";
import { helpOption } from "../help.ts";
import type { Option } from "../words.ts";

/** A question that a script asks itself, and its answer: words, or `@` and who knows them. */
export interface Fact {
  readonly about: string;
  readonly words: readonly string[];
}

/** What a script knows without asking anybody. */
export interface Facts {
  readonly known: readonly Fact[];
  /** One line on a command, or on a key of one: `deploy`, `deploy in=`. */
  readonly explained: ReadonlyMap<string, string>;
}

/** Beside the words of a command, in every one. */
const everywhere: Readonly<Record<string, Option>> = { help: helpOption };

/**
 * All that the declarations say of what may follow what. Questions are `commands`, and for each command
 * `C options`, `C valued` (options that take the next word), `C keys`, `C --option`, `C key=`, `C 1` for its first
 * place and `C rest` for all further ones. Pure.
 * @param topics of `docc help`, beside the commands
 * @throws RangeError for a declared word that a shell would not take as it is
 */
export function factsOf(commands: readonly CliCommand[], topics: readonly string[]): Facts {
  const names = commands.map(({ name }) => name);
  const known = [
    { about: "commands", words: [...names, "help"] },
    { about: "options", words: ["--help", "--version"] },
    { about: "help 1", words: [...names, ...topics] },
    ...commands.flatMap(factsAbout),
  ].filter(({ words }) => words.length > 0);
  for (const { words } of known) words.forEach(refuseOdd);
  const explained = commands.flatMap(({ name, summary, takes }) => [
    [name, summary] as const,
    ...Object.entries(takes?.keys ?? {}).flatMap(([key, { about, isSwitch }]) =>
      about === undefined ? [] : [[`${name} ${keyWord(key, isSwitch)}`, about] as const],
    ),
  ]);
  return {
    known,
    explained: new Map([...explained, ["help", "Show all commands, or how to use one"]]),
  };
}

function factsAbout({ name, options: own, takes = {} }: CliCommand): readonly Fact[] {
  const options = Object.entries({ ...own, ...everywhere });
  const valued = options.filter(([, { values, isOptional }]) => {
    return values.length > 0 && isOptional !== true;
  });
  const { words = [], rest, keys = {} } = takes;
  const offered = Object.entries(keys).map(([key, { isSwitch }]) => keyWord(key, isSwitch));
  return [
    { about: `${name} options`, words: options.flatMap(flagsOf) },
    { about: `${name} valued`, words: valued.flatMap(flagsOf) },
    ...options.flatMap((option) =>
      flagsOf(option).map((flag) => ({
        about: `${name} ${flag}`,
        words: wordsOf(valuesOf(option[1])),
      })),
    ),
    ...words.map((each, at) => ({ about: `${name} ${at + 1}`, words: wordsOf(each) })),
    { about: `${name} rest`, words: rest === undefined ? [] : wordsOf(rest) },
    { about: `${name} keys`, words: offered },
    ...Object.entries(keys).map(([key, { values }]) => ({
      about: `${name} ${keyWord(key)}`,
      words: wordsOf(values),
    })),
  ];
}

function flagsOf([name, { short }]: readonly [string, Option]): readonly string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** What is no list of values names what the value is: FILE, or a file by its usual name. */
function valuesOf({ values }: Option): Candidates {
  if (typeof values !== "string") return values;
  return values === "FILE" || values.endsWith(".yaml") ? "files" : "text";
}

function wordsOf(candidates: Candidates): readonly string[] {
  if (typeof candidates !== "string") return candidates;
  return candidates === "text" ? [] : [`@${candidates}`];
}

/** `in=`; the beginning of a key stays as it is, and so does a switch: `env.`, `previous` */
function keyWord(key: string, isSwitch = false): string {
  return key.endsWith(".") || isSwitch ? key : `${key}=`;
}

/** Scripts hold these words between quotes of three shells. */
function refuseOdd(word: string): void {
  if (!/^[\w@=.:/-]+$/u.test(word)) throw new RangeError(`${word} cannot stand in a script`);
}
