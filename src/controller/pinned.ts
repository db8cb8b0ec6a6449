import { KubeError } from "../k8s/errors.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { isBarred } from "../release/adoption.ts";
import { type LiveObject, refOf, type Target } from "../release/plan.ts";
import type { PlannedObject, TakenObject } from "../release/release.ts";
import { isAppliedBy, pinOf, sayTakeover } from "../release/pins.ts";
import { isNoop } from "./fresh-plans.ts";
import type { ControllerPorts, Environment } from "./ports.ts";

const mostTries = 5;

/** An object of a plan, and whose. */
export interface Wanted {
  /** As the plan has it, without stamps. */
  readonly desired: KubernetesObject;
  readonly change: PlannedObject;
  readonly app: string;
  /** Name of the release that carries it out. */
  readonly release: string;
  /** What may be taken over of those that docc did not make. */
  readonly takes: readonly TakenObject[];
  /** Whether its pods are to be replaced. */
  readonly isRestart: boolean;
}

/** What is there, and what may be done to it: the very state that the plan was made for. */
export interface Look {
  /** Undefined when it is not there, and the plan makes it. */
  readonly live: LiveObject | undefined;
  /** Whether applying takes over the fields that the plan lists; of no others, bound to this state. */
  readonly force: boolean;
  /** The plan changes it, and it is so already: by another process, or by a request whose answer was lost. */
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
  const { desired, change, app, release, takes } = wanted;
  const { live, preview, conflicts } = await bothSides(desired, cluster);
  if (isBarred(live, app, takes)) throw new NotOurs(desired);
  if (live === undefined && change.action !== "create") throw new Gone(desired);
  // The Deployment alone carries stamps; of all else its state tells, as of one write it is all or nothing.
  if (conflicts.length === 0 && isNoop(live, preview))
    return { live, force: false, isDone: change.action !== "unchanged" };
  if (live !== undefined && isAppliedBy(live, release)) {
    const listed = new Set(change.takesOver);
    const isListed = conflicts.every((conflict) => listed.has(sayTakeover(conflict)));
    if (!isListed) throw new Changed(desired, { wasApplied: true });
    return { live, force: conflicts.length > 0, isDone: true };
  }
  if (pinOf({ desired, live, preview, conflicts }, hash) !== change.pin)
    throw new Changed(desired, { wasApplied: false });
  return { live, force: conflicts.length > 0, isDone: false };
}

/**
 * What is there and what would be, of one moment: what another process of docc's has under way may come in between.
 * @throws KubeError `conflict` when it moves all the time
 */
async function bothSides(
  desired: KubernetesObject,
  cluster: Environment["cluster"],
): Promise<Omit<Target, "desired">> {
  const ref = refOf(desired);
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const live = await cluster.find(ref);
    const { object: preview, conflicts } = await cluster.preview(desired);
    // A dry run of a creation says nothing of a version, and one that is not allowed says nothing at all.
    const after = live === undefined || preview === undefined ? await cluster.find(ref) : preview;
    if (versionOf(after) === versionOf(live)) return { live, preview, conflicts };
  }
  throw new KubeError("conflict", `${desired.kind} ${desired.metadata.name} moves all the time.`);
}

function versionOf(object: LiveObject | undefined): string {
  return object === undefined ? "" : `${object.metadata.uid} ${object.metadata.resourceVersion}`;
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
  /** Whether this release had applied it before that. */
  readonly wasApplied: boolean;

  constructor(
    { kind, metadata: { name } }: KubernetesObject,
    { wasApplied }: { readonly wasApplied: boolean },
  ) {
    const then = wasApplied
      ? "what this release had made of it"
      : "what it was when it was planned";
    super(`${kind} ${name} is not ${then}.`);
    this.wasApplied = wasApplied;
  }
}
