import { atName, type People, samePerson } from "../release/people.ts";
import type { Identity, Lock } from "../release/release.ts";
import { oneLine } from "../text/clean.ts";
import { sayMinute } from "../text/minute.ts";

/** What somebody wants of a lock. What is not said of a lock that one holds already stays as it is. */
export interface LockWish {
  readonly by: Identity;
  readonly reason?: string;
  /** Milliseconds from now; undefined: until somebody unlocks it. */
  readonly lasts?: number;
}

/** What a wish comes to. */
export type Locking =
  | { readonly lock: Lock; readonly before: Lock | undefined }
  /** Somebody else holds it. */
  | { readonly holder: Lock };

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
  | { readonly refused: "locked"; readonly holder: Lock };

export type UnlockAnswer =
  | ({ readonly unlocked: Lock; readonly own: boolean } & LockTold)
  | { readonly refused: "not-locked" }
  | { readonly refused: "not-allowed"; readonly holder: Lock };

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

/**
 * Locks, or changes the lock that one holds already. Releases never touch a lock: the second run of its owner
 * leaves it as it is.
 */
export function takeLock(
  current: Lock | undefined,
  wish: LockWish,
  people: People,
  now: number,
): Locking {
  const before = heldLock(current, now);
  if (before !== undefined && !samePerson(before.by, wish.by, people)) return { holder: before };
  const until = wish.lasts === undefined ? before?.until : isoAt(now + wish.lasts);
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

/** Whether a person may unlock: its owner, and who answers for the app. */
export function mayUnlock(lock: Lock, by: Identity, isOwner: boolean, people: People): boolean {
  return isOwner || samePerson(lock.by, by, people);
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
