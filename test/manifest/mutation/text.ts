import {
  Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Pair,
  parseDocument,
  Scalar,
  YAMLMap,
  YAMLSeq,
} from "yaml";
import { type Path, pathText } from "../../../src/manifest/problem.ts";

/** Data as it is written down: the keys of an object in order, and one perhaps twice. */
export type Written =
  | { readonly entries: readonly (readonly [string, Written])[] }
  | { readonly items: readonly Written[] }
  | { readonly scalar: string | number | boolean | null };

export function written(data: unknown): Written {
  if (Array.isArray(data)) {
    return { items: data.map(written) };
  }
  if (typeof data === "object" && data !== null) {
    return { entries: Object.entries(data).map(([key, member]) => [key, written(member)]) };
  }
  if (typeof data === "string" || typeof data === "number" || typeof data === "boolean") {
    return { scalar: data };
  }
  return { scalar: null };
}

/** `line:column`, both from 1. */
type Place = string;

/** Where something stands: its value and, in an object, its key. */
interface Standing {
  readonly value: Place;
  readonly key?: Place;
}

/** A text, and where each path of it stands; a key that is there twice stands at two places. */
export interface Text {
  readonly text: string;
  readonly standing: ReadonlyMap<string, readonly Standing[]>;
}

/** JSON over many lines. Places come from writing it, without any parser. */
export function json(data: Written): Text {
  const writer = new Writer();
  writer.value(data, [], "", undefined);
  return { text: writer.text, standing: writer.standing };
}

class Writer {
  text = "";
  readonly standing = new Map<string, Standing[]>();

  value(data: Written, path: Path, indent: string, key: Place | undefined): void {
    note(this.standing, path, { value: this.#place(), ...(key === undefined ? {} : { key }) });
    if ("scalar" in data) {
      this.text += JSON.stringify(data.scalar);
    } else if ("items" in data) {
      this.#between("[]", data.items, indent, (item, index, inner) =>
        this.value(item, [...path, index], inner, undefined),
      );
    } else {
      this.#between("{}", data.entries, indent, ([name, member], _index, inner) => {
        const at = this.#place();
        this.text += `${JSON.stringify(name)}: `;
        this.value(member, [...path, name], inner, at);
      });
    }
  }

  #between<Item>(
    brackets: "[]" | "{}",
    items: readonly Item[],
    indent: string,
    write: (item: Item, index: number, indent: string) => void,
  ): void {
    const inner = `${indent}  `;
    this.text += brackets.charAt(0);
    items.forEach((item, index) => {
      this.text += `${index === 0 ? "" : ","}\n${inner}`;
      write(item, index, inner);
    });
    this.text += `${items.length === 0 ? "" : `\n${indent}`}${brackets.charAt(1)}`;
  }

  #place(): Place {
    const before = this.text.split("\n");
    return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
  }
}

/** YAML as people write it. Places come from the ranges of the yaml package's documents. */
export function yaml(data: Written): Text {
  const document = new Document();
  document.contents = node(data);
  const text = document.toString({ lineWidth: 0 });
  const lines = new LineCounter();
  const read = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const standing = new Map<string, Standing[]>();
  notePlaces(read.contents, [], undefined, standing, (offset) => {
    const { line, col } = lines.linePos(offset);
    return `${line}:${col}`;
  });
  return { text, standing };
}

function node(data: Written): Scalar | YAMLSeq | YAMLMap {
  if ("scalar" in data) {
    const scalar = new Scalar(data.scalar);
    // The writer gets lines of white space alone wrong, and readers skip a mark of byte order.
    const isOdd = typeof data.scalar === "string" && /^\s*$|\ufeff/u.test(data.scalar);
    return isOdd ? Object.assign(scalar, { type: Scalar.QUOTE_DOUBLE }) : scalar;
  }
  if ("items" in data) {
    const list = new YAMLSeq();
    list.items = data.items.map(node);
    return list;
  }
  const map = new YAMLMap();
  map.items = data.entries.map(([key, member]) => new Pair(new Scalar(key), node(member)));
  return map;
}

function notePlaces(
  at: unknown,
  path: Path,
  key: Place | undefined,
  standing: Map<string, Standing[]>,
  placeOf: (offset: number) => Place,
): void {
  if (!isMap(at) && !isSeq(at) && !isScalar(at)) {
    return;
  }
  const value = placeOf(at.range?.[0] ?? 0);
  note(standing, path, { value, ...(key === undefined ? {} : { key }) });
  if (isSeq(at)) {
    at.items.forEach((item, index) =>
      notePlaces(item, [...path, index], undefined, standing, placeOf),
    );
  } else if (isMap(at)) {
    for (const { key: name, value: member } of at.items) {
      if (isScalar(name)) {
        const keyPlace = placeOf(name.range?.[0] ?? 0);
        notePlaces(member, [...path, String(name.value)], keyPlace, standing, placeOf);
      }
    }
  }
}

function note(standing: Map<string, Standing[]>, path: Path, where: Standing): void {
  const at = pathText(path);
  standing.set(at, [...(standing.get(at) ?? []), where]);
}
