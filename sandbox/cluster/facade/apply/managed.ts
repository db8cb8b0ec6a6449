import { isObject, type JsonObject, type KubeObject, type ManagedFieldsEntry } from "../json.ts";
import { plain, type Structure } from "../structure.ts";
import {
  decodeFields,
  difference,
  emptySet,
  encodeFields,
  type FieldSet,
  intersection,
  isEmptySet,
  pathsOf,
  union,
  withNamedFields,
  without,
} from "./fieldset.ts";
import { changedOf, compare, type Comparison, fieldsOf, merge, remove } from "./typed.ts";

/*
 * Who owns which field: the rules of server-side apply as `merge.Updater` of
 * sigs.k8s.io/structured-merge-diff and apimachinery's managedfields package have them. Pure.
 */

/** Who writes, and through which door. */
export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  /** RFC 3339 with seconds. */
  readonly time: string;
}

export interface Conflict {
  /** `"kubectl" using apps/v1`, as the API server prints it. */
  readonly manager: string;
  /** `.spec.replicas`. */
  readonly field: string;
}

interface Owner {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldSet;
}

/** Fields no manager may own (apimachinery `stripMeta`). */
const unowned: readonly (readonly string[])[] = [
  ["f:apiVersion"],
  ["f:kind"],
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((field) => ["f:metadata", `f:${field}`]),
];

const metadataAndSpec: Structure = {
  fields: { metadata: plain, spec: { fields: { containers: plain } } },
};

/**
 * What exists, empty, in every object of the API server's Go types (structs and lists that are no
 * pointers and not omitted) and so is never "added" by an update; custom resources have only metadata.
 */
const everPresent = {
  builtin: {
    fields: {
      metadata: plain,
      spec: {
        fields: { containers: plain, names: plain, strategy: plain, template: metadataAndSpec },
      },
    },
  },
  custom: { fields: { metadata: plain } },
} as const satisfies { readonly [kind: string]: Structure };

const strip = (fields: FieldSet): FieldSet => {
  const stripped = without(fields, unowned);
  const metadata = stripped.children.get("f:metadata");
  return metadata !== undefined && metadata.children.size === 0
    ? without(stripped, [["f:metadata"]])
    : stripped;
};

function ownersOf(object: KubeObject | undefined): readonly Owner[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    entry,
    fields: decodeFields(entry.fieldsV1),
  }));
}

/** An applier is one manager at every version; an updater is one per version (BuildManagerIdentifier). */
function isWriter(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    entry.subresource === writer.subresource &&
    (writer.operation === "Apply" || entry.apiVersion === writer.apiVersion)
  );
}

/** The object as an Update by `writer` leaves it: changed fields move to the writer. */
export function withUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
  structure: Structure,
  kind: keyof typeof everPresent,
): KubeObject {
  const changes = comparison(before ?? skeleton(after, everPresent[kind]), after, structure);
  const owners = ownersOf(before);
  const others = owners.filter(({ entry }) => !isWriter(entry, writer));
  const mine = owners.find(({ entry }) => isWriter(entry, writer))?.fields ?? emptySet;
  const changed = changedOf(changes);
  const fields = strip(union(difference(mine, changes.removed), changed));
  return withOwners(
    after,
    before,
    [...lose(others, changed, changes.removed), own(writer, fields)],
    writer,
  );
}

export interface Applied {
  readonly object: KubeObject;
  readonly conflicts: readonly Conflict[];
}

/**
 * The object as an Apply of `config` by `writer` leaves it. Conflicts are listed even when `force`
 * took them over; without force a non-empty list means that nothing may be stored. `complete` fills
 * in defaults after the merge, which nobody owns.
 */
export function withApply(
  live: KubeObject | undefined,
  config: KubeObject,
  writer: Writer,
  structure: Structure,
  complete: (merged: KubeObject) => KubeObject,
): Applied {
  const base = live ?? {
    apiVersion: config.apiVersion,
    kind: config.kind,
    metadata: { name: config.metadata.name },
  };
  const owners = ownersOf(live);
  const others = owners.filter(({ entry }) => !isWriter(entry, writer));
  const last = owners.find(({ entry }) => isWriter(entry, writer))?.fields ?? emptySet;
  const fields = strip(fieldsOf(config, structure));
  const merged = prune(
    asObject(merge(base, config, structure)),
    last,
    [fields, ...others.map((o) => o.fields)],
    structure,
  );
  const changes = comparison(base, merged, structure);
  const changed = changedOf(changes);
  const conflicts = others
    .flatMap(({ entry, fields: theirs }) =>
      pathsOf(intersection(theirs, changed)).map((field) => ({
        manager: describeManager(entry),
        field,
      })),
    )
    .toSorted((a, b) => (a.manager < b.manager ? -1 : Number(a.manager > b.manager)));
  const next = [...lose(others, changed, changes.removed), own(writer, fields)];
  return { object: withOwners(complete(merged), live, next, writer), conflicts };
}

/** Takes out what the applier applied before, applies no longer, and nobody else owns. */
function prune(
  merged: KubeObject,
  last: FieldSet,
  owned: readonly FieldSet[],
  structure: Structure,
): KubeObject {
  const kept = withNamedFields(owned.reduce(union, emptySet));
  return asObject(remove(merged, difference(withNamedFields(last), kept), structure));
}

function comparison(before: JsonObject, after: KubeObject, structure: Structure): Comparison {
  const changes = compare(before, after, structure);
  return {
    added: strip(changes.added),
    modified: strip(changes.modified),
    removed: strip(changes.removed),
  };
}

function skeleton(object: JsonObject, shape: Structure): JsonObject {
  const kept: JsonObject = {};
  for (const [field, inner] of Object.entries(shape.fields ?? {})) {
    const value = object[field];
    if (isObject(value)) kept[field] = skeleton(value, inner);
    else if (Array.isArray(value)) kept[field] = [];
  }
  return kept;
}

function lose(owners: readonly Owner[], changed: FieldSet, removed: FieldSet): readonly Owner[] {
  return owners.map(({ entry, fields }) => ({
    entry,
    fields: difference(difference(fields, changed), removed),
  }));
}

function own(writer: Writer, fields: FieldSet): Owner {
  const { manager, operation, apiVersion, time, subresource } = writer;
  const entry: ManagedFieldsEntry = {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: {},
  };
  return { entry: subresource === undefined ? entry : { ...entry, subresource }, fields };
}

/** Writes the owners back; an entry whose fields did not change keeps its time. */
function withOwners(
  object: KubeObject,
  before: KubeObject | undefined,
  owners: readonly Owner[],
  writer: Writer,
): KubeObject {
  const former = before?.metadata.managedFields ?? [];
  const entries = owners
    .filter(({ fields }) => !isEmptySet(fields))
    .map(({ entry, fields }) => {
      const fieldsV1 = encodeFields(fields);
      const old = former.find((candidate) => isWriter(candidate, entryWriter(entry)));
      const unchanged =
        old !== undefined && JSON.stringify(old.fieldsV1) === JSON.stringify(fieldsV1);
      const time = unchanged && old.time !== undefined ? old.time : writer.time;
      return { ...entry, time: isWriter(entry, writer) ? time : (entry.time ?? time), fieldsV1 };
    })
    .toSorted(byOperationThenTime);
  return { ...object, metadata: { ...object.metadata, managedFields: entries } };
}

const entryWriter = (entry: ManagedFieldsEntry): Writer => ({
  manager: entry.manager,
  operation: entry.operation,
  apiVersion: entry.apiVersion,
  subresource: entry.subresource,
  time: "",
});

function byOperationThenTime(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  const keys = (entry: ManagedFieldsEntry): string =>
    `${entry.operation} ${entry.time ?? ""} ${entry.manager}`;
  return keys(left) < keys(right) ? -1 : 1;
}

function describeManager(entry: ManagedFieldsEntry): string {
  const subresource =
    entry.subresource === undefined ? "" : ` with subresource ${JSON.stringify(entry.subresource)}`;
  const version = entry.operation === "Update" ? ` using ${entry.apiVersion}` : "";
  return `${JSON.stringify(entry.manager)}${subresource}${version}`;
}

/** The API server's words for a refused apply. */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`;
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].toSorted();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts
      .filter((conflict) => conflict.manager === manager)
      .map(({ field }) => `- ${field}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function asObject(value: unknown): KubeObject {
  // Merge and removal keep apiVersion, kind and metadata of what they were given.
  return value as KubeObject;
}
