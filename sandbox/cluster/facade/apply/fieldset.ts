import { isObject, type Json, type JsonObject } from "../json.ts";

/**
 * A set of field paths as a tree, like `fieldpath.Set` of sigs.k8s.io/structured-merge-diff: an
 * element is `f:<field>`, `k:<keys as JSON>` or `v:<value as JSON>`, and a node may be a member
 * itself, have members below it, or both.
 */
export interface FieldSet {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { member: false, children: new Map() };
export const leaf: FieldSet = { member: true, children: new Map() };

export const isEmptySet = (set: FieldSet): boolean => !set.member && set.children.size === 0;

function build(member: boolean, entries: Iterable<readonly [string, FieldSet]>): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of entries) if (!isEmptySet(child)) children.set(element, child);
  return { member, children };
}

export const node = (member: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet =>
  build(member, children);

const childOf = (set: FieldSet, element: string): FieldSet => set.children.get(element) ?? emptySet;

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(left)) return right;
  if (isEmptySet(right)) return left;
  const elements = new Set([...left.children.keys(), ...right.children.keys()]);
  return build(
    left.member || right.member,
    [...elements].map(
      (element) => [element, union(childOf(left, element), childOf(right, element))] as const,
    ),
  );
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return build(
    left.member && right.member,
    [...left.children].map(
      ([element, child]) => [element, intersection(child, childOf(right, element))] as const,
    ),
  );
}

export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right)) return left;
  return build(
    left.member && !right.member,
    [...left.children].map(
      ([element, child]) => [element, difference(child, childOf(right, element))] as const,
    ),
  );
}

/** `set` plus every named field that has members below it (`EnsureNamedFieldsAreMembers`). */
export function withNamedFields(set: FieldSet): FieldSet {
  return build(
    set.member,
    [...set.children].map(([element, child]) => {
      const inner = withNamedFields(child);
      const named = element.startsWith("f:") && inner.children.size > 0;
      return [element, { member: inner.member || named, children: inner.children }] as const;
    }),
  );
}

/** `set` without the subtrees at `paths`, each a list of elements. */
export function without(set: FieldSet, paths: readonly (readonly string[])[]): FieldSet {
  const dropped = new Set(paths.filter((path) => path.length === 1).map(([element]) => element));
  return build(
    set.member,
    [...set.children]
      .filter(([element]) => !dropped.has(element))
      .map(([element, child]) => {
        const below = paths.filter((path) => path.length > 1 && path[0] === element);
        return [
          element,
          below.length === 0
            ? child
            : without(
                child,
                below.map((path) => path.slice(1)),
              ),
        ] as const;
      }),
  );
}

/** The wire form `fieldsV1`. */
export function encodeFields(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  if (set.member && set.children.size > 0) fields["."] = {};
  for (const element of [...set.children.keys()].toSorted()) {
    fields[element] = encodeFields(childOf(set, element));
  }
  return fields;
}

export function decodeFields(fields: Json | undefined): FieldSet {
  return decodeNode(isObject(fields) ? fields : {}, false);
}

function decodeNode(fields: JsonObject, mayBeLeaf: boolean): FieldSet {
  const entries = Object.entries(fields).filter(([element]) => element !== ".");
  const member = fields["."] !== undefined || (mayBeLeaf && entries.length === 0);
  return build(
    member,
    entries.map(
      ([element, child]) => [element, decodeNode(isObject(child) ? child : {}, true)] as const,
    ),
  );
}

/** Every member path as people read it, sorted: `.spec.containers[name="web"].image`. */
export function pathsOf(set: FieldSet): readonly string[] {
  const paths: string[] = [];
  const walk = (current: FieldSet, prefix: string): void => {
    if (current.member && prefix !== "") paths.push(prefix);
    for (const element of [...current.children.keys()].toSorted()) {
      walk(childOf(current, element), prefix + describe(element));
    }
  };
  walk(set, "");
  return paths;
}

function describe(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (element.startsWith("v:")) return `[=${text}]`;
  const keys: unknown = JSON.parse(text);
  if (!isObject(keys)) return `[${text}]`;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(",")}]`;
}
