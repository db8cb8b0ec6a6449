import { z } from "zod";
import { becomings, listOf, notes } from "./note.ts";

const LONGEST_WORD = 8_192;
const MOST_WORDS = 100;

/** A word of a command line: any text but NUL, which no process can be given. */
export const word = z
  .string()
  .max(LONGEST_WORD)
  // oxlint-disable-next-line no-control-regex -- NUL is what is looked for
  .regex(/^[^\0]*$/u)
  .describe("a word of the command, in quotes")
  .register(notes, {
    code: "bad-value",
    says: "cannot be a word of a command",
    hint: `Give text without NUL, at most ${LONGEST_WORD} characters.`,
  });

export const command = listOf(word, MOST_WORDS, 1)
  .describe('what runs instead of the image\'s entrypoint, like ["/app/server"]')
  .meta({ examples: [["/app/worker"]] })
  .register(becomings, {
    becomes: "`command`, word by word, without a shell; a `$(` stays text.",
  });

export const args = listOf(word, MOST_WORDS)
  .describe('the arguments of the command, like ["--verbose"]')
  .meta({ examples: [["--queue", "mail"]] })
  .register(becomings, { becomes: "`args`; a `$(` stays text." });
