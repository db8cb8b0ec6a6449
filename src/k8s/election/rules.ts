/*
 * The rules of leader election as client-go has them (tools/leaderelection), as pure decisions over what
 * was read and local monotonic time. A lease expires when it has not been *seen to change* for as long as
 * it says; its own times are for people, nobody's clock is compared with them.
 *
 * Three rules are stricter than client-go's, so that two can never lead at once while clocks run at nearly
 * the same rate: leading counts from when the renewal was *sent*, not from its answer; any new version of
 * the lease is a change, not only one of its record (a clock that stands still writes the same record
 * twice); and a lease that was deleted still binds whoever saw it, until it would have expired.
 */

/** In milliseconds; `duration` > `renewDeadline` > 1.2 * `retryPeriod`. */
export interface LeaseTimes {
  /** How long others wait without seeing a change before they take over. */
  readonly duration: number;
  /** How long the leader acts on its last renewal. */
  readonly renewDeadline: number;
  /** Between two looks. */
  readonly retryPeriod: number;
}

/** client-go's JitterFactor: candidates wait up to so much longer, so that they do not come together. */
export const jitterFactor = 1.2;

/** What a Lease says. */
export interface LeaseRecord {
  /** "" when it was released. */
  readonly holder: string;
  /** Milliseconds, a whole number of seconds. */
  readonly duration: number;
  /** RFC 3339. */
  readonly acquiredAt: string;
  readonly renewedAt: string;
  /** How often the holder has changed. */
  readonly transitions: number;
}

/** A record as it is stored in one version. */
export interface StoredLease extends LeaseRecord {
  readonly version: string;
}

export interface Moment {
  /** Monotonic milliseconds. */
  readonly at: number;
  /** RFC 3339, for people. */
  readonly wall: string;
}

/** What one process knows of the lease. */
export interface Candidate {
  readonly identity: string;
  readonly times: LeaseTimes;
  /** The lease as it was last read, and when its record was first seen to be this one. */
  readonly seen?: { readonly lease: StoredLease; readonly at: number };
  /** When the write was sent that made this process the holder, or kept it; absent while it does not lead. */
  readonly renewedAt?: number;
}

/** What to ask of the API server, or how long to wait before the next look. */
export type Next =
  | { readonly type: "read" }
  | { readonly type: "create"; readonly record: LeaseRecord }
  | {
      readonly type: "replace";
      readonly record: LeaseRecord;
      readonly version: string;
      /** The leader's renewal without a read before it; when it is refused, one read follows. */
      readonly unread: boolean;
    }
  | { readonly type: "wait"; readonly ms: number };

export type Ask = Exclude<Next, { readonly type: "wait" }>;

/** How an ask ended. A write whose answer was lost is `failed`: nobody knows, and the next read tells. */
export type Answer =
  | { readonly type: "found"; readonly lease: StoredLease | undefined }
  | { readonly type: "written"; readonly lease: StoredLease; readonly sentAt: number }
  | { readonly type: "failed" };

interface Turn {
  readonly candidate: Candidate;
  readonly next: Next;
}

/** Whether this process may act as the leader at this moment. */
export function leads({ renewedAt, times }: Candidate, at: number): boolean {
  return renewedAt !== undefined && at - renewedAt < times.renewDeadline;
}

/** When leading ends unless it is renewed before. */
export function leadsUntil({ renewedAt, times }: Candidate): number {
  return renewedAt === undefined ? -Infinity : renewedAt + times.renewDeadline;
}

/** Until when the lease binds, by what was seen of it. */
function expiresAt({ seen }: Candidate): number {
  return seen === undefined || seen.lease.holder === "" ? -Infinity : seen.at + seen.lease.duration;
}

/** The time for a look has come. A leader that was late, for whatever reason, leads no more. */
export function look(candidate: Candidate, moment: Moment): Turn {
  const { seen } = candidate;
  if (!leads(candidate, moment.at)) {
    return { candidate: withoutLead(candidate), next: { type: "read" } };
  }
  return seen === undefined
    ? { candidate, next: { type: "read" } }
    : { candidate, next: take(candidate, seen.lease, moment, true) };
}

/**
 * A term whose time is over does not come back by a late answer: who asked meanwhile was told no.
 * @param random in [0, 1)
 */
export function hear(
  candidate: Candidate,
  { ask, answer }: { readonly ask: Ask; readonly answer: Answer },
  moment: Moment,
  random: number,
): Turn {
  if (candidate.renewedAt !== undefined && !leads(candidate, moment.at)) {
    return { candidate: withoutLead(candidate), next: { type: "wait", ms: 0 } };
  }
  const rest = (now: Candidate): Turn => ({
    candidate: now,
    next: { type: "wait", ms: untilNextLook(now, moment.at, random) },
  });
  switch (answer.type) {
    case "failed":
      if (ask.type === "replace" && ask.unread) return { candidate, next: { type: "read" } };
      return leads(candidate, moment.at)
        ? { candidate, next: { type: "wait", ms: candidate.times.retryPeriod } }
        : rest(candidate);
    case "written":
      return rest({
        ...candidate,
        seen: { lease: answer.lease, at: moment.at },
        renewedAt: answer.sentAt,
      });
    case "found": {
      const now = saw(candidate, answer.lease, moment.at);
      if (isHeldByAnother(now, moment.at)) return rest(now);
      return { candidate: now, next: take(now, answer.lease, moment, false) };
    }
  }
}

/**
 * Gives the lease up: it leads no more from here on, before the release is even sent.
 * @returns what to write; undefined when it is not ours to give
 */
export function release(
  candidate: Candidate,
  found: StoredLease | undefined,
  moment: Moment,
): {
  readonly candidate: Candidate;
  readonly ask: Extract<Ask, { readonly type: "replace" }> | undefined;
} {
  const now = withoutLead(candidate);
  if (found?.holder !== candidate.identity) return { candidate: now, ask: undefined };
  const record = {
    holder: "",
    duration: 1_000,
    acquiredAt: moment.wall,
    renewedAt: moment.wall,
    transitions: found.transitions,
  };
  return {
    candidate: now,
    ask: { type: "replace", record, version: found.version, unread: false },
  };
}

export function withoutLead(candidate: Candidate): Candidate {
  const { renewedAt: _renewedAt, ...rest } = candidate;
  return rest;
}

/** Takes note of what was read. The time of a lease starts again with every new version of it. */
function saw(candidate: Candidate, lease: StoredLease | undefined, at: number): Candidate {
  const { seen, identity } = candidate;
  // Deleted: what was seen last goes on to bind, until it would have expired.
  if (lease === undefined) return candidate;
  const now =
    seen?.lease.version === lease.version ? candidate : { ...candidate, seen: { lease, at } };
  return lease.holder === identity ? now : withoutLead(now);
}

function isHeldByAnother(candidate: Candidate, at: number): boolean {
  const holder = candidate.seen?.lease.holder;
  return holder !== candidate.identity && at < expiresAt(candidate);
}

/** The write that makes this process the holder, or keeps it. */
function take(
  { identity, times: { duration } }: Candidate,
  found: StoredLease | undefined,
  { wall }: Moment,
  unread: boolean,
): Ask {
  const mine = { holder: identity, duration, renewedAt: wall };
  if (found === undefined) {
    return { type: "create", record: { ...mine, acquiredAt: wall, transitions: 0 } };
  }
  const isMine = found.holder === identity;
  const record = {
    ...mine,
    acquiredAt: isMine ? found.acquiredAt : wall,
    transitions: isMine ? found.transitions : found.transitions + 1,
  };
  return { type: "replace", record, version: found.version, unread };
}

/**
 * A leader renews every retry period, counted from when it last sent. Others wait as long with jitter,
 * but are there when the lease that they see expires.
 */
function untilNextLook(candidate: Candidate, at: number, random: number): number {
  const { retryPeriod } = candidate.times;
  const { renewedAt } = candidate;
  if (renewedAt !== undefined && leads(candidate, at)) {
    return Math.max(0, renewedAt + retryPeriod - at);
  }
  const jittered = retryPeriod * (1 + jitterFactor * random);
  const left = expiresAt(candidate) - at;
  return left > 0 ? Math.min(jittered, left) : jittered;
}
