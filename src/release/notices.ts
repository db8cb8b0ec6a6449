import { isTerminal } from "./phases.ts";
import type { Cause, Identity, Outcome, Phase, Release, ReleaseKind } from "./release.ts";

/** The phases that other systems hear of, in docs/webhooks.md's order: decisions, work, ends. */
export const noticedPhases = [
  "awaiting-approval",
  "approved",
  "applying",
  "succeeded",
  "failed",
  "unknown",
  "superseded",
  "refused",
  "rejected",
  "expired",
  "cancelled",
] as const satisfies readonly Phase[];

export type NoticedPhase = (typeof noticedPhases)[number];

/**
 * What other systems are told of a release at one of its transitions. It holds no manifest, no objects, no
 * value of env and none of a cause's evidence: those are for the people of the channel.
 */
export interface NoticeData {
  /** Name of the Release: `kubectl get release NAME`. */
  readonly release: string;
  /** Absent while only an unread file knows it. */
  readonly app?: string;
  readonly environment: string;
  readonly kind: ReleaseKind;
  readonly phase: NoticedPhase;
  /** From `applying` on: counts the applied releases of one app and environment. */
  readonly revision?: number;
  /** The image tag before; empty for a first deploy. Absent where there was no plan. */
  readonly from?: string;
  /** The image tag after. */
  readonly to?: string;
  readonly requester: Identity;
  /** Whose act it was: `docc`, or a user id. */
  readonly by: string;
  /** User ids; absent where nobody had to approve. */
  readonly approvers?: readonly string[];
  /** Of the end alone, as all that follows but the thread and the times. */
  readonly outcome?: Outcome;
  /** Who is affected: "Users are still on 2017: 3 of 3 old pods ready." */
  readonly affected?: string;
  /** Why, and what to do next. */
  readonly cause?: Pick<Cause, "code" | "sentence" | "next">;
  /** Public addresses of the application. */
  readonly urls?: readonly string[];
  /** Channel id and timestamp of the root message, as a permalink has them; absent until it is told. */
  readonly slack?: { readonly channel: string; readonly ts: string };
  /** RFC 3339 */
  readonly times: { readonly requested: string; readonly at: string; readonly finished?: string };
}

/** One event for other systems. */
export interface Notice {
  /** Its place in the record, `2017-12-06T09:00:00.000Z/failed`: noted once it is settled. */
  readonly key: string;
  /** The same however often it is sent: receivers leave doubles out by it. */
  readonly id: string;
  /** RFC 3339 */
  readonly at: string;
  readonly data: NoticeData;
}

/**
 * What other systems should have heard of a release by now, in order. Pure: what was told already is the
 * caller's to leave out ({@link unsettled}).
 */
export function noticesOf(release: Release): readonly Notice[] {
  const { transitions = [], approvals = [] } = release.status ?? {};
  const notices = new Map<string, Notice>();
  for (const { phase, at, actor } of transitions) {
    if (!isNoticed(phase)) continue;
    const key = `${at}/${phase}`;
    const id = `${release.metadata.uid}-${phase}-${Date.parse(at)}`;
    const approvers = approvals.filter((each) => each.at <= at).map(({ by }) => by.user);
    const step = { phase, at, by: actor, approvers };
    notices.set(key, { key, id, at, data: dataOf(release, step) });
  }
  return [...notices.values()];
}

/** The notices that follow the last settled one. */
export function unsettled(
  notices: readonly Notice[],
  through: string | undefined,
): readonly Notice[] {
  if (through === undefined) return notices;
  const index = notices.findIndex(({ key }) => key === through);
  if (index !== -1) return notices.slice(index + 1);
  // The record keeps so many transitions and no more: its time says where it was.
  const [at = ""] = through.split("/");
  return notices.filter((notice) => Date.parse(notice.at) > Date.parse(at));
}

function isNoticed(phase: Phase): phase is NoticedPhase {
  return noticedPhases.some((each) => each === phase);
}

interface Step {
  readonly phase: NoticedPhase;
  readonly at: string;
  readonly by: string;
  readonly approvers: readonly string[];
}

function dataOf(
  { metadata, spec, status }: Release,
  { phase, at, by, approvers }: Step,
): NoticeData {
  const { environment, kind, requester } = spec;
  const app = status?.app ?? spec.app;
  const hasRevision = phase !== "awaiting-approval" && phase !== "approved";
  return {
    release: metadata.name,
    ...(app === undefined ? {} : { app }),
    environment,
    kind,
    phase,
    ...(hasRevision && status?.revision !== undefined ? { revision: status.revision } : {}),
    ...(status?.plan === undefined ? {} : { from: status.plan.from, to: status.plan.to }),
    requester,
    by,
    ...(approvers.length === 0 ? {} : { approvers }),
    // What is told late must not say more than what was known then.
    ...(isTerminal(phase) ? endOf(status) : {}),
    ...(status?.slack?.ts === undefined
      ? {}
      : { slack: { channel: status.slack.channel, ts: status.slack.ts } }),
    times: {
      requested: metadata.creationTimestamp,
      at,
      ...(isTerminal(phase) ? { finished: at } : {}),
    },
  };
}

function endOf(
  status: Release["status"],
): Pick<NoticeData, "outcome" | "affected" | "cause" | "urls"> {
  const verdict = status?.verdict;
  if (verdict === undefined) return {};
  const { outcome, affected, cause, urls } = verdict;
  return {
    outcome,
    ...(affected === "" ? {} : { affected }),
    ...(cause === undefined
      ? {}
      : { cause: { code: cause.code, sentence: cause.sentence, next: cause.next } }),
    ...(urls.length === 0 ? {} : { urls }),
  };
}
