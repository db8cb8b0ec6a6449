import { canonicalJson } from "../manifest/canonical.ts";
import { advise } from "../text/advice.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { compare } from "../text/compare.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { bare, isAutoscaled } from "./comparable.ts";
import { type FieldDiff, fieldDiff } from "./diff/diff.ts";
import { type Difference, differences } from "./diff/fields.ts";
import { sayField } from "./diff/text.ts";
import { nameOf } from "./diff/words.ts";
import { additionsOf, holds } from "./drifted-fields.ts";
import { handoverManager } from "./handover.ts";
import { appliedAt, entriesOf, type FieldsEntry, ownedFields } from "./managed-fields.ts";
import { alike } from "./pins.ts";
import { type LiveObject, ownLabels, sidesOf, type Target } from "./plan.ts";
import type { Application, ApplicationStatus, DriftNote, Plan, Release } from "./release.ts";
import { restartManager } from "./restart.ts";

/** Who wrote a field, as the API server has noted it. */
interface Hand {
  /** Field manager: `kubectl`, `kubectl-set`, `helm`. Cleaned and capped. */
  readonly manager: string;
  /** RFC 3339, whole seconds, by the API server's clock: its last write, of this field or another. */
  readonly at?: string;
}

/** One field that is not as docc made it: `before` is docc's. */
interface DriftedField extends FieldDiff {
  /** Empty where nobody holds the field any more: it was removed. */
  readonly by: readonly Hand[];
}

/** One object of docc's that somebody else has changed or deleted. */
export interface ObjectDrift {
  readonly kind: string;
  readonly name: string;
  readonly what: "changed" | "deleted";
  /** What matters first; empty for what was deleted. */
  readonly fields: readonly DriftedField[];
}

const longestName = 253;
const longestManager = 100;
/** Fields of one object: the digest is made of them, and nobody reads more. */
const mostFields = 100;
/** Fields that are said. */
const mostSaid = 20;

/** docc's own field managers. */
const ours: ReadonlySet<string> = new Set(["docc", restartManager, handoverManager]);
/** What the cluster's own machinery adds to an object is no drift. */
const machinery =
  /^(kube-|cloud-controller-manager$|horizontal-pod-autoscaler|vertical-pod-autoscaler|vpa-|cert-manager|k3s$|rke2$)/u;
/** It answers challenges in the rules of an Ingress for a moment, and takes that back. */
const passing = /^cert-manager/u;

/**
 * What of docc's objects is not as docc made it: fields that docc's own apply would change back, fields that
 * others have added since, and objects that are gone. Templates are compared, never annotations of docc's:
 * `kubectl rollout undo` takes those back as well. No value of a variable or of a Secret is in it.
 * @param targets the objects of the release that was applied last, as they are and as a dry run makes them
 */
export function driftOf(targets: readonly Target[]): readonly ObjectDrift[] {
  return targets.flatMap((target) => {
    const { kind, metadata } = target.desired;
    const about = { kind, name: cap(oneLine(metadata.name), longestName) };
    if (target.live === undefined) return { ...about, what: "deleted", fields: [] };
    const fields = fieldsOf(target, target.live);
    return fields.length === 0 ? [] : { ...about, what: "changed", fields };
  });
}

function fieldsOf(target: Target, live: LiveObject): readonly DriftedField[] {
  const { kind } = target.desired;
  const { before: is, after: made } = sidesOf(target);
  const changed = differences(made, is)
    .filter(({ path }) => isDoccs(path, target, live))
    .map((difference) => ({ difference, by: holders(difference, live) }))
    .filter(({ by }) => by.length === 0 || !by.every(({ manager }) => passing.test(manager)));
  return [...changed, ...added(target, live)]
    .map((each) => ({ ...each, ...nameOf(each.difference) }))
    .toSorted((a, b) => a.rank - b.rank || compare(a.label, b.label))
    .slice(0, mostFields)
    .map(({ difference, label, by }) => ({
      ...fieldDiff(kind, label, difference),
      by: by.map(handOf),
    }));
}

interface Found {
  readonly difference: Difference;
  readonly by: readonly FieldsEntry[];
}

/**
 * Not what a webhook makes of any apply today, and did not when docc applied last. Without a dry run, what is
 * only written in another way (`0.5` and `500m`) is told apart by docc owning it still: whoever changes a
 * field takes it.
 */
function isDoccs(path: Difference["path"], { preview }: Target, live: LiveObject): boolean {
  return preview === undefined
    ? !holds(ownedFields(live), path)
    : holds(ownedFields(preview), path);
}

function holders({ path }: Difference, live: LiveObject): readonly FieldsEntry[] {
  return entriesOf(live).filter(
    ({ manager, subresource, fields }) =>
      !ours.has(manager) && subresource !== "status" && holds(fields, path),
  );
}

/** What people and their tools have put beside docc's own fields since docc applied the object last. */
function added({ desired, preview }: Target, live: LiveObject): readonly Found[] {
  // Without a dry run nobody can tell what would be docc's.
  if (preview === undefined) return [];
  return handsSince(live).flatMap((entry) =>
    additionsOf(entry.fields, { live, preview, autoscaled: isAutoscaled(desired) }).map(
      (difference) => ({ difference, by: [entry] }),
    ),
  );
}

/** What people and their tools have written since docc applied the object last. */
function handsSince(live: LiveObject): readonly FieldsEntry[] {
  const since = Date.parse(appliedAt(live) ?? "");
  return entriesOf(live).filter(
    ({ manager, subresource, at }) =>
      !ours.has(manager) &&
      !machinery.test(manager) &&
      subresource !== "status" &&
      Date.parse(at ?? "") >= since,
  );
}

/**
 * Whether an object needs a closer look. Not when what docc sets is there, word by word, and nobody has
 * written since: then there is no drift.
 */
export function isSuspect(desired: KubernetesObject, live: LiveObject | undefined): boolean {
  if (live === undefined || handsSince(live).length > 0) return true;
  const wanted = bare(desired, desired);
  return canonicalJson(alike(wanted, bare(live, desired))) !== canonicalJson(wanted);
}

function handOf({ manager, at }: FieldsEntry): Hand {
  const name = cap(oneLine(manager), longestManager);
  return { manager: name === "" ? "somebody" : name, ...(at === undefined ? {} : { at }) };
}

/**
 * The plan whose objects the cluster should have: of the release that was applied last, to its last object.
 * Undefined while a release is in flight (what waits for approval is not), and where docc cannot know.
 * @param last the release that the head names as applied
 */
export function settled(
  head: ApplicationStatus | undefined,
  last: Release | undefined,
): Plan | undefined {
  const { plan, rollout } = last?.status ?? {};
  const moves = head?.inFlight !== undefined || head?.applied?.release !== last?.metadata.name;
  return moves || rollout === undefined ? undefined : plan;
}

/**
 * Canonical JSON of what is told once: the drift without the times of the hands, and without values that the
 * cluster's own machinery moves on and on, such as a scale under an autoscaler that is not docc's.
 */
export function essenceOf(drift: readonly ObjectDrift[]): string {
  const essence = (field: DriftedField): object => {
    const { by, after, ...rest } = field;
    const managers = by.map(({ manager }) => manager);
    const moves = managers.length > 0 && managers.every((manager) => machinery.test(manager));
    return { ...rest, by: managers, ...(moves || after === undefined ? {} : { after }) };
  };
  return canonicalJson(
    drift.map(({ fields, ...object }) => ({ ...object, fields: fields.map(essence) })),
  );
}

/**
 * What people should hear, by what they have been told.
 * @param release name of the one that was applied last
 * @param hash hex SHA-256 of a text
 */
export function driftNews(
  told: DriftNote | undefined,
  drift: readonly ObjectDrift[],
  release: string,
  hash: (text: string) => string,
): DriftNews | undefined {
  if (drift.length === 0) {
    if (told === undefined) return undefined;
    // Of the same release they would still be drift.
    return { type: "mended", leftovers: told.beside !== undefined && told.beside !== release };
  }
  const found = `sha256:${hash(essenceOf(drift))}`;
  if (told?.hash === found) return undefined;
  const hasMore = drift.some(({ fields }) => fields.some(isBeside));
  return { type: "drifted", note: { hash: found, ...(hasMore ? { beside: release } : {}) } };
}

export type DriftNews =
  | { readonly type: "drifted"; readonly note: Omit<DriftNote, "at"> }
  | {
      readonly type: "mended";
      /** What was added beside docc's fields may be there still: a release came, and left it alone. */
      readonly leftovers: boolean;
    };

function isBeside({ change }: DriftedField): boolean {
  return change === "added";
}

/** `Deployment web: replicas 3 -> 5 (kubectl, 2017-12-06 09:00 UTC)`, a line for each field; plain text. */
export function sayDrift(drift: readonly ObjectDrift[]): readonly string[] {
  const lines = drift.flatMap(({ kind, name, what, fields }) =>
    what === "deleted"
      ? [`${kind} ${name}: deleted by somebody`]
      : fields.map((field) => `${kind} ${name}: ${sayField(field, "change")} (${sayHands(field)})`),
  );
  const left = lines.length - mostSaid;
  return left <= 0
    ? lines
    : [...lines.slice(0, mostSaid), `and ${left} more ${left === 1 ? "field" : "fields"}`];
}

/** What helps, truly: docc's apply takes back what docc sets, and leaves alone what others have put beside it. */
export function sayWayBack(
  drift: readonly ObjectDrift[],
  head: Pick<Application, "spec" | "status">,
): readonly string[] {
  const all = drift.flatMap(({ fields }) => fields);
  const takesBack = drift.some(({ what }) => what === "deleted") || !all.every(isBeside);
  const marks = ownLabels.filter((label) => all.some(({ path }) => path === `label ${label}`));
  return [
    ...(marks.length === 0
      ? []
      : [`Put ${marks.join(" and ")} back by hand first: by it docc knows what is its own.`]),
    ...(takesBack ? [sayPutBack(head)] : []),
    ...(all.some(isBeside)
      ? ["What was added stays when docc deploys: whoever added it takes it away."]
      : []),
  ];
}

/** Whoever undid a bad release by hand wants docc to go on from what worked, not to bring it back. */
function sayPutBack({ spec, status }: Pick<Application, "spec" | "status">): string {
  const { applied, current } = status ?? {};
  return applied === undefined || current === undefined || current.release === applied.release
    ? `${advise("deploy", spec)} puts it back; to keep it, put it in the manifest.`
    : `Revision ${applied.revision} did not succeed: ${advise("rollback", spec)} returns to revision ${current.revision}, the last that did.`;
}

function sayHands({ by }: DriftedField): string {
  if (by.length === 0) return "by somebody";
  return by
    .map(({ manager, at }) =>
      at === undefined
        ? `by ${manager}`
        : `by ${manager}, ${at.slice(0, 16).replace("T", " ")} UTC`,
    )
    .join(" and ");
}
