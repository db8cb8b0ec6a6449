import { enter } from "../release/phases.ts";
import type { Cause, Outcome, Release, ReleaseStatus, Verdict } from "../release/release.ts";

/**
 * What one look at a release comes to: a new status to write, or a time to look again (undefined:
 * when something changes).
 */
export type Step = { readonly write: ReleaseStatus } | { readonly againMs: number | undefined };

/** A release whose first status has been written. */
export type Accepted = Release & { readonly status: ReleaseStatus };

const nothing = { affected: "", ready: 0, wanted: 0, urls: [] };

/** Ends a release that never moved anything. */
export function refuse(release: Accepted, cause: Cause, now: number, app?: string): Step {
  const verdict: Verdict = { ...nothing, outcome: "refused", cause };
  return {
    write: enter(
      release.status,
      "refused",
      { now, actor: "docc" },
      {
        verdict,
        ...(app === undefined ? {} : { app }),
      },
    ),
  };
}

/** Ends a release whose time to be approved and applied is over. */
export function expire({ status }: Accepted, now: number): Step {
  return { write: enter(status, "expired", { now, actor: "docc" }) };
}

/** Ends a release that has moved something: phase, verdict and finish time in one write. */
export function conclude(
  release: Accepted,
  outcome: Extract<Outcome, "succeeded" | "failed" | "unknown" | "superseded">,
  verdict: Partial<Omit<Verdict, "outcome">>,
  now: number,
  also: Pick<ReleaseStatus, "inventory"> = {},
): Step {
  return {
    write: enter(
      release.status,
      outcome,
      { now, actor: "docc" },
      {
        ...also,
        verdict: { ...nothing, ...verdict, outcome },
      },
    ),
  };
}
