import { isRecord } from "../manifest/canonical.ts";
import { stamps } from "./comparable.ts";
import type { Difference, Step } from "./diff/fields.ts";
import { type Fields, find, ownedFields, parse } from "./managed-fields.ts";
import type { LiveObject } from "./plan.ts";

/** Whether somebody who owns `fields` owns what is at `path`, or something in it, or a whole that it is in. */
export function holds(fields: Fields, path: readonly Step[]): boolean {
  return Object.keys(fields).length > 0 && holdsAt(fields, path);
}

function holdsAt(fields: Fields, [step, ...rest]: readonly Step[]): boolean {
  if (step === undefined) return true;
  const entries = Object.entries(fields);
  // What is owned as one value has no further fields; a list element alone has its dot.
  if (entries.length === 0) return true;
  return entries.some(([key, inner]) => isMeant(key, step) && holdsAt(inner, rest));
}

function isMeant(key: string, step: Step): boolean {
  if (typeof step === "string") return key === `f:${step}`;
  const meant = parse(key.slice(2));
  if (key.startsWith("v:")) return String(meant) === step.element;
  if (!key.startsWith("k:") || !isRecord(meant)) return false;
  return Object.values(meant).some((value) => String(value) === step.element);
}

interface Sides {
  readonly live: LiveObject;
  /** What docc's own apply would make of it: in here docc owns whatever it sets. */
  readonly preview: LiveObject;
  readonly autoscaled: boolean;
}

/**
 * What one writer has in the spec beside everything that docc sets: a variable, a container, a pause. Not
 * what `kubectl rollout restart` leaves, which changes nothing that docc made.
 */
export function additionsOf(
  fields: Fields,
  { live, preview, autoscaled }: Sides,
): readonly Difference[] {
  const theirs = child(fields, "f:spec");
  const docc = child(ownedFields(preview), "f:spec") ?? {};
  if (theirs === undefined) return [];
  return beside(theirs, docc, find("f:spec", live), ["spec"]).filter(
    ({ path }) => !isLeftOut(path, autoscaled),
  );
}

function beside(
  theirs: Fields,
  docc: Fields,
  object: unknown,
  path: readonly Step[],
): readonly Difference[] {
  return Object.entries(theirs).flatMap(([key, inner]) => {
    if (key === ".") return [];
    const value = find(key, object);
    if (value === undefined) return [];
    const known = child(docc, key);
    const here = [...path, stepOf(key)];
    // Docc owns it as one value, or the very field.
    if (known !== undefined && Object.keys(known).length === 0) return [];
    const isOneThing = key.startsWith("k:") && known === undefined;
    if (Object.keys(inner).length > 0 && !isOneThing) {
      return beside(inner, known ?? {}, value, here);
    }
    return known === undefined ? [{ path: here, before: undefined, after: value }] : [];
  });
}

function child(fields: Fields, key: string): Fields | undefined {
  const known: Readonly<Record<string, Fields | undefined>> = fields;
  return known[key];
}

function stepOf(key: string): Step {
  const meant = key.slice(2);
  if (key.startsWith("f:")) return meant;
  const value = parse(meant);
  if (!isRecord(value)) return { element: String(value) };
  const [first = ""] = Object.values(value).map(String);
  return { element: first };
}

const annotations = ["spec", "template", "metadata", "annotations"];

function isLeftOut(path: readonly Step[], autoscaled: boolean): boolean {
  const name = path.at(-1);
  if (autoscaled && path.length === 2 && name === "replicas") return true;
  const isAnnotation =
    path.length === annotations.length + 1 && annotations.every((step, at) => path[at] === step);
  if (!isAnnotation || typeof name !== "string") return false;
  return name === "kubectl.kubernetes.io/restartedAt" || stamps.test(name);
}
