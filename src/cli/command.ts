import type { Io } from "./io.ts";
import type { Option, Words } from "./words.ts";

/** A command of the terminal, declared once: parsing, usage and help come from it. */
export interface CliCommand {
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly summary: string;
  /** Lines of its help below usage and summary. */
  readonly details: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** The exit code, one of {@link exitCodes}. */
  readonly run: (words: Words, io: Io) => Promise<number>;
}

export const exitCodes = {
  /** No errors; warnings are none. */
  ok: 0,
  /** Errors in a manifest, or an audit log that does not hold. */
  errors: 1,
  /** Wrong usage, or what cannot be read. */
  usage: 2,
} as const;
