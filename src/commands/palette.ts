import { typedWord } from "../text/typed-word.ts";
import type { Command } from "./define.ts";
import { type Argument, argumentsOf } from "./usage.ts";

/** What a command's form asks for one by one, and what is left to be written as `key=value` words. */
export interface PaletteFields {
  readonly fields: readonly Argument[];
  readonly others: readonly Argument[];
}

/**
 * Every argument that goes by its position and every one for which docc can offer something has a field of its own;
 * the environment comes first, because the offers depend on it. Pure.
 */
export function paletteFields(command: Command): PaletteFields {
  const all = argumentsOf(command);
  const hasField = ({ offer, positional }: Argument): boolean => positional || offer !== undefined;
  const fields = all.filter(hasField);
  return {
    fields: [...fields.filter(isEnvironment), ...fields.filter((each) => !isEnvironment(each))],
    others: all.filter((each) => !hasField(each)),
  };
}

export function isEnvironment({ offer }: Argument): boolean {
  return offer === "environment" || offer === "any-environment";
}

/** A value that no word can hold. */
interface NoWord {
  readonly field: string;
  readonly problem: string;
}

/**
 * The command as a person would have typed it. Everything goes by its name, so that no value can be taken for
 * another one's. Pure.
 * @param words what stands in the field for further words, as it is
 */
export function paletteWords(
  command: Command,
  values: Readonly<Record<string, string>>,
  words: string,
): string | NoWord {
  const typed = [command.name];
  for (const { name } of paletteFields(command).fields) {
    const value = (values[name] ?? "").trim();
    if (value === "") continue;
    const word = typedWord(name, value);
    if (word === undefined) return { field: name, problem: `${name} takes no quotation marks.` };
    typed.push(word);
  }
  return [...typed, words.trim()].filter((word) => word !== "").join(" ");
}
