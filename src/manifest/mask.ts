import { envPlaces } from "./rules/env.ts";
import { namesAt } from "./rules/places.ts";
import { NOWHERE, nodeAt, type Tree } from "./reading/tree.ts";

/** Stands for a character that not everybody may see. */
const MASK = "•";

/**
 * A manifest's text for people who may not see the values of its variables, every line and column where
 * it was: from each value to the next thing in the text everything but white space is masked.
 */
export function masked(text: string, tree: Tree): string {
  const starts = offsetsOf(tree).toSorted((left, right) => left - right);
  let shown = text;
  for (const at of valuesOf(tree)) {
    const end = starts.find((start) => start > at) ?? text.length;
    // A character of two units stays two columns wide.
    const hidden = text.slice(at, end).replaceAll(/\S/gu, ({ length }) => MASK.repeat(length));
    shown = shown.slice(0, at) + hidden + shown.slice(end);
  }
  return shown;
}

/** Where the values of variables start, wherever variables can stand. */
function valuesOf(tree: Tree): readonly number[] {
  return envPlaces(tree)
    .flatMap((path) => namesAt(tree, path).map((name) => nodeAt(tree, [...path, name])))
    .flatMap((node) => (node === undefined || node.children.size > 0 ? [] : [node.offset]))
    .filter((offset) => offset !== NOWHERE);
}

/** Where keys and values start. */
function offsetsOf({ offset, keyOffset, children }: Tree): readonly number[] {
  return [keyOffset, offset, ...[...children.values()].flatMap(offsetsOf)];
}
