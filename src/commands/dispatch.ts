import type { z } from "zod";
import type { CommandAct } from "../audit/record.ts";
import { recordedWords } from "../audit/words.ts";
import { DoccError } from "../errors.ts";
import { cap } from "../text/cap.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { type About, aboutsOf, type Answer, AnsweredMistake, sayMistake } from "./answer.ts";
import type { Command, Request, Words } from "./define.ts";
import { defaultFor } from "./environment.ts";
import type { Ports } from "./ports.ts";
import { meantWord } from "./meant-word.ts";
import { argumentsOf, switchesOf, usageOf } from "./usage.ts";
import { sortWords, splitWords } from "./words.ts";

/** A command with its arguments, understood but not yet run. */
export interface Invocation {
  readonly command: Command;
  readonly args: Readonly<Record<string, unknown>>;
  /** `key=value` words that the command collects instead of naming. */
  readonly rest: Readonly<Record<string, string>>;
}

/** As many and as long as a Release stores (deploy/crds). */
const mostWords = 50;
const longestWord = 300;

/** What is recorded of every command, refusals and crashes included. */
export type AuditLine = CommandAct;

/**
 * Understands what a person typed after `/docc`: looks the word up, checks its arguments. Pure.
 * @returns an Invocation, or the Answer that says what is wrong and what the right form is
 */
export function interpret(registry: readonly Command[], text: string): Invocation | Answer {
  try {
    const [word, ...others] = splitWords(text);
    const command = lookUp(registry, word ?? "help");
    return { command, ...checkArguments(command, sortWords(others, switchesOf(command))) };
  } catch (error) {
    return answerFor(error);
  }
}

/** Tells the two results of {@link interpret} apart. */
export function isInvocation(result: Invocation | Answer): result is Invocation {
  return "command" in result;
}

/** Whether the answer may come after the acknowledgement. */
export function answersLater({ command, args }: Invocation): boolean {
  const { answers } = command;
  return (typeof answers === "function" ? answers(args) : answers) === "later";
}

/** The command that a text begins with, however its other words are. */
export function commandWord(registry: readonly Command[], text: string): string | undefined {
  const [word = "help"] = text.trim().split(/\s/u, 1);
  return named(registry, word)?.name;
}

function named(registry: readonly Command[], word: string): Command | undefined {
  const wanted = word.toLowerCase().replace(/^[\p{Pd}\u2212]+/u, "");
  return registry.find(({ name }) => name === wanted);
}

function lookUp(registry: readonly Command[], word: string): Command {
  const found = named(registry, word);
  if (found !== undefined) return found;
  const wanted = word.toLowerCase().replace(/^[\p{Pd}\u2212]+/u, "");
  const close = nearest(
    wanted,
    registry.map(({ name }) => name),
  );
  throw new DoccError("bad-input", `There is no command ${quoted(word)}.`, {
    hint: close === undefined ? "Try /docc help." : `Did you mean /docc ${close}?`,
  });
}

/**
 * The arguments of a command, checked by its declaration. Pure.
 * @throws DoccError `bad-input` with the right form
 */
export function checkArguments(command: Command, words: Words): Pick<Invocation, "args" | "rest"> {
  const given = byPlace(command, words);
  const rest: Record<string, string> = {};
  for (const [key, value] of Object.entries(words.named)) {
    if (argumentsOf(command).some(({ name }) => name === key)) {
      if (key in given) throw wrongForm(command, `${key} is given twice.`);
      given[key] = value;
    } else if (command.rest === undefined) {
      throw unknownKey(command, key);
    } else if (value.length > longestWord) {
      throw wrongForm(command, `${cap(key, 60)}= has more than ${longestWord} characters.`);
    } else {
      rest[key] = value;
    }
  }
  if (Object.keys(rest).length > mostWords) {
    throw wrongForm(command, `A command has at most ${mostWords} key=value words.`);
  }
  const parsed = command.args.strict().safeParse(given);
  if (!parsed.success) throw refusalOf(command, parsed.error, given, words.typed);
  return { args: parsed.data, rest };
}

/**
 * Positional words by the names of their places. One that no place waits for may be a switch: a place comes first, so
 * that an app can be called what a switch is.
 */
function byPlace(command: Command, { positional, named, typed }: Words): Record<string, string> {
  const { positional: places, variadic = false } = command;
  const switches = switchesOf(command);
  const given: Record<string, string> = {};
  let at = 0;
  for (const value of positional) {
    const place = places[variadic ? Math.min(at, places.length - 1) : at];
    const isWaited = place !== undefined && named[place] === undefined;
    const meant = isWaited ? undefined : switches.find((name) => name === value.toLowerCase());
    const name = meant ?? place;
    if (name === undefined) throw surplusWord(command, value, typed);
    if (meant === undefined) at += 1;
    else if (given[meant] !== undefined) throw wrongForm(command, `${meant} is given twice.`);
    const said = meant === undefined ? value : "true";
    given[name] = given[name] === undefined ? said : `${given[name]} ${said}`;
  }
  return given;
}

function surplusWord(command: Command, word: string, typed: readonly string[]): DoccError {
  const meant = meantWord(command, typed);
  if (meant !== undefined) return new DoccError("bad-input", meant);
  return wrongForm(command, `${quoted(word)} is one word too many.`);
}

function wrongForm(command: Command, problem: string): DoccError {
  return new DoccError("bad-input", problem, { hint: `The right form: /docc ${usageOf(command)}` });
}

function unknownKey(command: Command, key: string): DoccError {
  const known = argumentsOf(command).flatMap(({ name, positional }) => (positional ? [] : [name]));
  const close = nearest(key, known);
  const also = close === undefined ? "" : ` Did you mean ${close}=?`;
  return wrongForm(command, `${command.name} knows no ${cap(key, 60)}=.${also}`);
}

/** Messages of `args` complete the sentence that begins with the argument's name. */
function refusalOf(
  command: Command,
  error: z.ZodError,
  given: Readonly<Record<string, string>>,
  typed: readonly string[],
): DoccError {
  const [issue] = error.issues;
  const name = String(issue?.path[0] ?? "");
  const isPlaced = command.positional.includes(name);
  const said = isPlaced ? name : `${name}=`;
  if (given[name] === undefined) return wrongForm(command, `${said} is missing.`);
  const meant = isPlaced || given[name] === "" ? meantWord(command, typed) : undefined;
  if (meant !== undefined) return new DoccError("bad-input", meant);
  return wrongForm(command, `${said} ${issue?.message ?? "is not understood"}.`);
}

/**
 * Runs one command and records it, whatever happens. Never throws: an expected failure becomes one
 * sentence with its reason; anything else is a bug and becomes `internal` with the delivery as its
 * reference.
 */
export async function dispatch(
  invocation: Invocation,
  request: Request,
  ports: Ports,
  audit: (line: AuditLine, error?: unknown) => void,
): Promise<Answer> {
  const { command, args, rest } = invocation;
  let outcome = "internal";
  let about: readonly About[] = [{}];
  let failure: unknown;
  try {
    const answer = await command.run(args, request, ports, rest);
    outcome = answer.reason ?? "ok";
    about = aboutsOf(answer);
    return answer;
  } catch (error) {
    failure = error;
    const answer = answerFor(error, request.delivery);
    outcome = answer.reason ?? "internal";
    about = aboutsOf(answer);
    return answer;
  } finally {
    const { requester, channel, delivery } = request;
    const isSomewhere = command.needs === "deploy" && "in" in command.args.shape;
    const environment = isSomewhere ? defaultFor(request, ports).name : undefined;
    const asked = askedFor(invocation, environment);
    for (const each of about) {
      audit({ ...asked, ...requester, channel, delivery, outcome, ...each }, failure);
    }
  }
}

/**
 * What a record says of a command that was understood, whatever came of it.
 * @param fallback the environment of a command that names none
 */
export function askedFor(
  { command, args, rest }: Invocation,
  fallback?: string,
): Pick<AuditLine, "command" | "app" | "environment" | "digest" | "reason" | "words"> {
  const { app: apps, in: wished, reason, emergency, plan, ...others } = args;
  const [app, ...further] = Array.isArray(apps) ? (apps as readonly unknown[]) : [apps];
  const isOne = further.length === 0;
  const text = (key: "app" | "environment" | "digest" | "reason", value: unknown) =>
    typeof value === "string" ? { [key]: value } : {};
  return {
    command: command.name,
    ...(isOne ? text("app", app) : {}),
    ...text("environment", wished ?? fallback),
    ...text("digest", plan),
    ...text("reason", typeof emergency === "string" ? `emergency: ${emergency}` : reason),
    words: recordedWords({ ...(isOne ? {} : { app: apps }), ...others, ...rest }),
  };
}

/**
 * The one place where an error of a command becomes words.
 * @param reference what operators find the cause of a mistake by
 */
export function answerFor(error: unknown, reference?: string): Answer {
  if (!(error instanceof DoccError)) {
    const told = error instanceof AnsweredMistake ? error.answer : { text: sayMistake };
    const found = reference === undefined ? [] : [`Reference: ${reference}`];
    const lines = [...(told.lines ?? []), ...found];
    return { ...told, ...(lines.length === 0 ? {} : { lines }), reason: "internal" };
  }
  return {
    text: error.message,
    reason: error.reason,
    ...(error.hint === undefined ? {} : { lines: [error.hint] }),
  };
}
