import type { Identity, ObjectMeta } from "./release.ts";

export const verdicts = ["approve", "reject", "cancel"] as const;

/** What a person can say about a plan. */
type DecisionVerdict = (typeof verdicts)[number];

/**
 * The record of one decision that came from outside Slack, as it is stored (deploy/crds). It is created
 * once and grants nothing by itself: docc weighs it and answers in `status`.
 */
export interface DecisionRecord {
  readonly metadata: ObjectMeta;
  readonly spec: DecisionSpec;
  /** Absent until docc has answered; then it never changes. */
  readonly status?: DecisionAnswer;
}

export interface DecisionSpec {
  /** Name of the Release. */
  readonly release: string;
  /** Of the plan that the person read. */
  readonly digest: string;
  readonly verdict: DecisionVerdict;
  readonly reason?: string;
  /** Bound to the authenticated user by the API server (deploy/policy). */
  readonly by: Identity;
}

export interface DecisionAnswer {
  readonly outcome: "accepted" | "refused";
  /** Stable reason code. */
  readonly code: string;
  /** One sentence for the person who decided. */
  readonly sentence: string;
  /** RFC 3339 */
  readonly at: string;
}
