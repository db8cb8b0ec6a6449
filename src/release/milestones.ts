import { readManifest } from "../manifest/canonical.ts";
import { isDeletion } from "./deletion.ts";
import { phaseOf } from "./phases.ts";
import { keyOf } from "./plan.ts";
import type { ObjectRef, Phase, Plan, Release } from "./release.ts";
import type { Milestone, ReleaseView } from "./story.ts";
import { sayChanged } from "./verdict.ts";

/** Groups of warnings that a thread hears of; the verdict names the cause anyway. */
const mostWarnings = 5;

/**
 * What the thread of a release should have heard by now, in order. Pure: what was told already is
 * the caller's to leave out, by key.
 */
export function milestonesOf(
  release: Release,
  view: Pick<ReleaseView, "progress" | "stableMs" | "now" | "followUp" | "owners">,
): readonly Milestone[] {
  const { progress, stableMs, now, followUp, owners = [] } = view;
  const { status } = release;
  const plan = status?.plan;
  if (status === undefined) return [];
  if (plan === undefined) return endings(release);
  const milestones: Milestone[] = [...decisions(release, plan, now, owners)];
  if (isDeletion(release)) {
    if (hasReached(release, "progressing")) {
      milestones.push({ type: "deleting", key: "deleting", release });
    }
    if (phaseOf(release) === "succeeded") milestones.push({ type: "gone", key: "gone", release });
    return [...milestones, ...failures(release, plan, followUp)];
  }
  if (hasReached(release, "progressing")) {
    const count = (action: string): number =>
      plan.changes.filter((change) => change.action === action).length;
    const notes = [
      ...plan.risks.map((risk) => `Known risk: ${risk}`),
      ...plan.warnings.map((warning) => `Warning: ${warning}`),
    ];
    milestones.push({
      type: "applied",
      key: "applied",
      created: count("create"),
      changed: count("change"),
      unchanged: count("unchanged"),
      ...(notes.length === 0 ? {} : { notes }),
    });
  }
  for (const warning of (progress?.warnings ?? []).slice(0, mostWarnings)) {
    milestones.push({ type: "warning", key: `warning:${warning.key}`, warning });
  }
  if (["verifying", "succeeded"].includes(phaseOf(release))) {
    const counts = status.verdict ?? progress;
    if (counts !== undefined) {
      milestones.push({
        type: "ready",
        key: "ready",
        // All of them were when it came here; a picture may be older than that.
        ready: counts.wanted,
        wanted: counts.wanted,
        stableMs,
      });
    }
  }
  const prunes = plan.changes.filter(({ action }) => action === "prune");
  if (phaseOf(release) === "succeeded" && prunes.length > 0) {
    const there = new Set(status.inventory?.map(keyOf));
    milestones.push({
      type: "pruned",
      key: "pruned",
      removed: prunes.filter((ref) => !there.has(keyOf(ref))).map(nameOf),
      kept: prunes.filter((ref) => there.has(keyOf(ref))).map(nameOf),
    });
  }
  return [...milestones, ...failures(release, plan, followUp)];
}

/** Why it failed, to those whose app it is. */
function failures(
  release: Release,
  plan: Plan,
  followUp: ReleaseView["followUp"],
): readonly Milestone[] {
  const cause = release.status?.verdict?.cause;
  const { requester, tell } = release.spec;
  if (phaseOf(release) !== "failed" || cause === undefined) return [];
  return [
    {
      type: "failed",
      key: "failed",
      cause,
      changed: sayChanged(plan),
      requester,
      ...(tell === undefined ? {} : { tell }),
      maintainers: readManifest(plan.manifest)?.maintainer ?? [],
      ...(followUp === undefined ? {} : { followUp }),
    },
  ];
}

/**
 * Whose release it is that has ended, as they are named: who asked for it, unless they have ended it themselves, and
 * those whom its failure is told.
 */
export function whoseEnd({ spec, status }: Release): readonly string[] {
  const { requester, tell } = spec;
  const isOwn =
    status?.closed?.by.user === requester.user && status.closed.by.provider === requester.provider;
  const asker = requester.provider === "slack" && !isOwn ? [requester.user] : [];
  if (status?.phase !== "failed") return asker;
  const owners = readManifest(status.plan?.manifest ?? "")?.maintainer ?? [];
  return [...asker, ...(tell === undefined ? [] : [tell]), ...owners];
}

/** What people are asked, and what they have said. */
function decisions(
  release: Release,
  plan: Plan,
  now: number,
  owners: readonly string[],
): readonly Milestone[] {
  const { spec, status } = release;
  const { number, policy } = plan;
  const { approvers } = policy;
  const approvals = status?.approvals ?? [];
  const isAsked = phaseOf(release) === "awaiting-approval";
  const half = (Date.parse(plan.plannedAt) + Date.parse(plan.expiresAt ?? "")) / 2;
  return [
    ...(spec.emergency === undefined
      ? []
      : [
          {
            type: "emergency",
            key: "emergency",
            by: spec.requester,
            reason: spec.emergency,
            owners,
          } as const,
        ]),
    ...(number > 1 ? [{ type: "plan", key: `plan:${number}`, number } as const] : []),
    ...(isAsked ? [{ type: "ask", key: `ask:${number}`, release, approvers } as const] : []),
    ...(isAsked && now >= half
      ? [{ type: "reminder", key: `reminder:${number}`, release, approvers } as const]
      : []),
    ...approvals.map(
      ({ by }, at) =>
        ({
          type: "approved",
          key: `approved:${number}:${at + 1}`,
          by,
          count: at + 1,
          of: policy.approvals,
        }) as const,
    ),
    ...endings(release),
  ];
}

/** How people, or the time, have ended it. */
function endings({ spec, status }: Release): readonly Milestone[] {
  const { phase, closed, stop } = status ?? {};
  const { requester } = spec;
  return [
    ...(stop === undefined ? [] : [{ type: "stop", key: "stop", stop } as const]),
    ...(closed !== undefined && (phase === "rejected" || phase === "cancelled")
      ? [{ type: "closed", key: "closed", phase, closed, requester } as const]
      : []),
    ...(phase === "expired" ? [{ type: "expired", key: "expired", requester } as const] : []),
  ];
}

function nameOf({ kind, name }: ObjectRef): string {
  return `${kind} ${name}`;
}

function hasReached(release: Release, wanted: Phase): boolean {
  return (release.status?.transitions ?? []).some(({ phase }) => phase === wanted);
}
