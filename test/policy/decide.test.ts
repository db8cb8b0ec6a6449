import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decide,
  type Decision,
  isEnough,
  type Ruling,
  type Standing,
} from "../../src/policy/decide.ts";
import { accept, enter, isTerminal } from "../../src/release/phases.ts";
import {
  type Approval,
  type Identity,
  type Phase,
  type PlanPolicy,
  type Release,
  releasePhases,
  type ReleaseStatus,
} from "../../src/release/release.ts";
import { openPolicy, plan as somePlan, release } from "../release/releases.ts";

const now = Date.UTC(2017, 11, 6, 9);
const step = { now, actor: "docc" };
const slack = (user: string): Identity => ({ provider: "slack", team: "T0TEAM", user });
const account = (user: string): Identity => ({ provider: "kubernetes", team: "", user });
const requester = release().spec.requester;
const people = [
  { slack: requester.user, kubernetes: "developer" },
  { slack: "UANNA", kubernetes: "anna" },
];
const approver: Standing = {
  isApprover: true,
  isTold: false,
  isOwner: false,
  mayDeploy: true,
  people,
};
const nobody: Standing = { ...approver, isApprover: false, mayDeploy: false };

function plan(policy: Partial<PlanPolicy> = {}) {
  return {
    ...somePlan,
    policy: { ...openPolicy, approvals: 1, approvers: ["SONCALL"], ...policy },
    expiresAt: new Date(now + 60_000).toISOString(),
  };
}

function yes(...who: readonly Identity[]): readonly Approval[] {
  return who.map((by) => ({ by, at: "2017-12-06T08:00:00.000Z", digest: somePlan.digest }));
}

/** A release in some phase, by the steps that lead there. */
function inPhase(
  phase: Phase,
  rest: Partial<ReleaseStatus> = {},
  policy?: Partial<PlanPolicy>,
): Release {
  const way: readonly Phase[] = [
    "planned",
    "awaiting-approval",
    "approved",
    "applying",
    "progressing",
    "verifying",
  ];
  const before: Readonly<Partial<Record<Phase, Phase>>> = {
    refused: "accepted",
    rejected: "awaiting-approval",
    expired: "awaiting-approval",
    cancelled: "awaiting-approval",
    superseded: "planned",
    failed: "progressing",
    unknown: "progressing",
    succeeded: "verifying",
  };
  const last = before[phase] ?? phase;
  let status = accept(release(), { now });
  for (const next of way.slice(0, way.indexOf(last) + 1)) {
    status = enter(status, next, step, next === "planned" ? { plan: plan(policy) } : {});
  }
  if (status.phase !== phase) status = enter(status, phase, step);
  return release({ ...status, ...rest });
}

function ask(
  given: Release,
  verdict: Decision["verdict"],
  by: Identity = slack("UANNA"),
  standing = approver,
  rest: Partial<Decision> & { readonly at?: number } = {},
): Ruling {
  return decide(given, { verdict, by, reason: "", ...rest }, standing, rest.at ?? now);
}

function say(ruling: Ruling): string {
  return "refused" in ruling
    ? `${ruling.refused}: ${ruling.sentence}`
    : `${ruling.write.phase}${ruling.write.stop === undefined ? "" : ", stop"}`;
}

const verdicts = ["approve", "reject", "cancel"] as const;

describe("a decision on a release in any phase", () => {
  it.each(releasePhases.flatMap((phase) => verdicts.map((verdict) => [verdict, phase] as const)))(
    "to %s what is %s has one outcome",
    (verdict, phase) => {
      const closed = { by: slack("UBEN"), reason: "" };
      const isClosed = phase === "rejected" || phase === "cancelled";
      const rest = isClosed ? { closed } : isTerminal(phase) ? {} : {};
      const outcome = say(ask(inPhase(phase, rest), verdict));
      const table: Readonly<Record<string, readonly [string, string, string]>> = {
        accepted: [
          "not-waiting: It is not planned yet",
          "not-waiting: It is not planned yet",
          "cancelled",
        ],
        planned: [
          "not-waiting: It needs no approval",
          "not-waiting: It needs no approval",
          "cancelled",
        ],
        "awaiting-approval": ["approved", "rejected", "cancelled"],
        approved: ["not-waiting: It needed no", "not-waiting: It needed no", "cancelled"],
        applying: ["not-waiting: It needed no", "not-waiting: It needed no", "applying, stop"],
        progressing: [
          "not-waiting: It needed no",
          "not-waiting: It needed no",
          "progressing, stop",
        ],
        verifying: ["not-waiting: It needed no", "not-waiting: It needed no", "verifying, stop"],
        expired: ["expired: It has expired", "expired: It has expired", "expired: It has expired"],
      };
      const by = isClosed ? " by @UBEN" : "";
      const over = `already-decided: It is over already: ${phase}${by}.`;
      const expected = table[phase] ?? [over, over, over];
      expect(outcome).toContain(expected[verdicts.indexOf(verdict)]);
    },
  );

  const codes = new Set([
    "not-waiting",
    "plan-changed",
    "expired",
    "own-request",
    "not-entitled",
    "already-approved",
    "already-decided",
  ]);
  it("is a step of the machine or a refusal with a stable code and one sentence, whoever asks", () => {
    const identity = fc.constantFrom(
      requester,
      slack("UANNA"),
      slack("UBEN"),
      account("anna"),
      account("developer"),
      account("ci"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...releasePhases),
        fc.constantFrom(...verdicts),
        identity,
        fc.uniqueArray(identity, { maxLength: 3, selector: ({ user }) => user }),
        fc.record({
          isApprover: fc.boolean(),
          isTold: fc.boolean(),
          isOwner: fc.boolean(),
          mayDeploy: fc.boolean(),
          people: fc.constant(people),
        }),
        fc.record({
          approvals: fc.integer({ min: 1, max: 3 }),
          self: fc.boolean(),
          outsideSlack: fc.boolean(),
        }),
        fc.constantFrom(undefined, somePlan.digest, `sha256:${"1".repeat(64)}`),
        fc.integer({ min: 0, max: 120_000 }),
        (phase, verdict, by, before, standing, policy, digest, later) => {
          const given = inPhase(
            phase,
            before.length === 0 ? {} : { approvals: yes(...before) },
            policy,
          );
          const ruling = ask(given, verdict, by, standing, { digest, at: now + later });
          if ("refused" in ruling) {
            expect(codes).toContain(ruling.refused);
            expect(ruling.sentence).toMatch(/^[^\n]{10,400}\.$/);
            return;
          }
          const { write } = ruling;
          expect(isTerminal(phase), "what is over stays").toBe(false);
          if (verdict !== "approve") {
            expect(["rejected", "cancelled", phase]).toContain(write.phase);
            expect(write.approvals).toEqual(given.status?.approvals);
            return;
          }
          expect(phase).toBe("awaiting-approval");
          expect(later).toBeLessThan(60_000);
          expect([undefined, somePlan.digest]).toContain(digest);
          expect(standing.isApprover).toBe(true);
          expect(write.approvals).toHaveLength(before.length + 1);
          expect(write.approvals?.at(-1)).toMatchObject({ by, digest: somePlan.digest });
          const isPlain = before.length + 1 >= policy.approvals && !policy.outsideSlack;
          if (isPlain) expect(write.phase).toBe("approved");
          if (before.length + 1 < policy.approvals) expect(write.phase).toBe("awaiting-approval");
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("an approval", () => {
  const waiting = inPhase("awaiting-approval", {}, { approvals: 2 });

  it("is refused to whom the request names to be told, unless the policy lets requesters", () => {
    const told = { ...approver, isTold: true };
    const yes = ask(waiting, "approve", account("somebody"), told);
    expect(say(yes)).toMatch(/^own-request: You asked for this/);
    const lenient = inPhase("awaiting-approval", {}, { approvals: 2, self: true });
    expect(ask(lenient, "approve", account("somebody"), told)).toHaveProperty("write");
  });

  it("is refused to who asked, by either identity, unless the policy lets them", () => {
    for (const by of [requester, account("developer")]) {
      expect(say(ask(waiting, "approve", by))).toMatch(/^own-request: You asked for this/);
      const own = inPhase("awaiting-approval", {}, { self: true });
      expect(say(ask(own, "approve", by))).toBe("approved");
    }
  });

  it("counts a person once, by whichever identity", () => {
    const first = ask(waiting, "approve");
    expect(say(first)).toBe("awaiting-approval");
    const next = release("write" in first ? first.write : undefined);
    for (const by of [slack("UANNA"), account("anna")]) {
      expect(say(ask(next, "approve", by))).toBe(
        "already-approved: You have approved it already: 1 of 2.",
      );
    }
    expect(say(ask(next, "approve", slack("UBEN")))).toBe("approved");
  });

  it("tells the second click who was first, while it is applied and when it is over", () => {
    const approvals = yes(slack("UANNA"), account("ci"));
    for (const phase of ["approved", "applying", "progressing", "verifying"] as const) {
      const ruling = ask(inPhase(phase, { approvals }), "approve", slack("UBEN"));
      expect(ruling).toEqual({
        refused: "already-approved",
        sentence: "Already approved by @UANNA and ci.",
        named: ["UANNA"],
      });
    }
    expect(ask(inPhase("succeeded", { approvals }), "approve", slack("UBEN"))).toEqual({
      refused: "already-decided",
      sentence: "It is over already: succeeded, approved by @UANNA and ci.",
      named: ["UANNA"],
    });
  });

  it("is of the plan that was seen, in time, and by somebody entitled", () => {
    const other = { digest: `sha256:${"1".repeat(64)}` };
    expect(say(ask(waiting, "approve", slack("UANNA"), approver, other))).toMatch(/^plan-changed/);
    expect(say(ask(waiting, "approve", slack("UANNA"), approver, { at: now + 60_000 }))).toMatch(
      /^expired: The time to approve it is over/,
    );
    expect(ask(waiting, "approve", slack("UANNA"), nobody)).toEqual({
      refused: "not-entitled",
      sentence: "You may not decide on this plan. Those who may: @SONCALL.",
      named: ["SONCALL"],
    });
  });

  it("names five of those who may, and counts the others", () => {
    const approvers = Array.from({ length: 7 }, (_, at) => `kubernetes:user-${at}`);
    const many = inPhase("awaiting-approval", {}, { approvers });
    expect(say(ask(many, "approve", slack("UANNA"), nobody))).toContain(
      "user-0, user-1, user-2, user-3, user-4 and 2 more.",
    );
  });

  it("from Slack is not enough where one must come from outside", () => {
    const outside = inPhase("awaiting-approval", {}, { outsideSlack: true });
    const first = ask(outside, "approve");
    expect(say(first)).toBe("awaiting-approval");
    const next = release("write" in first ? first.write : undefined);
    expect(say(ask(next, "approve", slack("UBEN")))).toBe(
      "already-approved: It has its approvals from Slack: one must come from a terminal now.",
    );
    expect(say(ask(next, "approve", account("ci")))).toBe("approved");
    expect(isEnough(yes(account("ci")), { approvals: 1, outsideSlack: true })).toBe(true);
    expect(isEnough(yes(account("ci")), { approvals: 2, outsideSlack: true })).toBe(false);
    expect(isEnough([], { approvals: 0, outsideSlack: false })).toBe(true);
  });
});

describe("a cancel", () => {
  it.each([
    ["who asked", requester, nobody, "cancelled"],
    ["who asked, by their account", account("developer"), nobody, "cancelled"],
    ["an owner", slack("UANNA"), { ...nobody, isOwner: true }, "cancelled"],
    ["an approver", slack("UANNA"), approver, "cancelled"],
    ["somebody else", slack("UANNA"), nobody, "not-entitled"],
  ])("by %s before it is applied: %s", (_who, by, standing, outcome) => {
    expect(say(ask(inPhase("awaiting-approval"), "cancel", by, standing))).toContain(outcome);
  });

  it.each([
    ["somebody who may deploy", { ...nobody, mayDeploy: true }, "applying, stop"],
    ["an owner or operator", { ...nobody, isOwner: true }, "applying, stop"],
    ["somebody else", nobody, "not-entitled"],
  ])("by %s stops what is applied: %s", (_who, standing, outcome) => {
    expect(say(ask(inPhase("applying"), "cancel", slack("UANNA"), standing))).toContain(outcome);
  });

  it("happens once, and the second hears by whom", () => {
    const first = ask(inPhase("progressing"), "cancel", slack("UBEN"), approver, { reason: "no" });
    expect(first).toMatchObject({ write: { stop: { by: { user: "UBEN" }, reason: "no" } } });
    const next = release("write" in first ? first.write : undefined);
    expect(say(ask(next, "cancel"))).toBe("already-decided: @UBEN has stopped it already.");
  });
});
