import type { types } from "@slack/bolt";
import type { Block } from "./message.ts";

/** Reads back the text of blocks that blocks.ts built; other blocks give undefined. */

export function preformattedText(block: Block): string | undefined {
  if (block.type !== "rich_text") return undefined;
  const [element] = block.elements;
  if (element?.type !== "rich_text_preformatted") return undefined;
  return element.elements.map((part) => (part.type === "text" ? part.text : "")).join("");
}

export function tableRows(block: types.TableBlock): readonly (readonly string[])[] {
  return block.rows.map((row) => row.map((cell) => (cell.type === "raw_text" ? cell.text : "")));
}
