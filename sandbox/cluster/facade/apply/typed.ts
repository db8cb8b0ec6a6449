import { isObject, type Json, type JsonObject, sameJson } from "../json.ts";
import { fieldOf, type ListStructure, plain, type Structure } from "../structure.ts";
import { emptySet, type FieldSet, leaf, node, union } from "./fieldset.ts";

/*
 * Pure operations on JSON values that know which lists are associative and which values are atomic,
 * after `typed` of sigs.k8s.io/structured-merge-diff: field sets, comparison, merge, removal.
 */

interface Child {
  readonly element: string;
  readonly value: Json;
  readonly structure: Structure;
}

/** The children of a granular value in order, or undefined when the value is owned as a whole. */
function childrenOf(value: Json, structure: Structure): readonly Child[] | undefined {
  if (structure.atomic === true) return undefined;
  if (Array.isArray(value)) {
    const { list } = structure;
    return list === undefined ? undefined : value.map((item) => listChild(item, list));
  }
  if (!isObject(value)) return undefined;
  const children: Child[] = [];
  for (const [field, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    children.push({ element: `f:${field}`, value: inner, structure: fieldOf(structure, field) });
  }
  return children;
}

function listChild(item: Json, list: ListStructure): Child {
  if (list.kind === "set")
    return { element: `v:${JSON.stringify(item)}`, value: item, structure: plain };
  const keys: JsonObject = {};
  for (const key of list.keys.toSorted()) {
    const value = (isObject(item) ? item[key] : undefined) ?? list.defaults[key];
    if (value !== undefined) keys[key] = value;
  }
  return { element: `k:${JSON.stringify(keys)}`, value: item, structure: list.item };
}

/** The fields an applied configuration owns. */
export function fieldsOf(value: Json, structure: Structure): FieldSet {
  const children = childrenOf(value, structure);
  if (children === undefined) return leaf;
  if (isObject(value) && children.length === 0) return leaf;
  return node(
    false,
    children.map((child) => {
      const fields = fieldsOf(child.value, child.structure);
      const item = !child.element.startsWith("f:") || structure.members !== undefined;
      return [child.element, item ? { ...fields, member: true } : fields] as const;
    }),
  );
}

/** What changed from one value to another, as field sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const same: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };

export function compare(
  before: Json | undefined,
  after: Json | undefined,
  structure: Structure,
): Comparison {
  if (before === undefined && after === undefined) return same;
  if (before === undefined && after !== undefined)
    return { ...same, added: everything(after, structure) };
  if (after === undefined && before !== undefined)
    return { ...same, removed: everything(before, structure) };
  const left = childrenOf(before ?? null, structure);
  const right = childrenOf(after ?? null, structure);
  if (left === undefined || right === undefined || Array.isArray(before) !== Array.isArray(after)) {
    return sameJson(before, after) ? same : { ...same, modified: leaf };
  }
  return compareChildren(left, right);
}

function compareChildren(left: readonly Child[], right: readonly Child[]): Comparison {
  const before = new Map(left.map((child) => [child.element, child]));
  const after = new Map(right.map((child) => [child.element, child]));
  const parts = [...new Set([...before.keys(), ...after.keys()])].map((element) => {
    const structure = (before.get(element) ?? after.get(element))?.structure ?? plain;
    return [
      element,
      compare(before.get(element)?.value, after.get(element)?.value, structure),
    ] as const;
  });
  return {
    added: node(
      false,
      parts.map(([element, part]) => [element, part.added] as const),
    ),
    modified: node(
      false,
      parts.map(([element, part]) => [element, part.modified] as const),
    ),
    removed: node(
      false,
      parts.map(([element, part]) => [element, part.removed] as const),
    ),
  };
}

/** The value's own path and every path below it. */
function everything(value: Json, structure: Structure): FieldSet {
  const children = childrenOf(value, structure) ?? [];
  return node(
    true,
    children.map((child) => [child.element, everything(child.value, child.structure)] as const),
  );
}

/** The live value with the applied one laid over it. */
export function merge(live: Json | undefined, applied: Json, structure: Structure): Json {
  if (live === undefined || live === null || structure.atomic === true) return applied;
  if (isObject(live) && isObject(applied)) {
    const merged: JsonObject = { ...live };
    for (const [field, value] of Object.entries(applied)) {
      if (value === undefined) continue;
      merged[field] = merge(live[field], value, fieldOf(structure, field));
    }
    return merged;
  }
  if (Array.isArray(live) && Array.isArray(applied) && structure.list !== undefined) {
    return mergeLists(live, applied, structure.list);
  }
  return applied;
}

/** Applied items keep their order; items only the live list has stay where they were among them. */
function mergeLists(live: readonly Json[], applied: readonly Json[], list: ListStructure): Json[] {
  const left = live.map((item) => listChild(item, list));
  const right = applied.map((item) => listChild(item, list));
  const wanted = new Set(right.map((child) => child.element));
  const known = new Map(left.map((child) => [child.element, child.value]));
  const merged: Json[] = [];
  let next = 0;
  const takeLiveOnly = (): void => {
    for (
      let item = left[next];
      item !== undefined && !wanted.has(item.element);
      item = left[++next]
    ) {
      merged.push(item.value);
    }
  };
  for (const child of right) {
    takeLiveOnly();
    merged.push(merge(known.get(child.element), child.value, child.structure));
    if (left[next]?.element === child.element) next++;
  }
  return [
    ...merged,
    ...left
      .slice(next)
      .filter((item) => !wanted.has(item.element))
      .map((item) => item.value),
  ];
}

/** `value` without the paths that are members of `removed`. */
export function remove(value: Json, removed: FieldSet, structure: Structure): Json {
  const children = childrenOf(value, structure);
  if (children === undefined || removed.children.size === 0) return value;
  const kept = children.flatMap((child) => {
    const below = removed.children.get(child.element);
    if (below?.member === true) return [];
    const inner = below === undefined ? child.value : remove(child.value, below, child.structure);
    return [[child.element, inner] as const];
  });
  if (Array.isArray(value)) return kept.map(([, item]) => item);
  return Object.fromEntries(kept.map(([element, inner]) => [element.slice(2), inner]));
}

export const changedOf = (comparison: Comparison): FieldSet =>
  union(comparison.added, comparison.modified);
