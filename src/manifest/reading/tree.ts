import type { Path } from "../problem.ts";

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Offset of what stands nowhere in the text. */
export const NOWHERE = -1;

/** A value together with where it, its key and its children stand in the text. */
export interface Tree {
  /** Plain data; objects have no prototype, so that no key can reach one. */
  readonly value: Json;
  /** Offset of the value, or {@link NOWHERE}. */
  readonly offset: number;
  /** Offset of its key in the object around it; {@link NOWHERE} in lists and at the root. */
  readonly keyOffset: number;
  /** A scalar exactly as written, without quotes: YAML's 1.10 is the number 1.1. */
  readonly written: string | undefined;
  readonly children: ReadonlyMap<string | number, Tree>;
}

/** The node at a path, or undefined where the manifest has none. */
export function nodeAt(root: Tree, path: Path): Tree | undefined {
  return path.reduce<Tree | undefined>((node, step) => node?.children.get(step), root);
}

/** The children of an object or list with their keys; none where the path leads nowhere. */
export function childrenAt(root: Tree, path: Path): readonly (readonly [string, Tree])[] {
  return [...(nodeAt(root, path)?.children ?? [])].map(([key, child]) => [String(key), child]);
}

/** A tree for plain data that was never written down. */
export function treeOf(value: Json): Tree {
  const children = new Map<string | number, Tree>();
  if (Array.isArray(value)) {
    value.forEach((item: Json, index) => children.set(index, treeOf(item)));
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      children.set(key, treeOf(item));
    }
  }
  const written = typeof value === "object" ? undefined : String(value);
  return { value, offset: NOWHERE, keyOffset: NOWHERE, written, children };
}

/** The same tree with another value at `path`, whose last step may be new. */
export function withValue(root: Tree, path: Path, value: Json): Tree {
  const [step, ...rest] = path;
  if (step === undefined) {
    return treeOf(value);
  }
  const child = withValue(root.children.get(step) ?? treeOf(emptyObject()), rest, value);
  return rebuilt(root, new Map(root.children).set(step, child));
}

/** The same tree with at most the first `most` children of the node at `path`. */
export function withFirst(root: Tree, path: Path, most: number): Tree {
  const [step, ...rest] = path;
  if (step === undefined) {
    return rebuilt(root, new Map([...root.children].slice(0, most)));
  }
  const child = root.children.get(step);
  return child === undefined
    ? root
    : rebuilt(root, new Map(root.children).set(step, withFirst(child, rest, most)));
}

function rebuilt(node: Tree, children: Tree["children"]): Tree {
  return { ...node, value: valueOf(children, Array.isArray(node.value)), children };
}

/** The same tree with nothing at `path`; it stays as it is where nothing is there. */
export function without(root: Tree, path: Path): Tree {
  const [step, ...rest] = path;
  const child = step === undefined ? undefined : root.children.get(step);
  if (step === undefined || child === undefined) {
    return root;
  }
  const children = new Map(root.children);
  if (rest.length === 0) {
    children.delete(step);
  } else {
    children.set(step, without(child, rest));
  }
  return rebuilt(root, children);
}

/** The plain value that a node's children make up. */
export function valueOf(children: ReadonlyMap<string | number, Tree>, isList: boolean): Json {
  if (isList) {
    return [...children.values()].map((child) => child.value);
  }
  const object = emptyObject();
  for (const [key, child] of children) {
    object[key] = child.value;
  }
  return object;
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function emptyObject(): Record<string, Json> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.create is typed any
  return Object.create(null) as Record<string, Json>;
}
