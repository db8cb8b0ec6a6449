import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Application, Release } from "../release/release.ts";
import { chooseEarlier, releasesOf } from "../release/rollback.ts";

export interface RetentionRules {
  /** Applied releases kept per app and environment. */
  readonly releases: number;
  /** Milliseconds that a finished release is kept which applied nothing. */
  readonly refused: number;
  /** Milliseconds that a decision or a command from outside Slack is kept once it is answered. */
  readonly answered: number;
}

/** What came from outside Slack and was answered long ago: the audit log has what happened. */
export function outdatedAsked<Asked extends { readonly status?: { readonly at: string } }>(
  all: readonly Asked[],
  rules: Pick<RetentionRules, "answered">,
  now: number,
): readonly Asked[] {
  return all.filter(
    ({ status }) => status !== undefined && now - Date.parse(status.at) > rules.answered,
  );
}

/**
 * The finished releases that may go. Never one that runs, nor the applied or the current one of its
 * app, nor what a rollback returns to, now or by a request that waits.
 */
export function outdated(
  releases: readonly Release[],
  applications: readonly Application[],
  rules: RetentionRules,
  now: number,
): readonly Release[] {
  const kept = new Set([
    ...applications.flatMap((head) => neededBy(head, releases)),
    ...releases.flatMap(wantedBy),
  ]);
  const finished = releases.filter(
    (release) => isTerminal(phaseOf(release)) && !kept.has(release.metadata.name),
  );
  const idle = finished.filter(
    ({ status }) =>
      status?.revision === undefined && now - Date.parse(status?.finishedAt ?? "") > rules.refused,
  );
  return [
    ...idle,
    ...beyond(releases, rules.releases).filter((release) => finished.includes(release)),
  ];
}

/** What an app runs, goes back to, or is about to run. */
function neededBy(
  { spec: { app, environment }, status }: Application,
  releases: readonly Release[],
): readonly (string | undefined)[] {
  if (status === undefined) return [];
  // A hundred changes of scale may lie between what runs and the version before it.
  const earlier = chooseEarlier(status, releasesOf(releases, app, environment));
  return [
    status.applied?.release,
    status.current?.release,
    status.deleted?.release,
    status.inFlight,
    typeof earlier === "string" ? undefined : earlier.release,
  ];
}

/** What a rollback or a promotion that is not over will read. */
function wantedBy(release: Release): readonly string[] {
  const { source } = release.spec;
  if (isTerminal(phaseOf(release))) return [];
  if (source.type === "promotion") return [source.from.release];
  return source.type === "release" ? [source.release] : [];
}

/** What runs and what a rollback of it returns to, however many failed since. */
const keptSuccesses = 2;

/** Applied releases past the newest `most` of each app and environment. */
function beyond(releases: readonly Release[], most: number): readonly Release[] {
  const groups = Map.groupBy(
    releases.filter(({ status }) => status?.revision !== undefined),
    ({ spec, status }) => `${spec.environment}.${status?.app ?? ""}`,
  );
  const revision = ({ status }: Release): number => status?.revision ?? 0;
  return [...groups.values()].flatMap((group) => {
    const newest = group.toSorted((a, b) => revision(b) - revision(a));
    const successes = newest.filter((release) => phaseOf(release) === "succeeded");
    const kept = new Set(successes.slice(0, keptSuccesses));
    return newest.slice(most).filter((release) => !kept.has(release));
  });
}
