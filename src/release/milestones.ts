import { storedManifest } from "../manifest/canonical.ts";
import { phaseOf } from "./phases.ts";
import { keyOf } from "./plan.ts";
import type { ObjectRef, Phase, Release } from "./release.ts";
import type { Milestone, Progress } from "./story.ts";
import { sayChanged } from "./verdict.ts";

/** Groups of warnings that a thread hears of; the verdict names the cause anyway. */
const mostWarnings = 5;

/**
 * What the thread of a release should have heard by now, in order. Pure: what was told already is
 * the caller's to leave out, by key.
 */
export function milestonesOf(
  release: Release,
  progress: Progress | undefined,
  stableMs: number,
): readonly Milestone[] {
  const { status } = release;
  const plan = status?.plan;
  if (status === undefined || plan === undefined) return [];
  const milestones: Milestone[] = [];
  if (hasReached(release, "progressing")) {
    const count = (action: string): number =>
      plan.changes.filter((change) => change.action === action).length;
    const notes = [
      ...plan.risks.map((risk) => `Known risk: ${risk}`),
      ...plan.warnings.map((warning) => `Warning: ${warning}`),
    ];
    milestones.push({
      key: "applied",
      created: count("create"),
      changed: count("change"),
      unchanged: count("unchanged"),
      ...(notes.length === 0 ? {} : { notes }),
    });
  }
  for (const warning of (progress?.warnings ?? []).slice(0, mostWarnings)) {
    milestones.push({ key: `warning:${warning.key}`, warning });
  }
  if (["verifying", "succeeded"].includes(phaseOf(release))) {
    const counts = status.verdict ?? progress;
    if (counts !== undefined) {
      milestones.push({ key: "ready", ready: counts.ready, wanted: counts.wanted, stableMs });
    }
  }
  const prunes = plan.changes.filter(({ action }) => action === "prune");
  if (phaseOf(release) === "succeeded" && prunes.length > 0) {
    const there = new Set(status.inventory?.map(keyOf));
    milestones.push({
      key: "pruned",
      removed: prunes.filter((ref) => !there.has(keyOf(ref))).map(nameOf),
      kept: prunes.filter((ref) => there.has(keyOf(ref))).map(nameOf),
    });
  }
  const cause = status.verdict?.cause;
  if (phaseOf(release) === "failed" && cause !== undefined) {
    milestones.push({
      key: "failed",
      cause,
      changed: sayChanged(plan),
      requester: release.spec.requester,
      maintainers: storedManifest(plan.manifest).maintainer,
    });
  }
  return milestones;
}

function nameOf({ kind, name }: ObjectRef): string {
  return `${kind} ${name}`;
}

function hasReached(release: Release, wanted: Phase): boolean {
  return (release.status?.transitions ?? []).some(({ phase }) => phase === wanted);
}
