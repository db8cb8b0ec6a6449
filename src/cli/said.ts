import type { Answer } from "../commands/answer.ts";
import { DoccError } from "../errors.ts";
import { oneLine } from "../text/clean.ts";

/** Words of Slack that a terminal has as well and means the same by, for sentences that say what to type next. */
export const sharedWords = [
  "approve",
  "audit",
  "cancel",
  "config",
  "delete",
  "deploy",
  "diff",
  "events",
  "history",
  "inspect",
  "list",
  "lock",
  "logs",
  "open",
  "reject",
  "restart",
  "rollback",
  "show",
  "status",
  "unlock",
  "update",
] as const;
const slash = new RegExp(`(?<![\\w/])/docc (?=(?:${sharedWords.join("|")})\\b)`, "gu");

/** Of the cluster (commands/inspecting/silence): here it is the rights of who types that count. */
const silence = /( not known[,:]) docc may not read that\.$/u;

/** What the Slack command of the same declaration says, for who types it in a terminal: one clean line. */
export function inTerminal(text: string): string {
  return oneLine(text).replace(slash, "docc ").replace(silence, "$1 you may not read that.");
}

/** What happened, and what to do next. */
export function sayFailure({ message, hint }: DoccError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

/** The sentences of an answer, without its table and snippet. */
export function sentencesOf({ text, lines = [], findings = [] }: Answer): readonly string[] {
  const found = findings.map(({ message, hint }) =>
    hint === undefined ? message : `${message} ${hint}`,
  );
  return [text, ...found, ...lines].map(inTerminal).filter((line) => line !== "");
}

/** What a declaration refuses, in words that can be typed in a terminal. */
export function refusedInTerminal(error: DoccError): DoccError {
  const { reason, message, hint } = error;
  return new DoccError(reason, inTerminal(message), {
    ...(hint === undefined ? {} : { hint: inTerminal(hint) }),
    cause: error,
  });
}
