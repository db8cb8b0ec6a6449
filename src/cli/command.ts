import type { Phase } from "../release/release.ts";
import type { Io } from "./io.ts";
import type { Option, Words } from "./words.ts";

/** What may stand in a place of a command line: these very words, or what somebody else knows. */
export type Candidates =
  | readonly string[]
  | "apps"
  | "environments"
  /** Releases that have not ended, and apps, which stand for theirs. */
  | "undecided"
  | "files"
  /** Anything: nobody can know. */
  | "text";

/** One argument, as help lists it. */
export interface Listed {
  /** `in=ENVIRONMENT` */
  readonly form: string;
  readonly about: string;
}

/** What a command takes beside its options. */
export interface Takes {
  /** Every argument that help explains, in the order of the usage line. */
  readonly listed?: readonly Listed[];
  /** By place. */
  readonly words?: readonly Candidates[];
  /** In every place after those of {@link Takes.words}. */
  readonly rest?: Candidates;
  /** `key=value` words by key. One that ends with a dot is the beginning of a key. */
  readonly keys?: Readonly<
    Record<
      string,
      {
        readonly values: Candidates;
        readonly about?: string;
        /** The key alone is enough, and is offered without its `=`. */
        readonly isSwitch?: boolean;
      }
    >
  >;
}

/** How a command is written: what its help shows, and what mistakes are answered with. */
export type Form = Pick<CliCommand, "usage" | "short" | "options" | "takes">;

/** A command of the terminal, declared once: parsing, usage, help and completion come from it. */
export interface CliCommand {
  readonly name: string;
  /** What follows the name when it is written out. */
  readonly usage: string;
  /** The same without options, and with `key=value` for what may be left out: a line for each way of writing it. */
  readonly short?: readonly [string, ...string[]];
  readonly summary: string;
  /** What its help says below arguments and options: a paragraph each, and none of what those say. */
  readonly details: readonly string[];
  /** One to three lines as they are typed, without `docc`; a test runs them. */
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Absent where it takes options alone. */
  readonly takes?: Takes;
  /** What to write in place of options that other words have, by their names without dashes. */
  readonly instead?: Readonly<Record<string, string>>;
  /** The exit code, one of {@link exitCodes}. */
  readonly run: (words: Words, io: Io) => Promise<number>;
}

export const exitCodes = {
  ok: 0,
  errors: 1,
  usage: 2,
  failed: 3,
  rejected: 4,
  expired: 5,
  superseded: 6,
  cancelled: 7,
  unknown: 8,
  timeout: 9,
  interrupted: 130,
} as const;

/** What each code says; help and docs/ci.md show this very table. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "no errors; of a request: it succeeded, or it is stored and nobody waits for its end",
  errors:
    "errors in a manifest, a broken audit log, docc refused, or one of several was not stored",
  usage: "wrong usage, or something that cannot be read or stored",
  failed: "the release failed",
  rejected: "an approver rejected the plan",
  expired: "nobody approved the plan in time",
  superseded: "a newer request, or a change outside docc, took its place",
  cancelled: "somebody cancelled it before it was applied",
  unknown: "it was applied, but the cluster could not be asked whether it works",
  timeout:
    "no verdict yet: --wait is over, docc has not answered, or nobody can tell now; what is stored goes on",
  interrupted: "Ctrl-C ended the waiting; the release goes on",
};

/** Of several releases: the first of these that one of them has come to is the code of all. */
const fromTheWorst = [
  exitCodes.interrupted,
  exitCodes.failed,
  exitCodes.unknown,
  exitCodes.timeout,
  exitCodes.errors,
  exitCodes.rejected,
  exitCodes.expired,
  exitCodes.cancelled,
  exitCodes.superseded,
] as const;

/** The one code that stands for those of several releases: the worst. */
export function worstOf(codes: readonly number[]): number {
  return fromTheWorst.find((code) => codes.includes(code)) ?? exitCodes.ok;
}

/** The code for the phase that a release has come to; undefined while it goes on. */
export function exitOf(phase: Phase): number | undefined {
  switch (phase) {
    case "succeeded":
      return exitCodes.ok;
    case "refused":
      return exitCodes.errors;
    case "failed":
    case "rejected":
    case "expired":
    case "superseded":
    case "cancelled":
    case "unknown":
      return exitCodes[phase];
    default:
      return undefined;
  }
}
