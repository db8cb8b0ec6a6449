import { isKubeError } from "../k8s/errors.ts";
import type { Records } from "../k8s/records.ts";
import { applicationName } from "../release/names.ts";
import { keyOf } from "../release/plan.ts";
import type { Application, ApplicationStatus, Lock, ObjectRef } from "../release/release.ts";

const empty: ApplicationStatus = { nextRevision: 1, inventory: [] };
const mostTries = 5;

/** The head as somebody saw it a moment ago: saves a read when it still holds. */
export interface Guess {
  readonly guess?: Application | undefined;
}

/** Reads the head of an app, changes it by compare-and-swap, and reads again when somebody was first. */
async function swap(
  records: Records,
  app: string,
  environment: string,
  change: (status: ApplicationStatus) => ApplicationStatus | undefined,
  { guess }: Guess = {},
): Promise<Application> {
  const name = applicationName(app, environment);
  let head = guess;
  for (let tries = 1; ; tries += 1) {
    // A guess may be old: only a fresh read can say that there is nothing to change.
    if (head === undefined || change(head.status ?? empty) === undefined) {
      head = await records.application(name, { app, environment });
    }
    const next = change(head.status ?? empty);
    if (next === undefined) return head;
    try {
      return await records.writeApplication(head, next);
    } catch (error) {
      if (tries >= mostTries || !isKubeError(error, "conflict", "not-found")) throw error;
      head = undefined;
    }
  }
}

/**
 * Makes a release the only one that may act on its app, if no other is.
 * @returns the head: `status.inFlight` says who acts
 */
export function claim(
  records: Records,
  app: string,
  environment: string,
  release: string,
  guess?: Guess,
): Promise<Application> {
  const take = (status: ApplicationStatus): ApplicationStatus | undefined =>
    status.inFlight === undefined ? { ...status, inFlight: release } : undefined;
  return swap(records, app, environment, take, guess);
}

/** Gives a release its revision and notes what it is about to make; the same release gets the same. */
export function begin(
  records: Records,
  app: string,
  environment: string,
  about: {
    readonly release: string;
    readonly manifest: string;
    readonly inventory: readonly ObjectRef[];
  },
  guess?: Guess,
): Promise<Application> {
  const note = (status: ApplicationStatus): ApplicationStatus | undefined => {
    if (status.applied?.release === about.release) return undefined;
    const { release, manifest } = about;
    return {
      ...status,
      applied: { release, manifest, revision: status.nextRevision },
      nextRevision: status.nextRevision + 1,
      inventory: union(status.inventory, about.inventory),
    };
  };
  return swap(records, app, environment, note, guess);
}

/**
 * Lets the next release go ahead; a success becomes what a rollback returns to.
 * @param heir the one that goes ahead, past all that wait: the follow-up of this release
 */
export function finish(
  records: Records,
  app: string,
  environment: string,
  release: string,
  succeeded: boolean,
  heir?: string,
): Promise<Application> {
  return swap(records, app, environment, ({ inFlight, ...status }) => {
    if (inFlight !== release) return undefined;
    const { applied } = status;
    const next = heir === undefined ? status : { ...status, inFlight: heir };
    const isCurrent = succeeded && applied?.release === release;
    return isCurrent ? { ...next, current: applied } : next;
  });
}

/** Changes the lock alone; `change` gives the one that holds from then on, or undefined for none. */
export function changeLock(
  records: Records,
  app: string,
  environment: string,
  change: (lock: Lock | undefined) => Lock | undefined,
): Promise<Application> {
  return swap(records, app, environment, ({ lock, ...status }) => {
    const next = change(lock);
    if (next === lock) return undefined;
    return next === undefined ? status : { ...status, lock: next };
  });
}

/** Takes what was pruned out of the inventory. */
export function forget(
  records: Records,
  app: string,
  environment: string,
  gone: readonly ObjectRef[],
): Promise<Application> {
  const keys = new Set(gone.map(keyOf));
  return swap(records, app, environment, (status) => {
    const inventory = status.inventory.filter((ref) => !keys.has(keyOf(ref)));
    return inventory.length === status.inventory.length ? undefined : { ...status, inventory };
  });
}

function union(known: readonly ObjectRef[], added: readonly ObjectRef[]): readonly ObjectRef[] {
  return [...new Map([...known, ...added].map((ref) => [keyOf(ref), ref])).values()];
}
