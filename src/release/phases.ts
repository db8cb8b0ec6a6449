import type { Phase, Release, ReleaseStatus, Transition } from "./release.ts";

/**
 * Which phase may follow which. The CRD's CEL rules hold the ends of it on the API server; a test
 * ties the two together.
 */
const followers: Readonly<Record<Phase, readonly Phase[]>> = {
  accepted: ["planned", "refused", "cancelled", "superseded", "expired"],
  // A plan that does not hold any more is made anew.
  planned: [
    "planned",
    "awaiting-approval",
    "applying",
    "refused",
    "cancelled",
    "superseded",
    "expired",
  ],
  "awaiting-approval": [
    "planned",
    "approved",
    "refused",
    "rejected",
    "expired",
    "cancelled",
    "superseded",
  ],
  approved: ["planned", "applying", "refused", "cancelled", "superseded", "expired"],
  applying: ["progressing", "failed", "unknown", "superseded"],
  progressing: ["verifying", "failed", "unknown", "superseded"],
  verifying: ["progressing", "succeeded", "failed", "unknown", "superseded"],
  succeeded: [],
  failed: [],
  unknown: [],
  refused: [],
  rejected: [],
  expired: [],
  cancelled: [],
  superseded: [],
};

/** A terminal release is never touched again, but for where it was told and to whom delivered. */
export function isTerminal(phase: Phase): boolean {
  return followers[phase].length === 0;
}

/** The release as the controller sees it; a fresh one is `accepted` although nobody wrote so yet. */
export function phaseOf(release: Release): Phase {
  return release.status?.phase ?? "accepted";
}

/** True from the first object applied on: the cluster may run something new. */
export function hasApplied(phase: Phase): boolean {
  return ["applying", "progressing", "verifying", "succeeded", "failed", "unknown"].includes(phase);
}

/**
 * The status after one step of the state machine.
 * @throws RangeError for a step the machine does not have: a bug, never a user's mistake.
 */
export function enter(
  status: ReleaseStatus,
  phase: Phase,
  step: { readonly now: number; readonly actor: string },
  fields: Partial<Omit<ReleaseStatus, "phase" | "transitions" | "finishedAt">> = {},
): ReleaseStatus {
  if (!followers[status.phase].includes(phase)) {
    throw new RangeError(`a release cannot go from ${status.phase} to ${phase}`);
  }
  const at = new Date(step.now).toISOString();
  return {
    ...status,
    ...fields,
    phase,
    transitions: storable([...status.transitions, { phase, at, actor: step.actor }]),
    ...(isTerminal(phase) ? { finishedAt: at } : {}),
  };
}

/** The CRD's limit. Only a release that flaps between progressing and verifying comes near it. */
const mostTransitions = 64;

/** How a release began and how it ends; what is too much in between is left out. */
function storable(transitions: readonly Transition[]): readonly Transition[] {
  if (transitions.length <= mostTransitions) return transitions;
  const half = mostTransitions / 2;
  return [...transitions.slice(0, half), ...transitions.slice(-half)];
}

/** The first status of a release: what `accept` promised, now in docc's own hand. */
export function accept(release: Release, step: { readonly now: number }): ReleaseStatus {
  return {
    phase: "accepted",
    ...(release.spec.app === undefined ? {} : { app: release.spec.app }),
    transitions: [
      {
        phase: "accepted",
        at: new Date(step.now).toISOString(),
        actor: release.spec.requester.user,
      },
    ],
  };
}
