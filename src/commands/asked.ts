import type { Finding } from "../manifest/finding.ts";
import type { Source } from "../release/release.ts";
import type { Answer } from "./answer.ts";

/** What a request for a release comes to before it is stored. */
export type Asked =
  | {
      readonly app: string | undefined;
      readonly source: Source;
      /** What goes where, in the words of the answer; the app's name unless told. */
      readonly said?: string;
    }
  | { readonly answer: Answer };

/** Why nothing is stored: what is wrong in what was given. */
export function refused(what: "the manifest" | "the words", findings: readonly Finding[]): Answer {
  const count = findings.filter(({ severity }) => severity === "error").length;
  const errors = count === 1 ? "1 error" : `${count} errors`;
  return { text: `Not accepted: ${errors} in ${what}.`, findings, reason: "bad-input" };
}
