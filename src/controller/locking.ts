import { within } from "../clock.ts";
import {
  endLock,
  type LockAnswer,
  type LockPlace,
  type LockTold,
  type LockWish,
  sayLock,
  takeLock,
  type UnlockAnswer,
  type UnlockWish,
} from "../policy/locks.ts";
import { atName, slackIds, slackOf } from "../release/people.ts";
import type { Application, Identity, Lock } from "../release/release.ts";
import type { Logger } from "../log.ts";
import { ended } from "../text/ended.ts";
import { changeLock } from "./heads.ts";
import { firstThatTakes, ownChannel } from "./places.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { liveOwnership, mayDeploy, owns } from "./rules.ts";

export interface LockingPorts extends Pick<
  ControllerPorts,
  | "records"
  | "cache"
  | "environments"
  | "organisation"
  | "directory"
  | "people"
  | "preferences"
  | "clock"
> {
  /** Posts one sentence to a channel or person; `named` are the Slack ids in it, as `@U0123`. */
  readonly announce: (to: string, sentence: string, named: readonly string[]) => Promise<void>;
  readonly log: Logger;
}

/** Locks an app by compare-and-swap, for those who may deploy it, and tells its channel. */
export async function lockApp(
  place: LockPlace,
  wish: LockWish,
  ports: LockingPorts,
): Promise<LockAnswer> {
  const { env, head } = whereabouts(place, ports);
  const live = head === undefined ? undefined : liveOwnership(head);
  if (env === undefined || !(await mayDeploy(wish.by, env, live, ports))) {
    return { refused: "not-allowed" };
  }
  const now = ports.clock.now();
  let answer: LockAnswer = { refused: "not-allowed" };
  const written = await changeLock(ports.records, place.app, place.environment, (current) => {
    const taken = takeLock(current, wish, ports.people, now);
    if ("lock" in taken) {
      answer = { locked: taken.lock, before: taken.before };
      return taken.lock;
    }
    answer =
      "holder" in taken
        ? { refused: "locked", holder: taken.holder }
        : { refused: "over", until: taken.over };
    return current;
  });
  ports.cache.rememberApplication(written);
  return answer;
}

/** Unlocks an app; whoever held the lock hears of it. */
export async function unlockApp(
  place: LockPlace,
  wish: UnlockWish,
  ports: LockingPorts,
): Promise<UnlockAnswer> {
  const { head } = whereabouts(place, ports);
  const live = head === undefined ? undefined : liveOwnership(head);
  const isOwner = await owns(wish.by, live, ports);
  const now = ports.clock.now();
  let answer: UnlockAnswer = { refused: "not-locked" };
  const written = await changeLock(ports.records, place.app, place.environment, (current) => {
    answer = endLock(current, wish, { isOwner, people: ports.people, now });
    const isHeld = "refused" in answer && answer.refused !== "not-locked";
    return isHeld ? current : undefined;
  });
  ports.cache.rememberApplication(written);
  return answer;
}

/** A lock that nobody sees is a trap: the app's channel hears of it, or who locks that it did not. */
export async function tellLocked(
  place: LockPlace,
  lock: Lock,
  ports: LockingPorts,
): Promise<Pick<LockTold, "isTold">> {
  const sentence = `${place.app} in ${place.environment} is locked ${sayLock(lock)}`;
  const isTold = await within(
    ports.clock,
    soonMs,
    tellChannel(place, ended(sentence), [lock.by], ports),
  );
  return isTold === undefined ? {} : { isTold };
}

/** Its channel hears of it, and whoever lost the lock does by a direct message, unless they want none. */
export async function tellUnlocked(
  place: LockPlace,
  { unlocked, own }: { readonly unlocked: Lock; readonly own: boolean },
  by: Identity,
  ports: LockingPorts,
): Promise<LockTold> {
  const what = `${place.app} in ${place.environment} was unlocked by ${atName(by)}`;
  const whose = own ? "" : `; it was locked ${sayLock(unlocked)}`;
  const [isTold, isOwnerTold] = await Promise.all([
    within(
      ports.clock,
      soonMs,
      tellChannel(place, ended(`${what}${whose}`), [by, unlocked.by], ports),
    ),
    own ? undefined : within(ports.clock, soonMs, tellOwner(unlocked, what, by, ports)),
  ]);
  return {
    ...(isTold === undefined ? {} : { isTold }),
    ...(isOwnerTold === undefined ? {} : { isOwnerTold }),
  };
}

async function tellOwner(
  { by: holder }: Lock,
  what: string,
  by: Identity,
  ports: LockingPorts,
): Promise<boolean> {
  const owner = slackOf(holder, ports.people);
  if (owner === undefined || ports.preferences("person", owner).quiet === true) return false;
  return tell([owner], `Your lock is gone: ${ended(what)}`, [by], ports);
}

/** Whoever asked waits so long at most to hear who was told. */
const soonMs = 5_000;

async function tellChannel(
  place: LockPlace,
  sentence: string,
  people: readonly Identity[],
  ports: LockingPorts,
): Promise<boolean> {
  const { env, head } = whereabouts(place, ports);
  const places = [ownChannel(head), env?.channel, place.channel].filter(
    (each) => each !== undefined,
  );
  return tell([...new Set(places)], sentence, people, ports);
}

/** Words that Slack does not take change nothing about the lock. Whether some place took them. */
async function tell(
  places: readonly string[],
  sentence: string,
  people: readonly Identity[],
  { announce, log }: LockingPorts,
): Promise<boolean> {
  if (places.length === 0) return false;
  const post = async (to: string): Promise<void> => {
    try {
      await announce(to, sentence, slackIds(people));
    } catch (error) {
      log.warn({ err: error, to }, "a lock is not told there");
      throw error;
    }
  };
  // Each failure is named where it happens.
  return firstThatTakes(places, post, () => undefined).then(
    () => true,
    () => false,
  );
}

function whereabouts(
  { app, environment }: LockPlace,
  { cache, environments }: LockingPorts,
): { readonly env: Environment | undefined; readonly head: Application | undefined } {
  return { env: environments.get(environment), head: cache.application(app, environment) };
}
