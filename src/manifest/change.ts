import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { conclude, type Parsed, parseTree } from "./parse.ts";
import type { Platform } from "./platform.ts";
import { type Path, pathText, type Problem } from "./problem.ts";
import type { Manifest } from "./schema/manifest.ts";
import {
  childrenAt,
  isObject,
  type Json,
  nodeAt,
  type Tree,
  treeOf,
  withValue,
} from "./reading/tree.ts";

/** `key=value` words of a command, such as `tag=2018`. */
export type Words = Readonly<Record<string, string>>;

/**
 * A manifest with the words of a command applied, checked as if it had been written so. Findings
 * that words cause are about no place in the text.
 *
 * @param source a manifest's text, or a checked manifest
 * @param words `tag`, `CONTAINER.tag`, `scale`, each with its value
 */
export function changeManifest(
  source: string | Manifest,
  words: Words,
  platform: Platform,
): Parsed {
  const change = (tree: Tree, problems: Problem[]): Tree => applyWords(tree, words, problems);
  if (typeof source === "string") {
    return parseTree(source, { platform }, change);
  }
  const problems: Problem[] = [];
  const tree = change(treeOf(source), problems);
  return conclude(tree, problems, platform, "");
}

/** What a word sets, and where. */
interface Change {
  readonly path: Path;
  readonly value: Json;
}

/** A kind of word that changes manifests. Another one is one more entry of {@link kinds}. */
interface WordKind {
  /** As shown in hints. */
  readonly usage: string;
  readonly pattern: RegExp;
  /** @param name the pattern's group `name`, where it has one */
  readonly change: (containers: readonly string[], value: string, name: string) => Change | Problem;
}

const kinds: readonly WordKind[] = [
  {
    usage: "tag",
    pattern: /^tag$/u,
    change: (containers, value) => {
      const [only, ...others] = containers;
      return only === undefined || others.length > 0
        ? whichContainer(containers)
        : { path: ["containers", only, "image_tag"], value };
    },
  },
  {
    usage: "CONTAINER.tag",
    pattern: /^(?<name>.+)\.tag$/u,
    change: (containers, value, name) =>
      containers.includes(name)
        ? { path: ["containers", name, "image_tag"], value }
        : noSuchContainer(name, containers),
  },
  {
    usage: "scale",
    pattern: /^scale$/u,
    change: (_containers, value) =>
      /^\d{1,9}$/u.test(value)
        ? { path: ["scale"], value: Number(value) }
        : aboutWord("wrong-type", `scale=${quoted(value)} is no whole number.`, "Write scale=3."),
  },
];

function applyWords(tree: Tree, words: Words, problems: Problem[]): Tree {
  const containers = containersOf(tree);
  const setBy = new Map<string, string>();
  let changed = tree;
  for (const [word, value] of Object.entries(words)) {
    const change = changeOf(word, value, containers);
    if ("code" in change) {
      problems.push(change);
      continue;
    }
    const place = pathText(change.path);
    const before = setBy.get(place);
    if (before !== undefined) {
      problems.push(twice(before, word, place));
    }
    setBy.set(place, word);
    changed = withValue(changed, change.path, change.value);
  }
  return changed;
}

function changeOf(word: string, value: string, containers: readonly string[]): Change | Problem {
  for (const { pattern, change } of kinds) {
    const match = pattern.exec(word);
    if (match !== null) {
      return change(containers, value, match.groups?.["name"] ?? "");
    }
  }
  return unknownWord(word, containers);
}

function twice(before: string, word: string, place: string): Problem {
  const message = `${before}= and ${word}= both set ${place}.`;
  return aboutWord("ambiguous-word", message, "Say it once.");
}

function containersOf(tree: Tree): readonly string[] {
  const containers = nodeAt(tree, ["containers"]);
  return isObject(containers?.value ?? null)
    ? childrenAt(tree, ["containers"]).map(([name]) => name)
    : [];
}

function whichContainer(names: readonly string[]): Problem {
  const choices = names.map((name) => `${name}.tag=`).join(" or ");
  return names.length === 0
    ? aboutWord("no-such-container", "tag= has no container to change.", "")
    : aboutWord("ambiguous-word", "tag= could mean several containers.", `Say ${choices}`);
}

function noSuchContainer(name: string, names: readonly string[]): Problem {
  const meant = nearest(name, names) ?? (names.length === 1 ? names[0] : undefined);
  const hint =
    meant === undefined ? `The containers are ${names.join(", ")}.` : `Did you mean ${meant}.tag=`;
  return aboutWord("no-such-container", `There is no container ${quoted(name)}.`, hint);
}

function unknownWord(word: string, names: readonly string[]): Problem {
  const all = kinds.map(({ usage }) => usage);
  const meant = nearest(word, [...all, ...names.map((name) => `${name}.tag`)]);
  const usages = all.map((usage) => `${usage}=`).join(", ");
  const hint =
    meant === undefined ? `A manifest is changed by ${usages}.` : `Did you mean ${meant}=`;
  return aboutWord("unknown-word", `${quoted(`${word}=`)} changes nothing in a manifest.`, hint);
}

function aboutWord(code: Problem["code"], message: string, hint: string): Problem {
  return { code, message, hint, path: [], at: -1 };
}
