import { isObject, type Json } from "../../src/manifest/reading/tree.ts";
import type { Random } from "../random.ts";

/** JSON as programs and people lay it out. */
export function jsonText(value: Json, random: Random): string {
  const text = JSON.stringify(value, null, random.pick([0, 1, 2, 4, "\t"]));
  return random.chance(0.1) ? text.replaceAll("\n", "\r\n") : text;
}

/** YAML in blocks, every scalar in one of the styles that can hold it. */
export function yamlText(value: Json, random: Random): string {
  const start = random.chance(0.1) ? "---\n" : "";
  const body =
    collection(value) === "none" ? scalarText(value, random, false) : block(value, "", random);
  const text = `${start}${body}\n`;
  return random.chance(0.1) ? text.replaceAll("\n", "\r\n") : text;
}

/** YAML in brackets. */
export function flowText(value: Json, random: Random): string {
  const space = random.pick(["", " ", "\n  "]);
  if (Array.isArray(value)) {
    return `[${value.map((item: Json) => flowText(item, random)).join(`,${space}`)}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, member]) => `${scalarText(key, random, true)}: ${flowText(member, random)}`,
    );
    return `{${space}${members.join(`, ${space}`)}${space}}`;
  }
  return scalarText(value, random, true);
}

function collection(value: Json): "list" | "object" | "none" {
  if (Array.isArray(value)) {
    return value.length === 0 ? "none" : "list";
  }
  return isObject(value) && Object.keys(value).length > 0 ? "object" : "none";
}

function block(value: Json, indent: string, random: Random): string {
  const entries = Array.isArray(value)
    ? value.map((item: Json) => listItem(item, indent, random))
    : Object.entries(value ?? {}).map(([key, member]: [string, Json]) =>
        objectMember(key, member, indent, random),
      );
  const comment = random.chance(0.02) ? [`${indent}# ${random.pick(["a: b", "", "'"])}`] : [];
  return [...comment, ...entries].join("\n");
}

function objectMember(key: string, member: Json, indent: string, random: Random): string {
  const name = `${indent}${scalarText(key, random, true)}:`;
  const inner = indent + random.pick(["  ", "  ", "    "]);
  return collection(member) === "none" || random.chance(0.1)
    ? `${name} ${inline(member, inner, random)}`
    : `${name}\n${block(member, inner, random)}`;
}

function listItem(item: Json, indent: string, random: Random): string {
  const inner = `${indent}  `;
  return collection(item) === "none" || random.chance(0.1)
    ? `${indent}- ${inline(item, inner, random)}`
    : `${indent}- ${block(item, inner, random).slice(inner.length)}`;
}

/** A value after its key, on one line or as the lines below it. */
function inline(value: Json, indent: string, random: Random): string {
  if (typeof value !== "string" || !isPrintable(value) || value === "" || random.chance(0.9)) {
    return typeof value === "object" && value !== null
      ? flowText(value, random).replaceAll("\n", `\n${indent}`)
      : scalarText(value, random, false);
  }
  const header = random.pick(["|-", "|", ">-", "|+"]);
  return `${header}\n${value.replaceAll(/^/gmu, indent)}`;
}

function scalarText(value: Json, random: Random, inFlow: boolean): string {
  if (typeof value !== "string") {
    return JSON.stringify(value);
  }
  const canBePlain = /^[a-z/][\w./@-]*$/iu.test(value) && !isConstant(value);
  const canBeSingle = isPrintable(value) && !value.includes("\n");
  if (canBePlain && random.chance(inFlow ? 0.5 : 0.7)) {
    return value;
  }
  return canBeSingle && random.chance(0.3)
    ? `'${value.replaceAll("'", "''")}'`
    : JSON.stringify(value);
}

/** A word that YAML reads as something else than text. */
function isConstant(value: string): boolean {
  return /^(?:true|false|null)$/iu.test(value);
}

function isPrintable(value: string): boolean {
  return /^[\n\x20-\x7e]*$/u.test(value);
}
