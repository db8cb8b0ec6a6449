import type { Path, Problem } from "../problem.ts";
import { isObject, type Tree, withFirst } from "../reading/tree.ts";
import { namesAt, valueAt } from "./places.ts";

/** Objects whose entries are counted: a step `*` is any name. */
export const mostEntries: readonly { readonly path: Path; readonly most: number }[] = [
  { path: ["containers"], most: 10 },
  { path: ["containers", "*", "env"], most: 100 },
  { path: ["ingresses"], most: 20 },
  { path: ["environments"], most: 20 },
  { path: ["environments", "*", "env"], most: 100 },
  { path: ["environments", "*", "containers"], most: 10 },
  { path: ["environments", "*", "containers", "*", "env"], most: 100 },
  { path: ["environments", "*", "ingresses"], most: 20 },
  { path: ["links"], most: 20 },
];

/** Objects with too many entries, and an application without a container. */
export function entryCounts(root: Tree): readonly Problem[] {
  const surplus = mostEntries.flatMap(({ path, most }) =>
    expand(root, path)
      .filter((at) => namesAt(root, at).length > most)
      .map((at) => tooMany(at, most)),
  );
  const containers = valueAt(root, ["containers"]);
  const isEmpty = isObject(containers) && Object.keys(containers).length === 0;
  return isEmpty ? [...surplus, noContainers] : surplus;
}

/** Entries of one object that are looked into; a hundred findings are shown in all. */
const MOST_READ = 100;

/**
 * The tree without what nobody reads the findings of: of objects with far too many entries the first
 * hundred. {@link entryCounts} says that there are too many.
 */
export function readable(root: Tree): Tree {
  return mostEntries.reduce(
    (tree, { path }) =>
      expand(tree, path)
        .filter((at) => namesAt(tree, at).length > MOST_READ)
        .reduce((shorter, at) => withFirst(shorter, at, MOST_READ), tree),
    root,
  );
}

function expand(root: Tree, pattern: Path, before: Path = []): readonly Path[] {
  const [step, ...rest] = pattern;
  if (step === undefined) {
    return [before];
  }
  const steps = step === "*" ? namesAt(root, before) : [step];
  return steps.flatMap((each) => expand(root, rest, [...before, each]));
}

function tooMany(path: Path, most: number): Problem {
  const what = String(path.at(-1));
  return {
    code: "too-many",
    message: `There are more than ${most} ${what === "env" ? "variables" : what}.`,
    hint: `Keep ${most} at most${path.length === 1 ? ", or make several applications of it" : ""}.`,
    path,
    at: "key",
  };
}

const noContainers: Problem = {
  code: "no-containers",
  message: "The application has no container.",
  hint: "Add one: its name, with image and image_tag.",
  path: ["containers"],
  at: "key",
};
