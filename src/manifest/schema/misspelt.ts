import { z } from "zod";
import { quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import type { Path, Problem } from "../problem.ts";
import { type Tree, valueOf } from "../reading/tree.ts";
import { schemaAt } from "./at.ts";
import { knownKeys, unknownKey } from "./issues.ts";

/** Unknown keys of one object that may be slips; beyond them the file is something else. */
const MOST_SLIPS = 100;

/** What people write who come from Kubernetes, Compose or Helm. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["app", "application"],
  ["name", "application"],
  ["owner", "maintainer"],
  ["replicas", "scale"],
  ["instances", "scale"],
  ["tag", "image_tag"],
  ["version", "image_tag"],
  ["digest", "image_digest"],
  ["entrypoint", "command"],
  ["environment", "env"],
  ["healthcheck", "health"],
  ["probe", "health"],
  ["mem", "memory"],
  ["ingress", "ingresses"],
  ["minReplicas", "min"],
  ["maxReplicas", "max"],
  ["hostnames", "hosts"],
]);

function synonymOf(key: string, left: ReadonlySet<string>): string | undefined {
  const meant = synonyms.get(key);
  return meant !== undefined && left.has(meant) ? meant : undefined;
}

/** A tree and what is wrong with the spelling of its keys. */
export interface Respelt {
  readonly tree: Tree;
  readonly problems: readonly Problem[];
}

/**
 * The tree with every misspelt key put right where only one key is near and not there yet: one slip is
 * one finding, and not also a key that is missing, a port that nobody lists, a certificate that nobody
 * asked for. Everything stays at its place in the text.
 */
export function respelt(root: Tree): Respelt {
  const problems: Problem[] = [];
  return { tree: respeltAt(root, [], problems), problems };
}

function respeltAt(node: Tree, path: Path, problems: Problem[]): Tree {
  if (node.children.size === 0) {
    return node;
  }
  const names = respeltNames(node, path, problems);
  const children = new Map(
    [...node.children].map(([key, child]) => {
      const name = names.get(key) ?? key;
      return [name, respeltAt(child, [...path, name], problems)] as const;
    }),
  );
  return { ...node, value: valueOf(children, Array.isArray(node.value)), children };
}

/** The right names of an object's misspelt keys. */
function respeltNames(
  { value, children }: Tree,
  path: Path,
  problems: Problem[],
): ReadonlyMap<string | number, string> {
  const schema = schemaAt(path, value);
  const names = new Map<string | number, string>();
  if (!(schema instanceof z.ZodObject)) {
    return names;
  }
  const left = new Set(knownKeys(schema).filter((key) => !children.has(key)));
  const unknown = [...children].filter(([key]) => !Object.hasOwn(schema.shape, key));
  for (const [key, { keyOffset }] of unknown.slice(0, MOST_SLIPS)) {
    const meant = synonymOf(String(key), left) ?? nearest(String(key), left);
    if (meant !== undefined) {
      left.delete(meant);
      names.set(key, meant);
      const hint = `Did you mean ${quoted(meant)}?`;
      problems.push({ ...unknownKey(String(key), path, hint), at: keyOffset });
    }
  }
  return names;
}
