/**
 * When what may be sent to Slack: pure, so that every rule is a table in the tests. The binding
 * limits (facts/slack.md section 1): chat.update is tier 3 for the whole workspace, chat.postMessage
 * takes one message per second and channel.
 */

/** Something that waits to be sent. */
export interface Job {
  readonly id: number;
  readonly kind: "post" | "edit";
  readonly channel: string;
  /** Somebody is asked to press a button there: goes before all others, lest they press a stale one. */
  readonly asks: boolean;
  /** A terminal state: goes before what is under way. */
  readonly final: boolean;
  /** No release is told by it: goes after all others, in what they leave idle. */
  readonly aside: boolean;
  /** The message that a thread hangs on: goes before the replies in other threads. */
  readonly opens: boolean;
  /** Milliseconds since the epoch before which it may not go. */
  readonly notBefore: number;
}

/** What was sent, and what Slack said about going on. */
export interface Ledger {
  /** Times of the edits of the last minute, oldest first. */
  readonly edits: readonly number[];
  /** Those among them that were aside. */
  readonly asides: readonly number[];
  /** Time of the last post by channel. */
  readonly posts: ReadonlyMap<string, number>;
  /** After a 429: nothing of that kind before this time. */
  readonly paused: { readonly edit: number; readonly post: ReadonlyMap<string, number> };
}

export const emptyLedger: Ledger = {
  edits: [],
  asides: [],
  posts: new Map(),
  paused: { edit: 0, post: new Map() },
};

export const budget = {
  /** Tier 3 promises 50 or more; the rest is for the asides of two other replicas, and for a hand-over. */
  editsPerMinute: 40,
  /** Of these, what is under way leaves so many alone, for final states and for what asks somebody. */
  leftByProgress: 10,
  /** And final states leave so many, for what asks somebody. */
  leftByFinal: 4,
  /** What is aside goes only while fewer than half of the edits are spent. */
  leftByAside: 20,
  /**
   * And so many of a minute at most, by every replica: they know nothing of each other's edits, and forty by
   * the leader and five by each of two others are the fifty of Slack.
   */
  asidesPerMinute: 5,
  /** Between two edits of the same message, unless the later one is final. */
  betweenEditsMs: 3_000,
  betweenPostsMs: 1_000,
} as const;

const minute = 60_000;

export type Decision =
  | { readonly type: "send"; readonly job: Job }
  | { readonly type: "wait"; readonly until: number }
  | { readonly type: "idle" };

/**
 * The next thing to do: the first job that may go now, else how long to wait. A leader that takes over shows a
 * backlog of verdicts again; who is asked for a yes must not wait behind that, nor behind what a busy channel is
 * still told of other releases.
 */
export function decide(jobs: readonly Job[], ledger: Ledger, now: number): Decision {
  const ordered = [...jobs].sort(
    (a, b) => rankOf(a) - rankOf(b) || a.notBefore - b.notBefore || a.id - b.id,
  );
  let until = Infinity;
  for (const job of ordered) {
    const free = freeAt(job, ledger);
    if (free <= now) return { type: "send", job };
    until = Math.min(until, free);
  }
  return until === Infinity ? { type: "idle" } : { type: "wait", until };
}

function rankOf({ asks, final, opens, aside }: Job): number {
  if (aside) return final ? 3 : 4;
  if (asks) return 0;
  return final || opens ? 1 : 2;
}

function freeAt(job: Job, ledger: Ledger): number {
  if (job.kind === "edit") {
    const inAll = windowOpensAt(ledger.edits, roomOf(job));
    // A last word takes a button away, so it waits for no more than progress does.
    const aside = job.aside && !job.final;
    const asides = aside ? windowOpensAt(ledger.asides, budget.asidesPerMinute) : 0;
    return Math.max(job.notBefore, ledger.paused.edit, inAll, asides);
  }
  const last = ledger.posts.get(job.channel);
  const spaced = last === undefined ? 0 : last + budget.betweenPostsMs;
  return Math.max(job.notBefore, spaced, ledger.paused.post.get(job.channel) ?? 0);
}

/** How many edits there may be in the minute with this one. */
function roomOf({ asks, final, aside }: Job): number {
  if (aside) {
    return budget.editsPerMinute - (final ? budget.leftByProgress : budget.leftByAside);
  }
  if (asks) return budget.editsPerMinute;
  return budget.editsPerMinute - (final ? budget.leftByFinal : budget.leftByProgress);
}

/** When the sliding minute has room for one more edit. */
function windowOpensAt(edits: readonly number[], room: number): number {
  const blocking = edits[edits.length - room];
  return blocking === undefined ? 0 : blocking + minute;
}

/** The ledger after `job` went out; what is too old to matter is forgotten. */
export function record(ledger: Ledger, job: Job, now: number): Ledger {
  if (job.kind === "edit") {
    const recently = (times: readonly number[]): readonly number[] =>
      times.filter((at) => at > now - minute);
    const asides = [...recently(ledger.asides), ...(job.aside ? [now] : [])];
    return { ...ledger, edits: [...recently(ledger.edits), now], asides };
  }
  const recent = [...ledger.posts].filter(([, at]) => at > now - minute);
  return { ...ledger, posts: new Map([...recent, [job.channel, now]]) };
}

/** The ledger after a 429 for `job`. */
export function pause(ledger: Ledger, job: Job, until: number, now: number): Ledger {
  const { paused } = ledger;
  if (job.kind === "edit")
    return { ...ledger, paused: { ...paused, edit: Math.max(paused.edit, until) } };
  const running = [...paused.post].filter(([, at]) => at > now);
  return { ...ledger, paused: { ...paused, post: new Map([...running, [job.channel, until]]) } };
}

const firstBackoffMs = 1_000;
const longestBackoffMs = 30_000;

/** Exponential back-off with full jitter above its half. @param random in [0, 1) */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(failures, 10));
  return Math.round(full / 2 + (full / 2) * random);
}
