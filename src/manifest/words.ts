import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import type { Path, Problem } from "./problem.ts";
import { isObject, type Json, type Tree } from "./reading/tree.ts";
import { few } from "./rules/few.ts";
import { type DifferingField, namesAt, placesOf, standing } from "./rules/places.ts";

/** What a word does to a manifest. */
export interface Change {
  readonly path: Path;
  readonly value: Json;
  /** What cannot stand beside it any more. */
  readonly removes?: Path;
}

/** What a word's meaning depends on. */
export interface Context {
  readonly root: Tree;
  readonly environment: string;
}

/** A kind of word that changes manifests. Another one is one more entry of {@link kinds}. */
interface WordKind {
  /** As shown in hints. */
  readonly usage: string;
  /** With the group `variable` where it has one. */
  readonly pattern: RegExp;
  /** Words about a container may have its name and a dot in front. */
  readonly isOfContainer: boolean;
  readonly change: (context: Context, value: string, about: About) => Change | Problem;
}

interface About {
  /** Empty for words that are about none. */
  readonly container: string;
  readonly variable: string;
}

const kinds: readonly WordKind[] = [
  {
    usage: "tag",
    pattern: /^tag$/u,
    isOfContainer: true,
    change: (_context, value, { container }) => ({
      path: ["containers", container, "image_tag"],
      value,
      removes: ["containers", container, "image_digest"],
    }),
  },
  {
    usage: "digest",
    pattern: /^digest$/u,
    isOfContainer: true,
    change: (_context, value, { container }) => ({
      path: ["containers", container, "image_digest"],
      value,
      removes: ["containers", container, "image_tag"],
    }),
  },
  { usage: "scale", pattern: /^scale$/u, isOfContainer: false, change: scaled },
  {
    usage: "cpu",
    pattern: /^cpu$/u,
    isOfContainer: true,
    change: (context, value, { container }) => placed(context, { field: "cpu", container }, value),
  },
  {
    usage: "memory",
    pattern: /^memory$/u,
    isOfContainer: true,
    change: (context, value, { container }) =>
      placed(context, { field: "memory", container }, value),
  },
  {
    usage: "env.NAME",
    pattern: /^env\.(?<variable>[^.]*)$/u,
    isOfContainer: true,
    change: (context, value, { container, variable }) =>
      placed(context, { field: "env", container, variable }, value),
  },
];

/** Every word that changes a manifest, as shown in hints. */
export const wordUsages: readonly string[] = kinds.map(({ usage }) => usage);

/** What a word means for a manifest in an environment. */
export function changeOf(word: string, value: string, context: Context): Change | Problem {
  if (!word.isWellFormed() || !value.isWellFormed()) {
    return aboutWord("bad-value", `${quoted(word)}= is not valid Unicode.`, "Type it again.");
  }
  const containers = namesAt(context.root, ["containers"]);
  const plain = readingOf(word, containers[0] ?? "", () => true);
  const dot = word.indexOf(".");
  const container = word.slice(0, Math.max(dot, 0));
  const prefixed = readingOf(word.slice(dot + 1), container, ({ isOfContainer }) => isOfContainer);
  // A container that is there may be called env, and a variable that is set for any may be called tag.
  if (prefixed !== undefined && container !== "" && containers.includes(container)) {
    return prefixed.kind.change(context, value, prefixed.about);
  }
  if (plain !== undefined) {
    return plain.kind.isOfContainer && containers.length !== 1
      ? whichContainer(word, containers)
      : plain.kind.change(context, value, plain.about);
  }
  return prefixed === undefined || container === ""
    ? unknownWord(word, containers)
    : noSuchContainer(word, container, containers);
}

/** The kind that a word is of, read as one about a container. */
function readingOf(
  word: string,
  container: string,
  isPossible: (kind: WordKind) => boolean,
): { readonly kind: WordKind; readonly about: About } | undefined {
  for (const kind of kinds.filter(isPossible)) {
    const found = kind.pattern.exec(word);
    if (found !== null) {
      return { kind, about: { container, variable: found.groups?.["variable"] ?? "" } };
    }
  }
  return undefined;
}

/** Where the environment says it, else where all environments do. */
function placed(context: Context, what: DifferingField, value: Json): Change {
  const { root, environment } = context;
  const path =
    standing(root, environment, what)?.path ?? placesOf(root, environment, what).at(-1) ?? [];
  return { path, value };
}

function scaled(context: Context, text: string): Change | Problem {
  const range = /^(?<min>\d{1,9})\.\.(?<max>\d{1,9})$/u.exec(text)?.groups;
  if (range !== undefined) {
    const before = standing(context.root, context.environment, { field: "scale" })?.node.value;
    const kept = before !== undefined && isObject(before) ? before : {};
    const ends = { min: Number(range["min"]), max: Number(range["max"]) };
    return placed(context, { field: "scale" }, { ...kept, ...ends });
  }
  return /^\d{1,9}$/u.test(text)
    ? placed(context, { field: "scale" }, Number(text))
    : aboutWord(
        "wrong-type",
        `scale=${quoted(text)} is no whole number.`,
        "Write scale=3, or scale=2..10 for an autoscaler.",
      );
}

function whichContainer(word: string, names: readonly string[]): Problem {
  const choices = few(
    names.map((name) => `${name}.${word}=`),
    " or ",
  );
  return names.length === 0
    ? aboutWord("no-such-container", `${word}= has no container to change.`, "")
    : aboutWord("ambiguous-word", `${word}= could mean several containers.`, `Say ${choices}`);
}

function noSuchContainer(word: string, name: string, names: readonly string[]): Problem {
  const meant = nearest(name, names) ?? (names.length === 1 ? names[0] : undefined);
  const rest = word.slice(name.length);
  const hint =
    meant === undefined ? `The containers are ${few(names)}.` : `Did you mean ${meant}${rest}=?`;
  return aboutWord("no-such-container", `There is no container ${quoted(name)}.`, hint);
}

function unknownWord(word: string, names: readonly string[]): Problem {
  const all = kinds.map(({ usage }) => usage);
  const ofContainers = kinds
    .filter(({ isOfContainer }) => isOfContainer)
    .flatMap(({ usage }) => names.map((name) => `${name}.${usage}`));
  const meant = nearest(word, [...all, ...ofContainers]);
  const usages = all.map((usage) => `${usage}=`).join(", ");
  const hint =
    meant === undefined ? `A manifest is changed by ${usages}.` : `Did you mean ${meant}=?`;
  return aboutWord("unknown-word", `${quoted(`${word}=`)} changes nothing in a manifest.`, hint);
}

export function aboutWord(code: Problem["code"], message: string, hint: string): Problem {
  return { code, message, hint, path: [], at: -1 };
}
