import type { Command } from "../commands/define.ts";
import { argumentsOf } from "../commands/usage.ts";
import type { DoccError } from "../errors.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import type { CliCommand, Form } from "./command.ts";
import { type Option, type Unknown, usageError, valueForm } from "./words.ts";

/** The right form of a word, in short, and where the rest stands. Pure. */
export function rightForm(name: string, { usage, short }: Pick<Form, "usage" | "short">): string {
  const [form = usage] = short ?? [];
  return `Write docc ${`${name} ${form}`.trimEnd()}; docc ${name} --help explains it.`;
}

/** What is said of an option that a word does not have, but may have as an argument. Pure. */
export function unknownOptionOf(command: CliCommand): (option: Unknown) => DoccError {
  const { name, takes = {}, instead = {} } = command;
  return ({ written, value, known }) => {
    const bare = written.replace(/^-+/u, "");
    const keys = keysOf(takes);
    const hint = Object.hasOwn(instead, bare) ? instead[bare] : undefined;
    const meant = nearest(bare, [...known, ...keys]);
    const near = meant === undefined || known.includes(meant) ? `--${meant}` : `${meant}=`;
    const guess = meant === undefined ? `docc ${name} --help lists them.` : `Did you mean ${near}?`;
    const exact = keys.includes(bare) ? `Write ${meantKey(bare, value, command)}.` : undefined;
    return usageError(`There is no option ${quoted(written)}.`, hint ?? exact ?? guess);
  };
}

/** What a surplus word most probably means: an option, or an argument, without its dashes or its value. Pure. */
export function meantBy(word: string, { options, takes = {} }: Form): string | undefined {
  if (Object.hasOwn(options, word)) return `Write ${meantOption(word, undefined, options)}.`;
  const keys = keysOf(takes);
  if (keys.includes(word)) return `Write ${meantKey(word, undefined, { takes })}.`;
  const near = nearest(word, [...Object.keys(options), ...keys]);
  if (near === undefined || word.length < 3) return undefined;
  return `Did you mean ${Object.hasOwn(options, near) ? `--${near}` : `${near}=`}?`;
}

/** Refuses `output=json`: only options are called so, and no manifest has such a word. */
export function refuseOptionWords(
  command: Command,
  positionals: readonly string[],
  { options }: Form,
): void {
  const own = argumentsOf(command).map(({ name }) => name);
  for (const word of positionals) {
    const [, key = "", value = ""] = /^([a-z-]+)=(.*)$/su.exec(word) ?? [];
    if (!Object.hasOwn(options, key) || own.includes(key)) continue;
    throw usageError(
      `${command.name} knows no ${key}=.`,
      `Write ${meantOption(key, value, options)}.`,
    );
  }
}

/** Those with a whole name; `env.` begins one. */
function keysOf({ keys = {} }: NonNullable<Form["takes"]>): readonly string[] {
  return Object.keys(keys).filter((key) => !key.endsWith("."));
}

function meantOption(
  name: string,
  value: string | undefined,
  options: Readonly<Record<string, Option>>,
): string {
  const { values = [], isOptional = false } = options[name] ?? {};
  const usual = valueForm({ values });
  if (usual === "") return `--${name}`;
  const shown = plain(value) ?? usual;
  if (isOptional) return value === undefined ? `--${name}` : `--${name}=${shown}`;
  return `--${name} ${shown}`;
}

function meantKey(
  key: string,
  value: string | undefined,
  { takes = {} }: Pick<Form, "takes">,
): string {
  const { values = "text" } = takes.keys?.[key] ?? {};
  const [first] = typeof values === "string" ? [] : values;
  const form = takes.listed?.find((each) => each.form.startsWith(`${key}=`))?.form;
  const said = plain(value) ?? first;
  return said === undefined ? (form ?? `${key}=TEXT`) : `${key}=${said}`;
}

/** What a shell takes as it is; anything else is not repeated. */
function plain(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w@%+:,./-]{1,60}$/u.test(value) ? value : undefined;
}
