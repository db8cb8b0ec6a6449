import { canonicalJson, isRecord } from "../../manifest/canonical.ts";

/** A key of an object, or what tells one element of a list from the others. */
export type Step = string | { readonly element: string };

/** One field in which two objects differ. */
export interface Difference {
  readonly path: readonly Step[];
  /** Undefined where there is none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What tells the elements of a list apart, where all of them have it. */
const identities = [
  "name",
  "mountPath",
  "host",
  "containerPort",
  "port",
  "topologyKey",
  "secretName",
  "path",
];

/** What is looked into when the whole is new or goes; all else is one value then. */
const structure: ReadonlySet<string> = new Set([
  "spec",
  "template",
  "metadata",
  "labels",
  "annotations",
  "containers",
  "initContainers",
  "env",
]);

/**
 * Where two values differ, field by field: objects by key, lists by what names their elements. Nothing when
 * their canonical JSON is equal, and something when it is not.
 */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly Step[] = [],
): readonly Difference[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  const whole = [{ path, before, after }];
  if (!isLookedInto(before, after, path)) return whole;
  const found = isList(before) || isList(after) ? inLists(before, after, path) : undefined;
  if (found !== undefined) return found.length > 0 ? found : whole;
  if (!isRecord(before ?? {}) || !isRecord(after ?? {})) return whole;
  const [was, is] = [asRecord(before), asRecord(after)];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  const inner = keys.flatMap((key) => differences(was[key], is[key], [...path, key]));
  return inner.length > 0 ? inner : whole;
}

function isLookedInto(before: unknown, after: unknown, path: readonly Step[]): boolean {
  const key = path.findLast((step) => typeof step === "string");
  // A variable is one thing, wherever its value comes from.
  if (key === "env" && typeof path.at(-1) === "object") return false;
  if (isThere(before) && isThere(after)) return true;
  return key === undefined || structure.has(key);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Undefined for lists whose elements have no names; an empty list when only their order differs. */
function inLists(
  before: unknown,
  after: unknown,
  path: readonly Step[],
): readonly Difference[] | undefined {
  const [was, is] = [asList(before), asList(after)];
  const key = identities.find((each) => isNamedBy(was, each) && isNamedBy(is, each));
  if (key === undefined) return undefined;
  const [old, fresh] = [byIdentity(was, key), byIdentity(is, key)];
  const names = [...new Set([...fresh.keys(), ...old.keys()])];
  return names.flatMap((element) =>
    differences(old.get(element), fresh.get(element), [...path, { element }]),
  );
}

function isNamedBy(list: readonly unknown[], key: string): boolean {
  const names = list.map((each) => (isRecord(each) ? each[key] : undefined));
  const areNames = names.every((name) => typeof name === "string" || typeof name === "number");
  return areNames && new Set(names.map(String)).size === names.length;
}

function byIdentity(list: readonly unknown[], key: string): ReadonlyMap<string, unknown> {
  return new Map(list.map((each) => [String(asRecord(each)[key]), each]));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function asList(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
