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
  return block.rows.map((row) => row.map(cellText));
}

/** The text, or `@U0123` for a person. */
function cellText(cell: types.TableBlock["rows"][number][number]): string {
  if (cell.type === "raw_text") return cell.text;
  if (cell.type !== "rich_text") return "";
  const [section] = cell.elements;
  const [part] = section?.type === "rich_text_section" ? section.elements : [];
  return part?.type === "user" ? `@${part.user_id}` : "";
}
