import { appNameOf } from "../release/names.ts";
import { phaseOf } from "../release/phases.ts";
import type { Approval, Identity, Plan, Release, Verdict } from "../release/release.ts";
import { oneLine } from "../text/clean.ts";

/** A person, without what only records need. */
export interface Person {
  readonly provider: Identity["provider"];
  readonly user: string;
}

/** A release as data; stable, and explained in docs/ci.md. Fields are absent while they are not known. */
export interface Summary {
  readonly release: string;
  readonly namespace: string;
  readonly app: string;
  readonly environment: string;
  readonly kind: string;
  readonly phase: string;
  readonly requester: Person;
  readonly tell?: string;
  readonly reason?: string;
  readonly from?: string;
  readonly to?: string;
  readonly revision?: number;
  readonly plan?: PlanSummary;
  readonly verdict?: VerdictSummary;
  readonly closed?: { readonly by: Person; readonly reason: string };
  readonly acceptedAt: string;
  readonly finishedAt?: string;
}

interface PlanSummary {
  readonly number: number;
  readonly digest: string;
  readonly create: number;
  readonly change: number;
  readonly unchanged: number;
  readonly prune: number;
  readonly risks: readonly string[];
  readonly warnings: readonly string[];
  /** How many must say yes, and who has. */
  readonly approvals: number;
  readonly approvedBy: readonly Person[];
}

interface VerdictSummary {
  readonly outcome: string;
  readonly ready: number;
  readonly wanted: number;
  readonly affected: string;
  readonly urls: readonly string[];
  readonly cause?: {
    readonly code: string;
    readonly sentence: string;
    readonly evidence: readonly string[];
    readonly next: string;
  };
}

/** A release that is asked for, where nobody can read what became of it: as {@link Summary}, without its state. */
export type AskedSummary = Pick<
  Summary,
  "release" | "namespace" | "app" | "environment" | "kind" | "requester" | "tell" | "reason"
>;

/** Pure; every text in it is one clean line. */
export function askedSummary({
  name,
  namespace,
  spec,
}: {
  readonly name: string;
  readonly namespace: string;
  readonly spec: Release["spec"];
}): AskedSummary {
  return {
    release: name,
    namespace,
    app: spec.app ?? "",
    environment: oneLine(spec.environment),
    kind: spec.kind,
    requester: personOf(spec.requester),
    ...(spec.tell === undefined ? {} : { tell: oneLine(spec.tell) }),
    ...(spec.reason === undefined ? {} : { reason: oneLine(spec.reason) }),
  };
}

/** Pure; every text in it is one clean line. */
export function summaryOf(release: Release): Summary {
  const { metadata, spec, status } = release;
  const { plan, verdict, closed, revision, finishedAt, approvals } = status ?? {};
  return {
    release: metadata.name,
    namespace: metadata.namespace,
    app: appNameOf(release) ?? "",
    environment: oneLine(spec.environment),
    kind: spec.kind,
    phase: phaseOf(release),
    requester: personOf(spec.requester),
    ...(spec.tell === undefined ? {} : { tell: oneLine(spec.tell) }),
    ...(spec.reason === undefined ? {} : { reason: oneLine(spec.reason) }),
    ...(plan === undefined ? {} : { from: oneLine(plan.from), to: oneLine(plan.to) }),
    ...(revision === undefined ? {} : { revision }),
    ...(plan === undefined ? {} : { plan: planOf(plan, approvals ?? []) }),
    ...(verdict === undefined ? {} : { verdict: verdictOf(verdict) }),
    ...(closed === undefined
      ? {}
      : { closed: { by: personOf(closed.by), reason: oneLine(closed.reason) } }),
    acceptedAt: metadata.creationTimestamp,
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function planOf(plan: Plan, approvals: readonly Approval[]): PlanSummary {
  const { number, digest, changes, risks, warnings, policy } = plan;
  const count = (wanted: string): number =>
    changes.filter(({ action }) => action === wanted).length;
  return {
    number,
    digest,
    create: count("create"),
    change: count("change"),
    unchanged: count("unchanged"),
    prune: count("prune"),
    risks: risks.map(oneLine),
    warnings: warnings.map(oneLine),
    approvals: policy.approvals,
    approvedBy: approvals.map(({ by }) => personOf(by)),
  };
}

function verdictOf({ outcome, ready, wanted, affected, urls, cause }: Verdict): VerdictSummary {
  return {
    outcome,
    ready,
    wanted,
    affected: oneLine(affected),
    urls: urls.map(oneLine),
    ...(cause === undefined
      ? {}
      : {
          cause: {
            code: cause.code,
            sentence: oneLine(cause.sentence),
            evidence: cause.evidence.map(oneLine),
            next: oneLine(cause.next),
          },
        }),
  };
}

function personOf({ provider, user }: Identity): Person {
  return { provider, user: oneLine(user) };
}
