import { canonicalJson, isRecord } from "../manifest/canonical.ts";
import { stamps } from "./comparable.ts";
import type { LiveObject } from "./plan.ts";

/**
 * The fields that one manager owns of an object, as the API server writes them (FieldsV1): `f:` and a
 * field's name, `k:` and the keys of a list element, `v:` and an element's value, `i:` and its index; `.` is
 * the thing itself. sigs.k8s.io/structured-merge-diff, fieldpath/serialize-pe.go.
 */
export interface Fields {
  readonly [element: string]: Fields;
}

/** The fields that docc has applied and owns still, but for its stamps and what is in the status. */
export function ownedFields(live: LiveObject): Fields {
  return entriesOf(live)
    .filter(isOurs)
    .reduce<Fields>((all, { fields }) => merge(all, fields), {});
}

/** RFC 3339, whole seconds, by the API server's clock: when docc's last apply that moved something was stored. */
export function appliedAt(live: LiveObject): string | undefined {
  return entriesOf(live).find(isOurs)?.at;
}

/** One writer's part of an object. */
export interface FieldsEntry {
  readonly manager: string;
  /** Empty for the object itself, such as `status` or `scale` otherwise. */
  readonly subresource: string;
  readonly operation: string;
  /** RFC 3339, by the API server's clock: when this writer last moved one of its fields. */
  readonly at: string | undefined;
  readonly fields: Fields;
}

/** Who wrote what of an object; what docc cannot read is left out. */
export function entriesOf(live: LiveObject): readonly FieldsEntry[] {
  const managed = "managedFields" in live.metadata ? live.metadata.managedFields : [];
  const entries: readonly unknown[] = Array.isArray(managed) ? managed : [];
  return entries.flatMap((entry) => {
    if (!isRecord(entry)) return [];
    const { manager, subresource, operation, time, fieldsV1 } = entry;
    return {
      manager: typeof manager === "string" ? manager : "",
      subresource: typeof subresource === "string" ? subresource : "",
      operation: typeof operation === "string" ? operation : "",
      at: typeof time === "string" && !Number.isNaN(Date.parse(time)) ? time : undefined,
      // Most of those who look want to know who and when alone.
      get fields() {
        return merge({}, fieldsV1);
      },
    };
  });
}

function isOurs({ manager, operation, subresource }: FieldsEntry): boolean {
  return manager === "docc" && operation === "Apply" && subresource === "";
}

/** What is no object of objects is taken for a leaf: who wrote it meant something that docc cannot read. */
function merge(left: Fields, right: unknown): Fields {
  if (!isRecord(right)) return left;
  const known: Readonly<Record<string, Fields | undefined>> = left;
  const added = Object.entries(right).map(
    ([key, value]) => [key, merge(known[key] ?? {}, value)] as const,
  );
  return { ...left, ...Object.fromEntries(added) };
}

/**
 * The part of an object that `fields` name, by the very keys they have there: for comparing, not for
 * reading. What is not there is null. Stamps and the number of an autoscaler's replicas stay out.
 */
export function owned(
  fields: Fields,
  object: unknown,
  options: { readonly autoscaled: boolean },
  path = "",
): unknown {
  const names = Object.keys(fields).filter((key) => key !== ".");
  if (names.length === 0) return object ?? null;
  const kept = names.filter((key) => !isLeftOut(`${path}/${key}`, options));
  return Object.fromEntries(
    kept.map((key) => [
      key,
      owned(fields[key] ?? {}, find(key, object), options, `${path}/${key}`),
    ]),
  );
}

const annotation = "/f:metadata/f:annotations/f:";

function isLeftOut(path: string, { autoscaled }: { readonly autoscaled: boolean }): boolean {
  if (path.startsWith(annotation)) return stamps.test(path.slice(annotation.length));
  return autoscaled && path === "/f:spec/f:replicas";
}

/** The member of an object or list that one element of a path means. */
export function find(key: string, object: unknown): unknown {
  const meant = key.slice(2);
  if (key.startsWith("f:")) return isRecord(object) ? object[meant] : undefined;
  if (!Array.isArray(object)) return undefined;
  const elements: readonly unknown[] = object;
  switch (key.slice(0, 2)) {
    case "k:": {
      const keys = parse(meant);
      return elements.find((each) => isRecord(keys) && isRecord(each) && hasAll(each, keys));
    }
    case "v:": {
      const value = canonicalJson(parse(meant) ?? null);
      return elements.find((each) => canonicalJson(each ?? null) === value);
    }
    case "i:":
      return elements[Number(meant)];
    default:
      return undefined;
  }
}

function hasAll(
  element: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(keys).every(
    ([key, value]) => canonicalJson(element[key] ?? null) === canonicalJson(value ?? null),
  );
}

/** The value that stands behind `k:`, `v:` or `i:`; undefined for what is no JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
