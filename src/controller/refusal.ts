import type { Cause, CauseCode } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";

/** A refusal on the way to a plan: nothing has moved, nothing will. */
export class Refusal extends Error {
  readonly why: Cause;
  readonly app: string | undefined;

  constructor(why: Cause, app?: string) {
    super(why.sentence);
    this.why = why;
    this.app = app;
  }
}

export function cause(
  code: CauseCode,
  sentence: string,
  next: string,
  evidence: readonly string[] = [],
): Cause {
  return {
    code,
    sentence: cap(oneLine(sentence), 1_000),
    evidence: evidence.map((line) => cap(line, 1_000)),
    next: cap(oneLine(next), 1_000),
  };
}
