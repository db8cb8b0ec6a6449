import type { Path } from "../problem.ts";
import { childrenAt, isObject, type Json, nodeAt, type Tree } from "../reading/tree.ts";

/** A field that an environment may say otherwise. */
export type DifferingField =
  | { readonly field: "scale" }
  | { readonly field: "cpu" | "memory"; readonly container: string }
  | { readonly field: "env"; readonly container: string; readonly variable: string }
  | { readonly field: "hosts"; readonly ingress: string };

/**
 * Where a field may stand that counts in an environment, the place that wins first. The short forms of
 * an environment mean the only container or ingress.
 */
export function placesOf(root: Tree, environment: string, what: DifferingField): readonly Path[] {
  const own = ["environments", environment];
  switch (what.field) {
    case "scale":
      return [[...own, "scale"], ["scale"]];
    case "hosts":
      return around(root, own, ["ingresses", what.ingress], ["hosts"]);
    case "env":
      return around(root, own, ["containers", what.container], ["env", what.variable]);
    case "cpu":
    case "memory":
      return around(root, own, ["containers", what.container], [what.field]);
  }
}

function around(root: Tree, own: Path, part: Path, field: Path): readonly Path[] {
  const [kind = ""] = part;
  const isOnly = nodeAt(root, [kind])?.children.size === 1;
  const short = isOnly ? [[...own, ...field]] : [];
  return [[...own, ...part, ...field], ...short, [...part, ...field]];
}

/** The place at which a field that counts in an environment really stands, if it does. */
export function standing(
  root: Tree,
  environment: string,
  what: DifferingField,
): { readonly path: Path; readonly node: Tree } | undefined {
  for (const path of placesOf(root, environment, what)) {
    const node = nodeAt(root, path);
    if (node !== undefined) {
      return { path, node };
    }
  }
  return undefined;
}

/** The value at a path, null where there is none. */
export function valueAt(root: Tree, path: Path): Json {
  return nodeAt(root, path)?.value ?? null;
}

/** Names of the entries of an object; none where the path leads to none. */
export function namesAt(root: Tree, path: Path): readonly string[] {
  return isObject(valueAt(root, path)) ? childrenAt(root, path).map(([name]) => name) : [];
}

/** The items of a list with their paths; none where the path leads to none. */
export function itemsAt(
  root: Tree,
  path: Path,
): readonly { readonly value: Json; readonly path: Path }[] {
  const list = valueAt(root, path);
  return Array.isArray(list)
    ? list.map((value: Json, index) => ({ value, path: [...path, index] }))
    : [];
}

/** The given field of all entries of an object, where it stands. */
export function fieldsOf(
  root: Tree,
  path: Path,
  field: string,
): readonly { readonly name: string; readonly value: Json; readonly path: Path }[] {
  return namesAt(root, path).flatMap((name) => {
    const at = [...path, name, field];
    const node = nodeAt(root, at);
    return node === undefined ? [] : [{ name, value: node.value, path: at }];
  });
}

/** Refuses all but the first of the keys that an object has of those that exclude each other: the first written. */
export function exclusive(
  root: Tree,
  path: Path,
  keys: readonly string[],
  hint: string,
): readonly { code: "exclusive-keys"; message: string; hint: string; path: Path; at: "key" }[] {
  const [first, ...others] = keys
    .flatMap((key) => {
      const node = nodeAt(root, [...path, key]);
      return node === undefined ? [] : [{ key, offset: node.keyOffset }];
    })
    .toSorted((left, right) => left.offset - right.offset);
  return others.map(({ key }) => ({
    code: "exclusive-keys",
    message: `"${key}" stands beside "${first?.key ?? ""}", and only one of them can be.`,
    hint,
    path: [...path, key],
    at: "key",
  }));
}
