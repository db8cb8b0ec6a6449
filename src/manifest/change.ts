import { canonicalManifest } from "./canonical.ts";
import { conclude, type Parsed, parseTree } from "./parse.ts";
import type { Platform } from "./platform.ts";
import { pathText, type Problem } from "./problem.ts";
import { type Json, type Tree, treeOf, without, withValue } from "./reading/tree.ts";
import type { Manifest } from "./schema/manifest.ts";
import { aboutWord, changeOf } from "./words.ts";

/** `key=value` words of a command, such as `tag=2018`. */
export type Words = Readonly<Record<string, string>>;

/**
 * A manifest with the words of a command applied, checked as if it had been written so. Findings
 * that words cause are about no place in the text. What the platform's environment says otherwise
 * than the rest is changed there, since that is what counts.
 *
 * @param source a manifest's text, or a checked manifest
 * @param words `tag`, `digest`, `cpu`, `memory`, `env.NAME`, each also as `CONTAINER.…`, and `scale`
 */
export function changeManifest(
  source: string | Manifest,
  words: Words,
  platform: Platform,
): Parsed {
  const change = (tree: Tree, problems: Problem[]): Tree =>
    applyWords(tree, words, platform.environment, problems);
  if (typeof source === "string") {
    return parseTree(source, { platform }, change);
  }
  const problems: Problem[] = [];
  const tree = change(treeOf(JSON.parse(canonicalManifest(source)) as Json), problems);
  return conclude(tree, problems, platform, "");
}

function applyWords(tree: Tree, words: Words, environment: string, problems: Problem[]): Tree {
  const setBy = new Map<string, { readonly word: string; readonly place: string }>();
  let changed = tree;
  for (const [word, value] of Object.entries(words)) {
    const change = changeOf(word, value, { root: tree, environment });
    if ("code" in change) {
      problems.push(change);
      continue;
    }
    const { path, removes } = change;
    const place = pathText(path);
    const places = [place, ...(removes === undefined ? [] : [pathText(removes)])];
    const before = places.map((each) => setBy.get(each)).find((each) => each !== undefined);
    if (before !== undefined) {
      problems.push(
        before.place === place ? twice(before.word, word, place) : both(before.word, word),
      );
    }
    places.forEach((each) => setBy.set(each, { word, place }));
    const cleared = removes === undefined ? changed : without(changed, removes);
    changed = withValue(cleared, path, change.value);
  }
  return changed;
}

function both(before: string, word: string): Problem {
  const message = `${before}= and ${word}= exclude each other.`;
  return aboutWord("ambiguous-word", message, "Keep the one that you mean.");
}

function twice(before: string, word: string, place: string): Problem {
  const message = `${before}= and ${word}= both set ${place}.`;
  return aboutWord("ambiguous-word", message, "Say it once.");
}
