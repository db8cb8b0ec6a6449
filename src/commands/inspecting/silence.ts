import type { Part, Silence } from "./inspection.ts";

const words: Readonly<Record<Silence, string>> = {
  forbidden: "docc may not read that",
  slow: "the cluster did not answer in time",
  unavailable: "the cluster did not answer that",
};

export function saySilence(silence: Silence): string {
  return words[silence];
}

/** What is said of a value; where there is none, that it is not known and why, behind `what`. */
export function ofPart<T>(
  what: string,
  part: Part<T>,
  say: (value: T) => readonly string[],
): readonly string[] {
  return "value" in part ? say(part.value) : [`${what}: not known, ${saySilence(part.silence)}.`];
}
