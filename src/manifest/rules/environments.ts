import { quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import type { Platform } from "../platform.ts";
import type { Path, Problem } from "../problem.ts";
import { isObject, nodeAt, type Tree } from "../reading/tree.ts";
import { labelName } from "../schema/names.ts";
import { few } from "./few.ts";
import { namesAt, valueAt } from "./places.ts";

/** Environments differ in what there is: no mistaken name, one meaning for every short form. */
export function environmentNames(root: Tree, platform: Platform): readonly Problem[] {
  return namesAt(root, ["environments"]).flatMap((name) => [
    ...mistaken(name, platform),
    ...parts.flatMap((part) => partProblems(root, ["environments", name], part)),
  ]);
}

/**
 * A name so near to one that the platform has that it must be a slip. A name far from all of them is
 * another installation's: one manifest may go to several.
 */
function mistaken(name: string, { environments: known = [] }: Platform): readonly Problem[] {
  const meant = known.includes(name) || !isName(name) ? undefined : nearest(name, known);
  return meant === undefined
    ? []
    : [
        {
          code: "no-such-environment",
          message: `There is no environment ${quoted(name)}.`,
          hint: `Did you mean ${quoted(meant)}?`,
          path: ["environments", name],
          at: "key",
        },
      ];
}

const label = labelName("a part");

/** Names that the schema refuses are told of already. */
function isName(name: string): boolean {
  return label.safeParse(name).success;
}

/** Environments that count nowhere on this platform. */
export function unusedEnvironments(
  root: Tree,
  { environments: known }: Platform,
): readonly Problem[] {
  return known === undefined
    ? []
    : namesAt(root, ["environments"])
        .filter((name) => !known.includes(name))
        .map((name) => ({
          code: "unused-environment",
          message: `docc has no environment ${quoted(name)} here: what differs there counts elsewhere.`,
          hint: `The environments are ${few(known)}.`,
          path: ["environments", name],
          at: "key",
        }));
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
  const names = namesOf(root, part);
  if (names === undefined) {
    return [];
  }
  const unknown = namesAt(root, [...environment, part.kind])
    .filter((name) => !names.includes(name) && isName(name))
    .map((name) => noSuchPart(name, names, environment, part));
  const ambiguous =
    names.length === 1
      ? []
      : part.short
          .filter((key) => nodeAt(root, [...environment, key]) !== undefined)
          .map((key) => unclear(key, names, environment, part));
  return [...unknown, ...ambiguous];
}

/** What an environment can name; undefined where that was refused already. */
function namesOf(root: Tree, { kind }: Part): readonly string[] | undefined {
  const names = namesAt(root, [kind]);
  if (kind === "containers") {
    return names.length === 0 ? undefined : names;
  }
  const isRefused = nodeAt(root, [kind]) !== undefined && !isObject(valueAt(root, [kind]));
  return isRefused ? undefined : names;
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
    hint: meant === undefined ? choices(names, part) : `Did you mean ${quoted(meant)}?`,
    path: [...environment, part.kind, name],
    at: "key",
  };
}

function choices(names: readonly string[], { what }: Part): string {
  return names.length === 0 ? `It has no ${what} at all.` : `It has ${few(names)}.`;
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
        hint: `Say which: "${part.kind}": {${quoted(first)}: {"${key}": ...}}.`,
        path: [...environment, key],
        at: "key",
      };
}
