import type { Identity, ObjectMeta } from "./release.ts";

/** As long as the text of a Command may be (deploy/crds). */
export const longestCommand = 1_000;

/** How long after it was stored a Command is done; who asked hears after 30 s that nobody has answered. */
export const commandLastsMs = 10 * 60_000;

/**
 * The record of one word that somebody asked for outside Slack, as it is stored (deploy/crds). It is created once
 * and grants nothing by itself: docc does what its declaration says, for who asked, and answers in `status`.
 */
export interface CommandRecord {
  readonly metadata: ObjectMeta;
  readonly spec: CommandSpec;
  /** Absent until docc has answered; then it never changes. */
  readonly status?: CommandAnswer;
}

export interface CommandSpec {
  /** As it would be typed behind `/docc`. */
  readonly text: string;
  /** Bound to the authenticated user by the API server (deploy/policy). */
  readonly by: Identity;
}

/** What a Command is answered with; all texts are one clean line each, no longer than the CRD takes. */
export interface CommandAnswer {
  readonly outcome: "answered" | "refused";
  /** `ok`, or the stable code of why not. */
  readonly code: string;
  readonly sentence: string;
  readonly lines?: readonly string[];
  readonly table?: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  /** RFC 3339 */
  readonly at: string;
}
