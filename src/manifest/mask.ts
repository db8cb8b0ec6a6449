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
  const known = offsetsOf(tree).filter((offset) => offset !== NOWHERE);
  const starts = [...new Set([0, ...known])].toSorted((left, right) => left - right);
  const hidden = new Set(valuesOf(tree));
  const pieces = starts.map((start, index) => {
    const piece = text.slice(start, starts[index + 1]);
    // A character of two units stays two columns wide.
    return hidden.has(start)
      ? piece.replaceAll(/\S/gu, ({ length }) => MASK.repeat(length))
      : piece;
  });
  return pieces.join("");
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
