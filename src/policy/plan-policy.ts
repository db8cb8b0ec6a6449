import type { PlanPolicy, ReleaseSpec } from "../release/release.ts";
import { namesOf, type Ownership, ownersOf } from "./names.ts";
import { type EnvironmentRules, isReturn, type Organisation } from "./rules.ts";

/** What a plan's rules are made of. */
export interface PolicyInput {
  readonly rules: EnvironmentRules;
  readonly organisation: Organisation;
  /** What is live; undefined before the first success. */
  readonly live: Ownership | undefined;
  /** What the release would make of it. */
  readonly wanted: Ownership;
  readonly spec: ReleaseSpec;
  /** Whether who asks owns the app, or operates docc. */
  readonly requesterOwns: boolean;
}

/**
 * What a plan must have before it is applied. Approvers come from what is live and from docc.yaml, never
 * from the manifest under review; a change of maintainer or team needs an owner of today, or an operator,
 * in an emergency as well.
 */
export function policyOf(input: PolicyInput): PlanPolicy {
  const { rules, organisation, live, spec } = input;
  const { approval } = rules;
  const emergency = spec.emergency !== undefined;
  const asks = emergency || (isReturn({ spec }) && !approval.rollbacks) ? 0 : approval.count;
  const entitled = namesOf(approval.from, organisation, live);
  const keepers = keepersOf(input, asks > 0 ? entitled : undefined);
  // Where nobody keeps the app, there is nobody to take it from: whoever is asked anyway decides.
  const isTakeover =
    keepers.length > 0 && !input.requesterOwns && changesOwners(live, input.wanted);
  const approvals = isTakeover ? Math.max(1, asks) : asks;
  const approvers = isTakeover ? keepers : entitled;
  if (approvals === 0 && spec.source.type === "adoption") return ownYes(spec, emergency);
  return {
    approvals,
    approvers: approvals === 0 ? [] : approvers.toSorted(),
    self: approval.self && !isTakeover,
    outsideSlack: approvals > 0 && approval.outsideSlack,
    emergency,
  };
}

/**
 * What others have made is never taken over unseen. Where the rules ask nobody, who asked says yes to the plan: it
 * alone knows what the take-over changes, so a yes before it would be one to something that nobody has seen.
 */
function ownYes({ requester: { provider, user } }: ReleaseSpec, emergency: boolean): PlanPolicy {
  const name = provider === "kubernetes" ? `kubernetes:${user}` : user;
  return { approvals: 1, approvers: [name], self: true, outsideSlack: false, emergency };
}

/**
 * Who may give an app away: its owners and the operators. Where the environment asks as well, owners count
 * who may approve there anyway; else a change of maintainer would be a way around those who may.
 */
function keepersOf(
  { organisation, live }: PolicyInput,
  entitled: readonly string[] | undefined,
): readonly string[] {
  const owners = ownersOf(organisation, live).filter((name) => entitled?.includes(name) ?? true);
  return [...new Set([...owners, ...namesOf(["operators"], organisation, live)])];
}

/** Whether the app would answer to somebody else than today. */
export function changesOwners(live: Ownership | undefined, wanted: Ownership): boolean {
  if (live === undefined) return false;
  const people = ({ maintainer }: Ownership): string => JSON.stringify(maintainer.toSorted());
  return people(live) !== people(wanted) || live.team !== wanted.team;
}
