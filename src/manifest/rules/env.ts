import type { Path, Problem } from "../problem.ts";
import { isObject, nodeAt, type Tree } from "../reading/tree.ts";
import { exclusive, namesAt, valueAt } from "./places.ts";

/** A variable that is no text comes from a Secret or from a ConfigMap. */
export function envSources(root: Tree): readonly Problem[] {
  return envPlaces(root)
    .flatMap((path) => namesAt(root, path).map((name) => [...path, name]))
    .filter((path) => isObject(valueAt(root, path)))
    .flatMap((path) => source(root, path));
}

/** Wherever variables can stand. */
export function envPlaces(root: Tree): readonly Path[] {
  const environments = namesAt(root, ["environments"]).map((name) => ["environments", name]);
  const parts = [[], ...environments].flatMap((path) =>
    namesAt(root, [...path, "containers"]).map((name) => [...path, "containers", name]),
  );
  return [...parts, ...environments].map((path) => [...path, "env"]);
}

function source(root: Tree, path: Path): readonly Problem[] {
  const sources = ["secret", "config"] as const;
  return sources.some((key) => nodeAt(root, [...path, key]) !== undefined)
    ? exclusive(root, path, sources, "A variable has one source.")
    : [
        {
          code: "missing-key",
          message: `"${String(path.at(-1))}" names neither a secret nor a config.`,
          hint: "Write {secret, key} or {config, key}, or the text itself.",
          path,
          at: "key",
        },
      ];
}
