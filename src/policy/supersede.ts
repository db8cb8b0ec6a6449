import { ageOf } from "../release/age.ts";
import type { Phase, Release, ReleaseKind } from "../release/release.ts";
import { releasesOf } from "../release/rollback.ts";

/** Still without effect: a newer wish may take its place. */
const waits: readonly Phase[] = ["accepted", "planned", "awaiting-approval", "approved"];
/** What came to nothing takes nobody's place. */
const idle: readonly Phase[] = ["refused", "rejected", "expired", "cancelled", "superseded"];
/** Somebody who goes back to what worked is not overtaken by a deploy. */
const overtaken: readonly ReleaseKind[] = ["deploy", "update", "restart", "delete"];
const overtaking: readonly ReleaseKind[] = ["deploy", "update", "rollback", "delete"];

/**
 * The newer requests for the same app, newest first, that would end this one where policy says so. Whether
 * one of them is welcome is not asked here.
 */
export function newerRequests(release: Release, releases: readonly Release[]): readonly Release[] {
  const { spec, status } = release;
  const app = status?.app ?? spec.app;
  const isOpen = waits.includes(status?.phase ?? "accepted") && overtaken.includes(spec.kind);
  if (app === undefined || !isOpen) return [];
  const age = ageOf(release);
  return releasesOf(releases, app, spec.environment)
    .filter(
      (other) =>
        overtaking.includes(other.spec.kind) &&
        other.status !== undefined &&
        !idle.includes(other.status.phase) &&
        ageOf(other) > age,
    )
    .toSorted((a, b) => (ageOf(a) < ageOf(b) ? 1 : -1));
}
