import { isKubeError, KubeError } from "../k8s/errors.ts";
import type { Records } from "../k8s/records.ts";
import { applicationName } from "../release/names.ts";
import { keyOf } from "../release/plan.ts";
import type {
  Application,
  AppliedRelease,
  ApplicationStatus,
  DriftNote,
  Lock,
  ObjectRef,
} from "../release/release.ts";

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

/**
 * The revision of the release in flight: it alone may take one, so a head that names it cannot be too old.
 * The record of the release takes it first, in the write that enters `applying`; the head follows by
 * {@link begin}. Were it the other way round, a release cancelled in between would have changed the head.
 */
export function revisionFor({ status = empty }: Application, release: string): number {
  const last = lastOf(status);
  return last?.release === release ? last.revision : status.nextRevision;
}

/** What was done to the app last: it was applied, or deleted. */
function lastOf({ applied, deleted }: ApplicationStatus): AppliedRelease | undefined {
  return applied ?? deleted;
}

/**
 * Notes that a release is applied, by which revision, and what it is about to make, before it makes it; of a
 * deletion, that nothing is applied any more, before the first object goes.
 * @throws KubeError `conflict` when another one is in flight: a process that slept through the end of its
 *   release must not take the head back
 */
export async function begin(
  records: Records,
  app: string,
  environment: string,
  about: {
    readonly release: string;
    readonly revision: number;
    readonly manifest: string;
    readonly inventory: readonly ObjectRef[];
    readonly deletes?: boolean;
  },
  guess?: Guess,
): Promise<Application> {
  const note = (status: ApplicationStatus): ApplicationStatus | undefined => {
    const { release, manifest, revision, deletes = false } = about;
    // A head that somebody has deleted knows neither who is in flight nor what was applied.
    const isLost = status.inFlight === undefined && revision >= status.nextRevision;
    if (lastOf(status)?.release === release || (status.inFlight !== release && !isLost)) {
      return undefined;
    }
    const { applied: _before, deleted: _gone, drift, ...rest } = status;
    const last = { release, manifest, revision };
    return {
      ...rest,
      ...(deletes
        ? { deleted: last }
        : { applied: last, ...(drift === undefined ? {} : { drift }) }),
      inFlight: release,
      nextRevision: Math.max(status.nextRevision, revision + 1),
      inventory: union(status.inventory, about.inventory),
    };
  };
  const head = await swap(records, app, environment, note, guess);
  if (lastOf(head.status ?? empty)?.release === about.release) return head;
  throw new KubeError("conflict", `Another release of ${app} is in flight.`);
}

/** How a release has ended. */
interface Ending {
  readonly succeeded: boolean;
  /** The one that goes ahead, past all that wait: the follow-up of this release. */
  readonly heir?: string | undefined;
  /** The one that it was given, if any: used up, even where nothing was applied by it. */
  readonly revision?: number | undefined;
}

/** Lets the next release go ahead; a success becomes what a rollback returns to. */
export function finish(
  records: Records,
  app: string,
  environment: string,
  release: string,
  { succeeded, heir, revision = 0 }: Ending,
): Promise<Application> {
  return swap(records, app, environment, ({ inFlight, ...status }) => {
    if (inFlight !== release) return undefined;
    const { applied } = status;
    const nextRevision = Math.max(status.nextRevision, revision + 1);
    const next = { ...status, nextRevision, ...(heir === undefined ? {} : { inFlight: heir }) };
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

/**
 * Notes what people have been told of changes outside docc; undefined once they know that there are none.
 * Nothing when somebody else has told them something since: what is noted is not `before` then.
 */
export function noteDrift(
  records: Records,
  head: Application,
  { before, note }: { readonly before: string | undefined; readonly note: DriftNote | undefined },
): Promise<Application> {
  const { app, environment } = head.spec;
  const change = ({ drift, ...status }: ApplicationStatus): ApplicationStatus | undefined => {
    if (drift?.hash !== before || drift?.hash === note?.hash) return undefined;
    return note === undefined ? status : { ...status, drift: note };
  };
  return swap(records, app, environment, change, { guess: head });
}

/** Takes what is gone out of the inventory. */
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
