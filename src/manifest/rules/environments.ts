import { quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import type { Platform } from "../platform.ts";
import type { Path, Problem } from "../problem.ts";
import { nodeAt, type Tree } from "../reading/tree.ts";
import { namesAt } from "./places.ts";

/** Environments differ in what there is: known names, one meaning for every short form. */
export function environmentNames(
  root: Tree,
  { environments: known }: Platform,
): readonly Problem[] {
  return namesAt(root, ["environments"]).flatMap((name) => [
    ...(known === undefined || known.includes(name) ? [] : [noSuchEnvironment(name, known)]),
    ...parts.flatMap((part) => partProblems(root, ["environments", name], part)),
  ]);
}

function noSuchEnvironment(name: string, known: readonly string[]): Problem {
  const meant = nearest(name, known);
  return {
    code: "no-such-environment",
    message: `There is no environment ${quoted(name)}.`,
    hint:
      meant === undefined
        ? `The environments are ${known.join(", ")}.`
        : `Did you mean ${quoted(meant)}?`,
    path: ["environments", name],
    at: "key",
  };
}

interface Part {
  readonly kind: "containers" | "ingresses";
  readonly code: "no-such-container" | "no-such-ingress";
  readonly what: string;
  /** Short forms, which mean the only one. */
  readonly short: readonly string[];
}

const parts: readonly Part[] = [
  {
    kind: "containers",
    code: "no-such-container",
    what: "container",
    short: ["env", "cpu", "memory"],
  },
  { kind: "ingresses", code: "no-such-ingress", what: "ingress", short: ["hosts"] },
];

function partProblems(root: Tree, environment: Path, part: Part): readonly Problem[] {
  const names = namesAt(root, [part.kind]);
  const unknown = namesAt(root, [...environment, part.kind])
    .filter((name) => !names.includes(name) && nodeAt(root, [part.kind]) !== undefined)
    .map((name) => noSuchPart(name, names, environment, part));
  const ambiguous =
    names.length === 1
      ? []
      : part.short
          .filter((key) => nodeAt(root, [...environment, key]) !== undefined)
          .filter(() => names.length > 1 || part.kind === "ingresses")
          .map((key) => unclear(key, names, environment, part));
  return [...unknown, ...ambiguous];
}

function noSuchPart(
  name: string,
  names: readonly string[],
  environment: Path,
  part: Part,
): Problem {
  const meant = nearest(name, names) ?? (names.length === 1 ? names[0] : undefined);
  return {
    code: part.code,
    message: `The manifest has no ${part.what} ${quoted(name)}.`,
    hint:
      meant === undefined
        ? `It has ${names.map((each) => quoted(each)).join(", ") || "none"}.`
        : `Did you mean ${quoted(meant)}?`,
    path: [...environment, part.kind, name],
    at: "key",
  };
}

function unclear(key: string, names: readonly string[], environment: Path, part: Part): Problem {
  const [first = ""] = names;
  return names.length === 0
    ? {
        code: part.code,
        message: `The manifest has no ${part.what} for ${quoted(key)}.`,
        hint: `Add one, or remove ${key}.`,
        path: [...environment, key],
        at: "key",
      }
    : {
        code: "ambiguous-key",
        message: `${quoted(key)} could mean any of ${names.length} ${part.kind}.`,
        hint: `Say which: "${part.kind}": {"${first}": {"${key}": ...}}.`,
        path: [...environment, key],
        at: "key",
      };
}
