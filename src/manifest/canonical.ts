import type { Manifest } from "./schema/manifest.ts";

/**
 * Canonical JSON, RFC 8785: keys sorted by UTF-16 units, no white space, numbers and strings as
 * ECMAScript writes them. Equal data give equal text, so hashes of it may be compared. Members that
 * are undefined are left out, as JSON.stringify does.
 *
 * @throws TypeError for what JSON cannot say: non-finite numbers, lone surrogates, functions,
 *   undefined in a list, objects of a class
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown) => canonicalJson(item)).join(",")}]`;
  }
  if (isRecord(value)) {
    const members = byKey(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${scalar(key)}:${canonicalJson(member)}`).join(",")}}`;
  }
  return scalar(value);
}

/** A manifest as docc stores it: {@link canonicalJson}, defaults filled in. */
export function canonicalManifest(manifest: Manifest): string {
  return canonicalJson(manifest);
}

/**
 * Back from {@link canonicalManifest}. Only for text that docc stored itself: it was a checked manifest
 * then, and is not checked again.
 */
export function storedManifest(text: string): Manifest {
  return JSON.parse(text) as Manifest;
}

/**
 * The same for a record that somebody else may have spoilt, and whose reader must go on all the same.
 * @returns undefined where it is not shaped as a manifest
 */
export function readManifest(text: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    return isShapedAsManifest(manifest) ? storedManifest(text) : undefined;
  } catch {
    return undefined;
  }
}

function isShapedAsManifest(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { application, maintainer, containers = {}, ingresses = {}, deploy = {} } = value;
  return (
    typeof application === "string" &&
    Array.isArray(maintainer) &&
    maintainer.every((each) => typeof each === "string") &&
    isRecord(containers) &&
    Object.values(containers).every(isRecord) &&
    isRecord(ingresses) &&
    isRecord(deploy)
  );
}

/** The entries of an object sorted by key, by UTF-16 units: the same in every locale. */
export function byKey<Value>(
  object: Readonly<Record<string, Value>>,
): (readonly [string, Value])[] {
  return Object.entries(object).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** A copy of plain data with the keys of all its objects in order. */
export function sorted<Value>(value: Value): Value {
  // Keys that look like indexes would come first; object and label names never do.
  return JSON.parse(canonicalJson(value)) as Value;
}

function scalar(value: unknown): string {
  const isSound =
    value === null ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value)) ||
    (typeof value === "string" && value.isWellFormed());
  if (!isSound) {
    throw new TypeError(`Canonical JSON has no ${typeof value} like this.`);
  }
  return JSON.stringify(value);
}

/** A plain object, as JSON gives it: no list, no instance of a class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
