import type { z } from "zod";
import { type Document, isMap, isScalar, isSeq, type Node } from "yaml";
import { quoted } from "./text/clean.ts";
import { nearest } from "./text/nearest.ts";

/** The part of a JSON Schema that tells which keys a table has. */
export interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape;
}

const longestPath = 150;

/** What is wrong with `docc.yaml`, in one sentence that names the key and never shows a value. */
export function sayIssue(issue: z.core.$ZodIssue, shape: Shape): string {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const close = nearest(key, keysAt(shape, issue.path));
    const also = close === undefined ? "" : ` Did you mean ${close}?`;
    return `${quoted(at === "" ? key : `${at}.${key}`, longestPath)} is not a key of docc.yaml.${also}`;
  }
  return `${at === "" ? "the file" : quoted(at, longestPath)} ${sayWhy(issue)}.`;
}

/** The path of an issue, as far as to the very key that it is about. */
export function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
}

/** Where in the text the last key of a path is that the document has; 0 where it has none. */
export function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node = document.contents;
  let offset = 0;
  for (const key of path) {
    const next = child(node, key);
    if (next === undefined) return offset;
    ({ node, offset } = next);
  }
  return offset;
}

function child(
  node: Node | null,
  key: PropertyKey,
): { readonly node: Node | null; readonly offset: number } | undefined {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { node: item, offset: item.range?.[0] ?? 0 };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
  return pair === undefined ? undefined : { node: pair.value, offset: pair.key.range?.[0] ?? 0 };
}

/** The schema's own messages are what the key takes: "a duration such as ...". */
function sayWhy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return sayType(issue.expected, issue.message);
    case "invalid_value":
      return `takes one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return issue.origin === "string" ? "is empty" : `takes ${issue.minimum} or more`;
    case "too_big":
      return `takes at most ${issue.maximum}${issue.origin === "array" ? " entries" : ""}`;
    case "invalid_key":
      return `takes ${issue.issues[0]?.message ?? "another name"}`;
    default:
      return `takes ${issue.message}`;
  }
}

const types: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "keys with values",
  record: "keys with values",
};

function sayType(expected: string, message: string): string {
  const received = /^Invalid input: expected \w+, received (?<received>\w+)$/u.exec(message);
  switch (received?.groups?.["received"]) {
    // The schema's own words.
    case undefined:
      return `takes ${message}`;
    case "undefined":
      return "is missing";
    case "null":
      return "is empty";
    default:
      return `takes ${types[expected] ?? expected}`;
  }
}

function keysAt(shape: Shape, path: readonly PropertyKey[]): readonly string[] {
  let table: Shape | undefined = shape;
  for (const key of path) {
    table = table?.properties?.[String(key)] ?? table?.additionalProperties;
  }
  return Object.keys(table?.properties ?? {});
}
