import { canonicalJson } from "../../manifest/canonical.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { compare } from "../../text/compare.ts";
import type { PlannedAction } from "../release.ts";
import { type Difference, differences } from "./fields.ts";
import { isHidden, shown } from "./values.ts";
import { lastOfWhatMatters, nameOf } from "./words.ts";

/** One field that a release changes, ready to be shown. */
export interface FieldDiff {
  /** `container kubecon: image` */
  readonly path: string;
  readonly change: "added" | "changed" | "removed";
  /** Absent where there is none, and wherever the value may be secret. Cleaned and capped. */
  readonly before?: string;
  readonly after?: string;
}

/** One object that a release changes. */
export interface ObjectDiff {
  readonly kind: string;
  readonly name: string;
  readonly action: Exclude<PlannedAction, "unchanged">;
  /** What matters first. Of a new object what says what it is, of one to prune none. */
  readonly fields: readonly FieldDiff[];
  /** Fields that are left out, because the whole would be too long. */
  readonly left?: number;
  /** False when no dry run was possible: what docc asks for, not what the cluster makes of it. */
  readonly previewed?: false;
}

/** An object as it is and as it would be; what nobody compares is left out of both already. */
export interface Compared {
  readonly kind: string;
  readonly name: string;
  readonly action: Exclude<PlannedAction, "unchanged">;
  /** Undefined for what is new. */
  readonly before: unknown;
  /** Undefined for what goes. */
  readonly after: unknown;
  readonly previewed: boolean;
}

/** Bytes that a Release stores of a diff (deploy/crds). */
export const longestDiff = 128 * 1024;
/** Fields of one object: nobody reads more, and it bounds the work. */
const mostFields = 250;
const longestPath = 200;
const longestName = 253;

const kinds = [
  "Deployment",
  "HorizontalPodAutoscaler",
  "Ingress",
  "HTTPRoute",
  "TLSRoute",
  "Service",
];

/**
 * What changes, object by object and field by field, what matters first: canonical JSON of
 * {@link ObjectDiff}s, at most {@link longestDiff} bytes, `[]` when nothing does. No value of a variable, of
 * a Secret, or of an annotation that holds an object is in it.
 */
export function diffOf(objects: readonly Compared[]): string {
  const whole = objects.map(objectDiff).toSorted(inOrder);
  const most = greatestThatFits(whole, mostFields);
  return canonicalJson(cut(whole, most));
}

/** Back from {@link diffOf}; only for text that docc stored itself. */
export function readDiff(text: string): readonly ObjectDiff[] {
  return JSON.parse(text) as readonly ObjectDiff[];
}

function objectDiff({ kind, name, action, before, after, previewed }: Compared): ObjectDiff {
  const found = action === "prune" ? [] : differences(before ?? {}, after ?? {});
  const named = found
    .map((difference) => ({ difference, ...nameOf(difference) }))
    .filter(({ rank }) => action === "change" || rank <= lastOfWhatMatters)
    .toSorted((a, b) => a.rank - b.rank || compare(a.label, b.label));
  return {
    kind: cap(oneLine(kind), longestName),
    name: cap(oneLine(name), longestName),
    action,
    fields: named.map(({ difference, label }) => fieldDiff(kind, label, difference)),
    ...(previewed ? {} : { previewed }),
  };
}

/** One difference in words and values, safe to show. */
export function fieldDiff(kind: string, label: string, difference: Difference): FieldDiff {
  const { before, after } = difference;
  const change =
    (before ?? undefined) === undefined
      ? "added"
      : (after ?? undefined) === undefined
        ? "removed"
        : "changed";
  return {
    path: cap(oneLine(label), longestPath),
    change,
    ...(isHidden(kind, difference) ? {} : shown(difference)),
  };
}

function inOrder(a: ObjectDiff, b: ObjectDiff): number {
  return place(a) - place(b);
}

function place({ action, kind }: ObjectDiff): number {
  const at = kinds.indexOf(kind);
  return (action === "prune" ? kinds.length + 1 : 0) + (at === -1 ? kinds.length : at);
}

function fits(objects: readonly ObjectDiff[]): boolean {
  return new TextEncoder().encode(canonicalJson(objects)).length <= longestDiff;
}

/** The first `most` fields of each object, and how many more there are. */
function cut(objects: readonly ObjectDiff[], most: number): readonly ObjectDiff[] {
  return objects.map((object) => {
    const left = object.fields.length - most;
    return left <= 0 ? object : { ...object, fields: object.fields.slice(0, most), left };
  });
}

function greatestThatFits(objects: readonly ObjectDiff[], all: number): number {
  if (fits(cut(objects, all))) return all;
  let [low, high] = [0, all - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(cut(objects, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}
