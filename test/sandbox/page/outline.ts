import type { Markup } from "../../../sandbox/page/markup.ts";

/**
 * Markup on one line, for tests: tags in angle brackets, links with their address, mentions as their
 * words. Angle brackets of the text itself become ‹ and ›, so that none can be mistaken for a tag.
 */
export function outline(markup: readonly Markup[]): string {
  return markup.map(draw).join("");
}

function draw(piece: Markup): string {
  if (typeof piece === "string") return piece.replaceAll("<", "‹").replaceAll(">", "›");
  const inside = outline(piece.children);
  const { href } = piece.attributes;
  if (piece.tag === "span") return inside;
  return `<${piece.tag}${href === undefined ? "" : ` ${String(href)}`}>${inside}</${piece.tag}>`;
}
