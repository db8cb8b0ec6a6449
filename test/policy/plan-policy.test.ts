import { describe, expect, it } from "vitest";
import { changesOwners, policyOf, type PolicyInput } from "../../src/policy/plan-policy.ts";
import type { ReleaseSpec } from "../../src/release/release.ts";
import { release } from "../release/releases.ts";
import { organisation, rules } from "./people.ts";

const live = { maintainer: ["UMAINTAINER", "dev@example.com"], team: "web" };

function policy(rest: Partial<PolicyInput> = {}, spec: Partial<ReleaseSpec> = {}) {
  return policyOf({
    rules: rules(),
    organisation,
    live,
    wanted: live,
    spec: { ...release().spec, ...spec },
    requesterOwns: false,
    ...rest,
  });
}

const stranger = { wanted: { maintainer: ["UMALLORY"], team: "web" } };
const earlier = { type: "release", release: "r", revision: 1 } as const;

describe("what a plan must have before it is applied", () => {
  it("is what the environment asks for, of whom it names", () => {
    expect(policy({ rules: rules({ count: 2, from: ["maintainers", "role:oncall"] }) })).toEqual({
      approvals: 2,
      approvers: ["SONCALL", "UMAINTAINER", "dev@example.com"],
      self: false,
      outsideSlack: false,
      emergency: false,
    });
  });

  it("is nothing where nobody is asked", () => {
    expect(policy({ rules: rules({ count: 0, outsideSlack: true }) })).toMatchObject({
      approvals: 0,
      approvers: [],
      outsideSlack: false,
    });
  });

  it.each([
    ["rollback", { kind: "rollback", source: earlier }],
    ["restart", { kind: "restart" }],
  ] as const)("is nothing for a %s, unless the environment says so", (_kind, spec) => {
    expect(policy({}, spec).approvals).toBe(0);
    expect(policy({ rules: rules({ rollbacks: true }) }, spec).approvals).toBe(1);
  });

  it("is the yes of who asked for a take-over where nobody else is asked", () => {
    const adopts = { seen: "0123456789ab", maintainer: "U2" };
    const source = { type: "adoption", adopts } as const;
    const open = { rules: rules({ count: 0, outsideSlack: true }), live: undefined };
    const own = { approvals: 1, approvers: ["U1"], self: true, outsideSlack: false };
    const requester = { provider: "slack", team: "T", user: "U1" } as const;
    expect(policy(open, { source, requester })).toMatchObject(own);
    expect(policy(open, { source, requester, emergency: "it burns" })).toMatchObject(own);
    const outside = { provider: "kubernetes", team: "", user: "ci" } as const;
    expect(policy(open, { source, requester: outside }).approvers).toEqual(["kubernetes:ci"]);
    expect(policy({}, { source, requester })).toEqual(policy({}, { requester }));
  });

  it("is set aside in an emergency, and says so", () => {
    expect(policy({ rules: rules({ count: 2 }) }, { emergency: "it burns" })).toMatchObject({
      approvals: 0,
      approvers: [],
      emergency: true,
    });
  });

  it("lets who asks approve where the environment does", () => {
    expect(policy({ rules: rules({ self: true }) }).self).toBe(true);
  });

  describe("when a stranger would make the app somebody else's", () => {
    const owners = ["UMAINTAINER", "UOPERATOR", "UWEB", "dev@example.com", "lead@example.com"];

    it.each([
      ["nobody is asked otherwise", rules({ count: 0 }), {}, 1],
      ["it is called an emergency", rules({ count: 2 }), { emergency: "it burns" }, 1],
      ["it is a rollback", rules({ count: 2 }), { kind: "rollback", source: earlier }, 1],
    ] as const)(
      "needs an owner of today, or an operator, though %s",
      (_why, given, spec, count) => {
        expect(policy({ ...stranger, rules: given }, spec)).toMatchObject({
          approvals: count,
          approvers: owners,
          self: false,
        });
      },
    );

    it("counts the owners who may approve there anyway: it is no way around the others", () => {
      const both = rules({ count: 2, from: ["role:oncall", "team"] });
      expect(policy({ ...stranger, rules: both })).toMatchObject({
        approvals: 2,
        approvers: ["UOPERATOR", "UWEB", "lead@example.com"],
      });
      const others = rules({ count: 2, from: ["role:oncall"] });
      expect(policy({ ...stranger, rules: others }).approvers).toEqual(["UOPERATOR"]);
    });

    it("asks nobody where nobody keeps the app: a channel owns it, and docc.yaml names nobody", () => {
      const open = {
        ...stranger,
        live: { maintainer: ["C0DEPLOYS"] },
        organisation: { operators: [], roles: {}, teams: {} },
      };
      expect(policy({ ...open, rules: rules({ count: 0 }) }).approvals).toBe(0);
      expect(policy({ ...open, rules: rules({ count: 1, from: ["UAPPROVER"] }) })).toMatchObject({
        approvals: 1,
        approvers: ["UAPPROVER"],
      });
    });

    it("never lets who asks approve", () => {
      expect(policy({ ...stranger, rules: rules({ count: 0, self: true }) }).self).toBe(false);
    });

    it("asks nobody more when who asks owns the app", () => {
      const own = { ...stranger, requesterOwns: true };
      expect(policy({ ...own, rules: rules({ count: 0 }) }).approvals).toBe(0);
      expect(policy({ ...own, rules: rules({ from: ["role:oncall"] }) }).approvers).toEqual([
        "SONCALL",
      ]);
    });
  });

  it.each([
    ["another order of maintainers", { ...live, maintainer: live.maintainer.toReversed() }, false],
    ["one more maintainer", { ...live, maintainer: [...live.maintainer, "UMALLORY"] }, true],
    ["one maintainer less", { ...live, maintainer: ["UMAINTAINER"] }, true],
    ["another team", { ...live, team: "shop" }, true],
    ["no team any more", { maintainer: live.maintainer }, true],
  ])("sees a change of owners in %s: %s", (_what, wanted, is) => {
    expect(changesOwners(live, wanted)).toBe(is);
    expect(changesOwners(undefined, wanted), "before the first deploy").toBe(false);
  });
});
