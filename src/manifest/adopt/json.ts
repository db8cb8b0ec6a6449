import { canonicalJson } from "../canonical.ts";
import type { Path } from "../problem.ts";
import { isObject, type Json, type JsonObject } from "../reading/tree.ts";

/** Levels of a live object; Kubernetes' own have some twenty. */
const MOST_LEVELS = 100;

/**
 * Anything as plain data, so that what follows need not distrust it: whole Unicode, finite numbers, own
 * members alone; null for what JSON cannot say, and below {@link MOST_LEVELS}.
 */
export function plain(value: unknown, level = 0): Json {
  if (typeof value === "string") {
    return value.toWellFormed();
  }
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) {
    return value;
  }
  if (typeof value !== "object" || value === null || level > MOST_LEVELS) {
    return null;
  }
  if (Array.isArray(value)) {
    // Not map, which keeps holes.
    return Array.from(value, (item: unknown) => plain(item, level + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key.toWellFormed(),
      plain(member, level + 1),
    ]),
  );
}

/** What stands at a path; null where nothing does. */
export function at(value: Json | undefined, ...path: Path): Json {
  return path.reduce<Json>((inner, step) => memberOf(inner, step), value ?? null);
}

function memberOf(value: Json, step: string | number): Json {
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    return typeof step === "number" ? (list[step] ?? null) : null;
  }
  return isObject(value) && typeof step === "string" && Object.hasOwn(value, step)
    ? (value[step] ?? null)
    : null;
}

export function textAt(value: Json | undefined, ...path: Path): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: Json | undefined, ...path: Path): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The items there; none where no list stands. */
export function listAt(value: Json | undefined, ...path: Path): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The members there by name; none where no object stands. */
export function membersAt(
  value: Json | undefined,
  ...path: Path
): readonly (readonly [string, Json])[] {
  const found = at(value, ...path);
  return isObject(found) ? Object.entries(found) : [];
}

/** Whether Kubernetes reads it as if it were not there; lists and objects of nothing but such, too. */
export function isEmpty(value: Json): boolean {
  if (typeof value !== "object" || value === null) {
    return value === null || value === "";
  }
  const members: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return members.every(isEmpty);
}

/** Whether two values are the same data, whatever the order of their members. */
export function isSame(left: Json, right: Json): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

/** An object without the members that are undefined. */
export function objectOf(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const given = Object.entries(members).flatMap(([key, member]) =>
    member === undefined ? [] : [[key, member] as const],
  );
  return Object.fromEntries(given);
}

/** Two lists of what a test keeps, and the rest. */
export function split<Item>(
  items: readonly Item[],
  keeps: (item: Item, index: number) => boolean,
): readonly [readonly Item[], readonly Item[]] {
  return [items.filter(keeps), items.filter((item, index) => !keeps(item, index))];
}

export { isObject, type Json, type JsonObject } from "../reading/tree.ts";
