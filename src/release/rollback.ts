import { appNameOf } from "./names.ts";
import { canonicalJson } from "../manifest/canonical.ts";
import { withoutScale } from "../manifest/rescale.ts";
import { phaseOf } from "./phases.ts";
import { objectsOf } from "./plan.ts";
import type { ApplicationStatus, Plan, Release } from "./release.ts";

/** A revision that a rollback may return to. */
export interface Earlier {
  /** Name of its Release. */
  readonly release: string;
  readonly revision: number;
  /** Its image tag. */
  readonly version: string;
}

/** Why there is nothing to return to. */
export type NoReturn =
  | "nothing-earlier"
  | "unknown-revision"
  | "record-gone"
  | "never-succeeded"
  | "was-deletion"
  | "runs-already";

/** The releases of one app in one environment. */
export function releasesOf(
  releases: readonly Release[],
  app: string,
  environment: string,
): readonly Release[] {
  return releases.filter(
    (release) => release.spec.environment === environment && appNameOf(release) === app,
  );
}

/** All revisions that can be returned to, newest first: those that succeeded and whose record is kept. */
export function succeededRevisions(releases: readonly Release[]): readonly Earlier[] {
  return succeededReleases(releases).map(earlier);
}

/**
 * Where a rollback goes. Unless told: to the current revision when something that did not succeed was
 * applied since, else to the one that succeeded before it and differs in more than its scale, which a
 * rollback keeps. After a deletion: to what succeeded last before it.
 * @param releases all that are kept of this app in this environment
 * @param wish `to` the revision asked for; `rescales` when a scale was given, which is something to do
 */
export function chooseEarlier(
  { applied, current, deleted, nextRevision }: ApplicationStatus,
  releases: readonly Release[],
  wish: { readonly to?: number; readonly rescales?: boolean } = {},
): Earlier | NoReturn {
  const { to, rescales = false } = wish;
  if (to === undefined) {
    const last = applied ?? deleted;
    if (last === undefined) return "nothing-earlier";
    const running = releases.find(({ metadata: { name } }) => name === last.release);
    // Somebody may have deleted the record of what runs; its number is known all the same.
    const before =
      running === undefined
        ? successesBefore(last.revision, releases).map(earlier)[0]
        : earlierThan(running, releases);
    return before ?? "nothing-earlier";
  }
  const wanted = releases.find(({ status }) => status?.revision === to);
  if (wanted === undefined) return to < nextRevision ? "record-gone" : "unknown-revision";
  if (phaseOf(wanted) !== "succeeded") return "never-succeeded";
  if (wanted.spec.kind === "delete") return "was-deletion";
  const { name } = wanted.metadata;
  const isRunning = name === applied?.release && name === current?.release;
  return isRunning && !rescales ? "runs-already" : earlier(wanted);
}

/**
 * The revision that a release is rolled back to: of one that succeeded the newest success before it that is
 * another in more than its scale, of any other one the newest success before it, which users are on still.
 */
export function earlierThan(release: Release, releases: readonly Release[]): Earlier | undefined {
  const { revision = 0, plan } = release.status ?? {};
  const before = successesBefore(revision, releases);
  const target =
    phaseOf(release) === "succeeded"
      ? before.find(({ status }) => !isAlike(status?.plan, plan))
      : before[0];
  return target && earlier(target);
}

function successesBefore(revision: number, releases: readonly Release[]): readonly Release[] {
  return succeededReleases(releases).filter(({ status }) => (status?.revision ?? 0) < revision);
}

/** Those that succeeded with a revision of their own, newest first. */
export function succeededReleases(releases: readonly Release[]): readonly Release[] {
  const revision = ({ status }: Release): number => status?.revision ?? 0;
  return releases
    .filter(
      (release) =>
        phaseOf(release) === "succeeded" && revision(release) > 0 && release.spec.kind !== "delete",
    )
    .toSorted((a, b) => revision(b) - revision(a));
}

function earlier({ metadata, status }: Release): Earlier {
  const { plan, revision = 0 } = status ?? {};
  return { release: metadata.name, revision, version: plan === undefined ? "" : plan.to };
}

/** Whether two plans want the same but for the number of copies. */
function isAlike(a: Plan | undefined, b: Plan | undefined): boolean {
  const wanted = a === undefined ? undefined : essence(a);
  return wanted !== undefined && b !== undefined && wanted === essence(b);
}

/** Undefined for a plan that somebody has spoilt: nothing is like it. */
function essence(plan: Plan): string | undefined {
  try {
    return canonicalJson(withoutScale(objectsOf(plan)));
  } catch {
    return undefined;
  }
}
