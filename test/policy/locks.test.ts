import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  endLock,
  heldLock,
  isNews,
  type LockWish,
  sayLock,
  takeLock,
} from "../../src/policy/locks.ts";
import type { Identity, Lock } from "../../src/release/release.ts";

const noon = Date.parse("2017-12-06T12:00:00Z");
const hour = 60 * 60_000;
const slack = (user: string): Identity => ({ provider: "slack", team: "T0TEAM", user });
const owner = slack("U0OWNER");
const other = slack("U0OTHER");
const people = [{ slack: "U0OWNER", kubernetes: "owner@example.com" }];

const mine: Lock = {
  by: owner,
  reason: "load test",
  at: "2017-12-06T11:00:00.000Z",
  until: "2017-12-06T13:00:00.000Z",
};

describe("a lock", () => {
  it.each<[string, Lock | undefined, LockWish, object]>([
    [
      "is taken where there is none, until it is ended",
      undefined,
      { by: owner },
      { lock: { by: owner, reason: "", at: "2017-12-06T12:00:00.000Z" }, before: undefined },
    ],
    [
      "is extended by its owner, who keeps the reason",
      mine,
      { by: owner, lasts: 2 * hour },
      { lock: { ...mine, until: "2017-12-06T14:00:00.000Z" }, before: mine },
    ],
    [
      "gets another reason from its owner, and keeps its end",
      mine,
      { by: owner, reason: "incident" },
      { lock: { ...mine, reason: "incident" }, before: mine },
    ],
    [
      "is the same for the owner's name at the API server",
      mine,
      { by: { provider: "kubernetes", team: "", user: "owner@example.com" } },
      { lock: mine, before: mine },
    ],
    ["is refused to somebody else, who hears whose it is", mine, { by: other }, { holder: mine }],
    [
      "is free to take once its time is over",
      { ...mine, until: "2017-12-06T12:00:00.000Z" },
      { by: other, lasts: hour },
      {
        lock: {
          by: other,
          reason: "",
          at: "2017-12-06T12:00:00.000Z",
          until: "2017-12-06T13:00:00.000Z",
        },
        before: undefined,
      },
    ],
    [
      "blocks where its end cannot be read",
      { ...mine, until: "soon" },
      { by: other },
      { holder: { ...mine, until: "soon" } },
    ],
  ])("%s", (_name, current, wish, expected) => {
    expect(takeLock(current, wish, people, noon)).toEqual(expected);
  });

  it("has one owner, whoever asks how often and when", () => {
    const wishes = fc.array(
      fc.record(
        {
          by: fc.constantFrom(owner, other, slack("U0THIRD")),
          lasts: fc.integer({ min: 1, max: 3 * hour }),
          after: fc.integer({ min: 0, max: 2 * hour }),
        },
        { requiredKeys: ["by", "after"] },
      ),
    );
    fc.assert(
      fc.property(wishes, (all) => {
        let lock: Lock | undefined;
        let now = noon;
        for (const { after, ...wish } of all) {
          now += after;
          const held = heldLock(lock, now);
          const taken = takeLock(lock, wish, [], now);
          const isFree = held === undefined || held.by.user === wish.by.user;
          expect("lock" in taken).toBe(isFree);
          if ("lock" in taken) ({ lock } = taken);
        }
      }),
    );
  });

  const end = (by: Identity, isOwner: boolean, lock: Lock | undefined = mine) =>
    endLock(lock, { by }, { isOwner, people, now: noon });

  it("is ended by its owner and by those who answer for the app", () => {
    expect(end(owner, false)).toEqual({ unlocked: mine, own: true });
    expect(end(other, true)).toEqual({ unlocked: mine, own: false });
    expect(end(other, false)).toEqual({ refused: "not-allowed", holder: mine });
  });

  it("is none that could be ended once its time is over", () => {
    expect(end(owner, false, { ...mine, until: "2017-12-06T12:00:00.000Z" })).toEqual({
      refused: "not-locked",
    });
  });

  it("is news when it says something else than before: a delivery that comes again does not", () => {
    expect(isNews(mine, undefined)).toBe(true);
    expect(isNews({ ...mine, at: "2017-12-06T12:00:01.000Z" }, mine)).toBe(false);
    expect(isNews({ ...mine, reason: "another" }, mine)).toBe(true);
  });

  it("says whose it is, until when and why", () => {
    expect(sayLock(mine)).toBe("by @U0OWNER until 2017-12-06 13:00 UTC: load test");
    const { until: _until, ...endless } = mine;
    expect(sayLock({ ...endless, reason: "" })).toBe("by @U0OWNER");
  });
});

describe("a wish that docc comes to late, or once more", () => {
  // As the API server says it: in whole seconds.
  const askedAt = Date.parse("2017-12-06T11:55:00Z");
  const at = (time: string): Lock => ({ by: owner, reason: "incident", at: time });
  const before = at("2017-12-06T11:54:59.999Z");
  const within = at("2017-12-06T11:55:00.999Z");
  const later = at("2017-12-06T11:55:01.000Z");
  const lock = (current: Lock | undefined, more: Partial<LockWish> = {}) =>
    takeLock(current, { by: owner, askedAt, ...more }, people, noon);
  const unlock = (current: Lock | undefined, by = owner, isOwner = false) =>
    endLock(current, { by, askedAt }, { isOwner, people, now: noon });

  it("locks for so long from when it was asked, however often it is done", () => {
    const first = lock(undefined, { lasts: hour });
    const until = "2017-12-06T12:55:00.000Z";
    expect(first).toMatchObject({ lock: { until }, before: undefined });
    const current = "lock" in first ? first.lock : undefined;
    expect(lock(current, { lasts: hour })).toEqual({ lock: current, before: current });
    expect(lock(before, { lasts: hour })).toMatchObject({ lock: { until }, before });
  });

  it("locks nothing for a time that has passed", () => {
    expect(lock(undefined, { lasts: 5 * 60_000 })).toEqual({ over: "2017-12-06T12:00:00.000Z" });
    expect(lock(before, { lasts: 60_000 })).toEqual({ over: "2017-12-06T11:56:00.000Z" });
  });

  it("leaves a later lock as it is, whosever it is", () => {
    expect(lock(later, { lasts: hour, reason: "load test" })).toEqual({
      lock: later,
      before: later,
    });
    const theirs = { ...later, by: other };
    expect(lock(theirs, { lasts: hour })).toEqual({ holder: theirs });
  });

  it("unlocks what was locked when it was asked, and nothing later", () => {
    for (const lockThen of [before, within]) {
      expect(unlock(lockThen)).toEqual({ unlocked: lockThen, own: true });
    }
    expect(unlock(later)).toEqual({ refused: "locked-later", holder: later });
    expect(unlock(later, other, true)).toEqual({ refused: "locked-later", holder: later });
    expect(unlock(later, other)).toEqual({ refused: "not-allowed", holder: later });
    expect(unlock(undefined)).toEqual({ refused: "not-locked" });
  });
});
