import type { Phase, ReleaseStatus } from "./release.ts";
import type { Window } from "./rollout.ts";
import { skewOf } from "./skew.ts";

/** The time that a release has for its rollout; undefined before its apply has begun. */
export function windowOf({ deadline, rollout, transitions }: ReleaseStatus): Window | undefined {
  const first = (wanted: Phase): number =>
    Date.parse(transitions.find(({ phase }) => phase === wanted)?.at ?? "");
  const until = Date.parse(deadline ?? "");
  if (rollout === undefined || Number.isNaN(until)) return undefined;
  const startedAt = first("applying");
  const between = { from: startedAt, to: first("progressing") };
  return { startedAt, deadline: until, skewMs: skewOf(between, rollout.appliedAt) };
}
