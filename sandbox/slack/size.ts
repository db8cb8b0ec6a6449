import { isObject } from "./json.ts";
import { limits } from "./limits.ts";

/** Fields that hold words a person reads; identifiers and values do not count. */
const readable = new Set(["text", "title", "subtitle", "caption", "alt_text", "fallback"]);

/** The characters that a person would read in this JSON: the strings of its text fields. */
export function characters(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce((sum: number, item: unknown) => sum + characters(item), 0);
  }
  if (!isObject(value)) {
    return 0;
  }
  return Object.entries(value).reduce(
    (sum, [key, field]) =>
      sum + (typeof field === "string" && readable.has(key) ? field.length : characters(field)),
    0,
  );
}

/** What a message costs against Slack's undocumented limit on all its blocks together. */
export function messageCost(blocks: readonly unknown[]): number {
  return characters(blocks) + blocks.length * limits.blockOverheadCharacters;
}
