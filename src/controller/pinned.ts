import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { isForeign, type LiveObject, refOf } from "../release/plan.ts";
import type { PlannedObject } from "../release/release.ts";
import { isAppliedBy, pinOf, sayTakeover } from "../release/pins.ts";
import type { ControllerPorts, Environment } from "./ports.ts";

/** An object of a plan, and whose. */
export interface Wanted {
  /** As the plan has it, without stamps. */
  readonly desired: KubernetesObject;
  readonly change: PlannedObject;
  readonly app: string;
  /** Name of the release that carries it out. */
  readonly release: string;
  /** Whether its pods are to be replaced. */
  readonly isRestart: boolean;
}

/** What is there, and what may be done to it: the very state that the plan was made for. */
export interface Look {
  /** Undefined when it is not there, and the plan makes it. */
  readonly live: LiveObject | undefined;
  /** Whether applying takes over the fields that the plan lists; of no others, bound to this state. */
  readonly force: boolean;
  /** This release has applied it before: another process, or a request whose answer was lost. */
  readonly isDone: boolean;
}

/**
 * Looks at an object anew, for an apply that does not follow what was compared with the plan at once. What is
 * there must be what the plan was made for, by uid, hashes and conflicts: a yes was given to that alone.
 * @throws NotOurs, Gone, Changed for what no repetition heals; KubeError
 */
export async function lookAgain(
  wanted: Wanted,
  { cluster }: Environment,
  { hash }: Pick<ControllerPorts, "hash">,
): Promise<Look> {
  const { desired, change, app, release } = wanted;
  const live = await cluster.find(refOf(desired));
  if (isForeign(live, app)) throw new NotOurs(desired);
  if (live === undefined && change.action !== "create") throw new Gone(desired);
  const { object: preview, conflicts } = await cluster.preview(desired);
  if (live !== undefined && isAppliedBy(live, release)) {
    const listed = new Set(change.takesOver);
    const isListed = conflicts.every((conflict) => listed.has(sayTakeover(conflict)));
    if (!isListed) throw new Changed(desired);
    return { live, force: conflicts.length > 0, isDone: true };
  }
  if (pinOf({ desired, live, preview, conflicts }, hash) !== change.pin) throw new Changed(desired);
  return { live, force: conflicts.length > 0, isDone: false };
}

export class NotOurs extends Error {
  constructor({ kind, metadata: { name } }: KubernetesObject) {
    super(`${kind} ${name} exists, and docc did not make it for this app.`);
  }
}

/** Somebody deleted it between the plan and the apply, and knows why. */
export class Gone extends Error {
  constructor({ kind, metadata: { name } }: KubernetesObject) {
    super(`${kind} ${name} was there when it was planned.`);
  }
}

/** Somebody changed it between the plan and the apply: nobody has said yes to what would come of that. */
export class Changed extends Error {
  constructor({ kind, metadata: { name } }: KubernetesObject) {
    super(`${kind} ${name} is not what it was when it was planned.`);
  }
}
