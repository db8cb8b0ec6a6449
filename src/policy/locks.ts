import { atName, type People, samePerson } from "../release/people.ts";
import type { Identity, Lock } from "../release/release.ts";
import { oneLine } from "../text/clean.ts";
import { sayMinute } from "../text/minute.ts";

/** Who wants a lock to end. */
export interface UnlockWish {
  readonly by: Identity;
  /** Milliseconds since the epoch, where it may be a while ago; undefined: now. */
  readonly askedAt?: number;
}

/** What somebody wants of a lock. What is not said of a lock that one holds already stays as it is. */
export interface LockWish extends UnlockWish {
  readonly reason?: string;
  /** Milliseconds from when it was asked; undefined: until somebody unlocks it. */
  readonly lasts?: number;
}

/** What a wish comes to. */
export type Locking =
  | { readonly lock: Lock; readonly before: Lock | undefined }
  /** Somebody else holds it. */
  | { readonly holder: Lock }
  /** The time that was asked for has passed. */
  | { readonly over: string };

/** Which app, and where it was asked. */
export interface LockPlace {
  readonly app: string;
  readonly environment: string;
  /** Slack channel id. */
  readonly channel?: string;
}

/** Who has heard of a lock, or of its end. */
export interface LockTold {
  /** Whether a channel has; absent where that is not known yet, and where nothing was to be told. */
  readonly isTold?: boolean;
  /** The same of whoever lost the lock, by a direct message. */
  readonly isOwnerTold?: boolean;
}

export type LockAnswer =
  | ({ readonly locked: Lock; readonly before: Lock | undefined } & Pick<LockTold, "isTold">)
  | { readonly refused: "not-allowed" }
  | { readonly refused: "locked"; readonly holder: Lock }
  | { readonly refused: "over"; readonly until: string };

export type UnlockAnswer =
  | ({ readonly unlocked: Lock; readonly own: boolean } & LockTold)
  | { readonly refused: "not-locked" }
  /** `locked-later`: whoever asked cannot have meant this lock. */
  | { readonly refused: "not-allowed" | "locked-later"; readonly holder: Lock };

/**
 * A lock counts until its time is over. One whose end cannot be read counts: what docc does not understand
 * must not let anybody through.
 */
function isHeld({ until }: Lock, now: number): boolean {
  return until === undefined || !(now >= Date.parse(until));
}

/** The lock that holds now; an expired one is none. */
export function heldLock(lock: Lock | undefined, now: number): Lock | undefined {
  return lock !== undefined && isHeld(lock, now) ? lock : undefined;
}

/** The API server says when something was asked in whole seconds. */
const askedWithinMs = 1_000;

/** Whether a lock was set after something was asked that docc comes to late, or once more. */
function isLater(lock: Lock, askedAt: number | undefined): boolean {
  return askedAt !== undefined && Date.parse(lock.at) >= askedAt + askedWithinMs;
}

/**
 * Locks, or changes the lock that one holds already, but for a later one. Releases never touch a lock: the second run
 * of its owner leaves it as it is.
 */
export function takeLock(
  current: Lock | undefined,
  wish: LockWish,
  people: People,
  now: number,
): Locking {
  const before = heldLock(current, now);
  if (before !== undefined && !samePerson(before.by, wish.by, people)) return { holder: before };
  if (before !== undefined && isLater(before, wish.askedAt)) return { lock: before, before };
  const end = wish.lasts === undefined ? undefined : (wish.askedAt ?? now) + wish.lasts;
  if (end !== undefined && end <= now) return { over: isoAt(end) };
  const until = end === undefined ? before?.until : isoAt(end);
  const lock: Lock = {
    by: before?.by ?? wish.by,
    reason: wish.reason ?? before?.reason ?? "",
    at: before?.at ?? isoAt(now),
    ...(until === undefined ? {} : { until }),
  };
  return { lock, before };
}

/** Whether a lock says something else than the one before: what says the same is not told again. */
export function isNews(lock: Lock, before: Lock | undefined): boolean {
  return before === undefined || sayLock(lock) !== sayLock(before);
}

/**
 * Unlocks for the owner of the lock, and for who answers for the app; but no lock that came after the wish.
 * @param isOwner whether they answer for the app
 */
export function endLock(
  current: Lock | undefined,
  { by, askedAt }: UnlockWish,
  { isOwner, people, now }: { isOwner: boolean; people: People; now: number },
): UnlockAnswer {
  const held = heldLock(current, now);
  if (held === undefined) return { refused: "not-locked" };
  const own = samePerson(held.by, by, people);
  if (!own && !isOwner) return { refused: "not-allowed", holder: held };
  return isLater(held, askedAt)
    ? { refused: "locked-later", holder: held }
    : { unlocked: held, own };
}

/** `by @U0123 until 2017-12-06 11:00 UTC: load test` */
export function sayLock({ by, reason, until }: Lock): string {
  return `by ${atName(by)}${sayUntil(until)}${sayWhy(reason)}`;
}

/** `: load test`, on one line whatever was typed; nothing where no reason was given. */
export function sayWhy(reason: string): string {
  const why = oneLine(reason);
  return why === "" ? "" : `: ${why}`;
}

/** ` until 2017-12-06 11:00 UTC`; nothing where only unlocking ends it. */
export function sayUntil(until: string | undefined): string {
  return until === undefined ? "" : ` until ${sayMinute(until)} UTC`;
}

function isoAt(ms: number): string {
  return new Date(ms).toISOString();
}
