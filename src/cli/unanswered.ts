import { DoccError } from "../errors.ts";

/**
 * What was asked is stored, or may be, and nobody knows yet what came of it: it may be done later. Scripts tell it from
 * what was never asked by {@link exitCodes}' `timeout`.
 */
export class Unanswered extends DoccError {}

/**
 * Makes {@link Unanswered} of whatever an ask has failed with.
 * @param hintOf what to do next, by the cause
 */
export function unanswered(
  sentence: string,
  hintOf: (cause: unknown) => string,
): (cause: unknown) => never {
  return (cause) => {
    throw new Unanswered("timeout", sentence, { hint: hintOf(cause), cause });
  };
}
