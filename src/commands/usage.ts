import { z } from "zod";
import type { Command } from "./define.ts";
import { type Offer, offerOf } from "./offer.ts";

export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly optional: boolean;
  readonly positional: boolean;
  /** Several may be given, one behind the other. */
  readonly several: boolean;
  /** What docc can offer for it. */
  readonly offer: Offer | undefined;
  /** All that it can be, where that is known. */
  readonly values?: readonly string[];
  /** Its name alone means `true`: `follow` is `follow=true`. */
  readonly isSwitch: boolean;
}

/** The arguments of a command as its declaration gives them: positional first, in order. */
export function argumentsOf(command: Command): readonly Argument[] {
  const shape: Readonly<Record<string, z.ZodType>> = command.args.shape;
  const describe = (name: string): Argument => {
    const values = valuesOf(shape[name]);
    const positional = command.positional.includes(name);
    return {
      name,
      description: descriptionOf(shape[name]),
      optional: shape[name]?.safeParse(undefined).success ?? true,
      positional,
      several: command.variadic === true && command.positional.at(-1) === name,
      offer: offerOf(shape[name]),
      isSwitch: !positional && values?.includes("true") === true,
      ...(values === undefined ? {} : { values }),
    };
  };
  const named = Object.keys(shape).filter((name) => !command.positional.includes(name));
  return [...command.positional, ...named].map(describe);
}

/** An optional argument keeps the words of what it wraps. */
function descriptionOf(type: z.ZodType | undefined): string {
  if (type?.description !== undefined) return type.description;
  return type instanceof z.ZodOptional ? descriptionOf(type.unwrap() as z.ZodType) : "";
}

/** Of an enumeration or a literal, or as `.meta({ values })` says where case and near misses are forgiven. */
function valuesOf(type: z.ZodType | undefined): readonly string[] | undefined {
  if (type instanceof z.ZodEnum) return type.options.map(String);
  if (type instanceof z.ZodLiteral) return [...type.values].map(String);
  const values = type?.meta()?.["values"];
  if (Array.isArray(values)) return values.map(String);
  return type instanceof z.ZodOptional ? valuesOf(type.unwrap() as z.ZodType) : undefined;
}

/** `logs <app> [lines=] [follow] [in=]`, `delete <app...> [in=]` */
export function usageOf(command: Command): string {
  const words = argumentsOf(command).map(({ name, optional, positional, several, isSwitch }) => {
    const placed = several ? `${name}...` : name;
    if (positional) return optional ? `[${placed}]` : `<${placed}>`;
    const word = isSwitch ? name : `${name}=`;
    return optional ? `[${word}]` : word;
  });
  return [command.name, ...words, ...(command.rest === undefined ? [] : ["[key=value ...]"])].join(
    " ",
  );
}

/** Names that mean `true` when they stand alone. */
export function switchesOf(command: Command): readonly string[] {
  return argumentsOf(command).flatMap(({ name, isSwitch }) => (isSwitch ? [name] : []));
}

/** Who may use it, in sentences with fields of docc.yaml in backquotes. */
export function whoMay(command: Command): string {
  return command.needs === "read" ? "Everybody." : command.who;
}
