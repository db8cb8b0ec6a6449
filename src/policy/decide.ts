import { accept, enter, isTerminal, phaseOf } from "../release/phases.ts";
import { atName, type People, samePerson, slackIds } from "../release/people.ts";
import type { Approval, Identity, Phase, Release, ReleaseStatus } from "../release/release.ts";
import { sayNames } from "./names.ts";

/** What somebody says about a release. */
export interface Decision {
  readonly verdict: "approve" | "reject" | "cancel";
  readonly by: Identity;
  /** Of the plan that they saw; without it, the one that there is. */
  readonly digest?: string | undefined;
  /** In their words; may be empty. */
  readonly reason: string;
}

/** What the directory and today's rules say of who decides. */
export interface Standing {
  /** Among those who may approve this plan, as it was made and as the rules are now. */
  readonly isApprover: boolean;
  /** Whom the request names to be told: a pipeline asks for them, so they count as who asked. */
  readonly isTold: boolean;
  /** Maintains the live app, owns its team, or operates docc. */
  readonly isOwner: boolean;
  /** May ask for changes in this environment. */
  readonly mayDeploy: boolean;
  readonly people: People;
}

/** Why a decision has no effect: stable codes. */
type DecisionRefusal =
  | "not-waiting"
  | "plan-changed"
  | "expired"
  | "own-request"
  | "not-entitled"
  | "already-approved"
  | "already-decided";

export type Ruling =
  | { readonly write: ReleaseStatus }
  | {
      readonly refused: DecisionRefusal;
      /** People stand in it as `@U0123`. */
      readonly sentence: string;
      /** The Slack ids that do. */
      readonly named: readonly string[];
    };

/** A decision that was weighed and, where it has an effect, written: what the release has become by it. */
export type Decided =
  | { readonly status: ReleaseStatus }
  | Exclude<Ruling, { readonly write: ReleaseStatus }>;

const active: readonly Phase[] = ["applying", "progressing", "verifying"];

/**
 * What a decision does to a release. One conditional write carries it; whoever comes second is judged by
 * what the first has written, and hears who it was.
 */
export function decide(
  release: Release,
  decision: Decision,
  standing: Standing,
  now: number,
): Ruling {
  switch (decision.verdict) {
    case "approve":
      return approve(release, decision, standing, now);
    case "reject":
      return reject(release, decision, standing, now);
    case "cancel":
      return cancel(release, decision, standing, now);
  }
}

function approve(release: Release, decision: Decision, standing: Standing, now: number): Ruling {
  const { by } = decision;
  const barred = openToDecision(release, decision, now);
  if (barred !== undefined) return barred;
  const { status } = release;
  const plan = status?.plan;
  if (status === undefined || plan === undefined) return notYet(release);
  const { policy } = plan;
  const isOwn = standing.isTold || samePerson(by, release.spec.requester, standing.people);
  if (!policy.self && isOwn) {
    return refused("own-request", "You asked for this, so somebody else must approve it.");
  }
  if (!standing.isApprover) return notEntitled(policy.approvers);
  const before = status.approvals ?? [];
  if (before.some((each) => samePerson(each.by, by, standing.people))) {
    const count = `${before.length} of ${policy.approvals}`;
    return refused("already-approved", `You have approved it already: ${count}.`);
  }
  if (by.provider === "slack" && before.length >= policy.approvals) {
    const sentence = "It has its approvals from Slack: one must come from a terminal now.";
    return refused("already-approved", sentence);
  }
  const approvals: readonly Approval[] = [
    ...before,
    { by, at: new Date(now).toISOString(), digest: plan.digest },
  ];
  const next = { ...status, approvals };
  return isEnough(approvals, policy)
    ? { write: enter(next, "approved", { now, actor: by.user }) }
    : { write: next };
}

/** Whether a plan has the approvals that its policy asks for. */
export function isEnough(
  approvals: readonly Approval[],
  policy: { readonly approvals: number; readonly outsideSlack: boolean },
): boolean {
  const hasOutside = approvals.some(({ by }) => by.provider === "kubernetes");
  return approvals.length >= policy.approvals && (hasOutside || !policy.outsideSlack);
}

function reject(release: Release, decision: Decision, standing: Standing, now: number): Ruling {
  const { by, reason } = decision;
  const barred = openToDecision(release, decision, now);
  if (barred !== undefined) return barred;
  const { status } = release;
  if (status?.plan === undefined) return notYet(release);
  if (!standing.isApprover && !standing.isOwner) return notEntitled(status.plan.policy.approvers);
  return {
    write: enter(status, "rejected", { now, actor: by.user }, { closed: { by, reason } }),
  };
}

/** Before anything is applied the release ends here; afterwards docc is asked to stop it. */
function cancel(release: Release, decision: Decision, standing: Standing, now: number): Ruling {
  const { by, reason } = decision;
  const phase = phaseOf(release);
  if (isTerminal(phase)) return over(release);
  const status = release.status ?? accept(release, { now });
  if (active.includes(phase)) {
    if (!standing.mayDeploy && !standing.isOwner) {
      const { environment } = release.spec;
      const sentence = `Only an owner of the app or who may change applications in ${environment} may stop it.`;
      return refused("not-entitled", sentence);
    }
    if (status.stop !== undefined) {
      const sentence = `${atName(status.stop.by)} has stopped it already.`;
      return refused("already-decided", sentence, slackIds([status.stop.by]));
    }
    return { write: { ...status, stop: { by, reason, at: new Date(now).toISOString() } } };
  }
  const isOwn = samePerson(by, release.spec.requester, standing.people);
  if (!isOwn && !standing.isOwner && !standing.isApprover) {
    const sentence = "Only who asked for it, an owner of the app or an approver may cancel it.";
    return refused("not-entitled", sentence);
  }
  return {
    write: enter(status, "cancelled", { now, actor: by.user }, { closed: { by, reason } }),
  };
}

/** Why nobody can decide on this plan now. */
function openToDecision(release: Release, { digest }: Decision, now: number): Ruling | undefined {
  const phase = phaseOf(release);
  const plan = release.status?.plan;
  if (phase === "approved" || active.includes(phase)) return approvedBefore(release);
  if (isTerminal(phase)) return over(release);
  if (phase !== "awaiting-approval" || plan === undefined) return notYet(release);
  if (digest !== undefined && digest !== plan.digest) {
    const sentence = "The plan is not the one that you saw any more: look at it again.";
    return refused("plan-changed", sentence);
  }
  if (plan.expiresAt !== undefined && now >= Date.parse(plan.expiresAt)) {
    return refused("expired", "The time to approve it is over: ask for the deploy again.");
  }
  return undefined;
}

function notYet(release: Release): Ruling {
  const sentence =
    phaseOf(release) === "planned"
      ? "It needs no approval."
      : "It is not planned yet: there is nothing to decide on.";
  return refused("not-waiting", sentence);
}

/** The second click hears who was first. */
function approvedBefore({ status }: Release): Ruling {
  const people = (status?.approvals ?? []).map(({ by }) => by);
  const names = people.map(atName).join(" and ");
  return people.length === 0
    ? refused("not-waiting", "It needed no approval, and is under way.")
    : refused("already-approved", `Already approved by ${names}.`, slackIds(people));
}

function over(release: Release): Ruling {
  const { status } = release;
  const phase = phaseOf(release);
  if (phase === "expired") return refused("expired", "It has expired: ask for the deploy again.");
  const { closed, approvals = [] } = status ?? {};
  if (closed !== undefined) {
    const sentence = `It is over already: ${phase} by ${atName(closed.by)}.`;
    return refused("already-decided", sentence, slackIds([closed.by]));
  }
  const people = approvals.map(({ by }) => by);
  const who = people.length === 0 ? "" : `, approved by ${people.map(atName).join(" and ")}`;
  return refused("already-decided", `It is over already: ${phase}${who}.`, slackIds(people));
}

function notEntitled(approvers: readonly string[]): Ruling {
  const { said, named } = sayNames(approvers);
  const who = said === "" ? "nobody at the moment" : said;
  return refused("not-entitled", `You may not decide on this plan. Those who may: ${who}.`, named);
}

function refused(code: DecisionRefusal, sentence: string, named: readonly string[] = []): Ruling {
  return { refused: code, sentence, named };
}
