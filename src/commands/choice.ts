import { DoccError } from "../errors.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";

/** What is said of a word that is none of the choices. */
interface Refusal {
  /** The key of the argument, without its `=`. */
  readonly key: string;
  /** The sentence up to what was given; `health= takes no` unless told. */
  readonly problem?: string;
  /** The choices in a sentence. */
  readonly all: string;
}

/**
 * The choice that was written, in upper or lower case.
 * @throws DoccError `bad-input` with the nearest one, or all of them
 */
export function choiceNamed<Choice extends string>(
  given: string,
  choices: readonly Choice[],
  { key, problem = `${key}= takes no`, all }: Refusal,
): Choice {
  const found = choices.find((each) => each.toLowerCase() === given.toLowerCase());
  if (found !== undefined) return found;
  const close = nearest(given, choices);
  throw new DoccError("bad-input", `${problem} ${quoted(given)}.`, {
    hint: close === undefined ? all : `Did you mean ${key}=${close}?`,
  });
}
