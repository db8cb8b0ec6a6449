import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import { blocks, code, table } from "./markdown.ts";

/** Who writes a file: the application's developer, or once for all the people of the platform. */
const written: readonly { readonly name: string; readonly what: string; readonly by: string }[] = [
  { name: "docc", what: "docc, manifest", by: "developer" },
  { name: "helm", what: "Helm, values", by: "developer" },
  { name: "score", what: "Score, workload", by: "developer" },
  { name: "kubernetes", what: "Kubernetes, objects", by: "developer" },
  { name: "docc-platform", what: "docc, an environment of `docc.yaml`", by: "platform" },
  { name: "helm-platform", what: "Helm, added to the chart of `helm create`", by: "platform" },
  { name: "score-platform", what: "Score, provisioners and patches", by: "platform" },
];

/** The counts of the page's own blocks. */
export function peerTable(page: string): string {
  const rows = written.map(({ name, what, by }) => {
    const text = peer(page, name);
    const decisions = by === "developer" ? String(decisionsOf(text)) : "";
    return [what, by, String(linesOf(text)), decisions];
  });
  return table(["file", "written by", "lines", "decisions"], rows);
}

/**
 * A file of the comparison, as it stands on the page: a fence with `peer=NAME` behind it.
 * @throws where the page has no such block
 */
export function peer(page: string, name: string): string {
  const found = blocks(page).find(({ info }) => info.endsWith(` peer=${name}`));
  if (found === undefined) {
    throw new Error(`docs/manifest.md has no block ${code(`peer=${name}`)}.`);
  }
  return found.text;
}

/** Lines that say something: neither blank, nor a comment, nor a mark between documents. */
export function linesOf(text: string): number {
  return text.split("\n").filter((line) => !/^\s*(?:#.*|---)?$/u.test(line)).length;
}

/** Values that somebody had to choose: the scalars of the file that are no keys. */
export function decisionsOf(text: string): number {
  return parseAllDocuments(text).reduce(
    (sum, document) => sum + scalarsOf("contents" in document ? document.contents : null),
    0,
  );
}

function scalarsOf(node: unknown): number {
  if (isMap(node)) {
    return node.items.reduce((sum, { value }) => sum + scalarsOf(value), 0);
  }
  if (isSeq(node)) {
    return node.items.reduce<number>((sum, item) => sum + scalarsOf(item), 0);
  }
  return isScalar(node) || isAlias(node) ? 1 : 0;
}
