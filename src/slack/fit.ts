import type { types } from "@slack/bolt";
import { context, preformatted, sizeOf, table } from "./blocks.ts";
import { capMarkup } from "./escape.ts";
import { excerpt } from "./excerpt.ts";
import { limits } from "./limits.ts";
import type { Block, Message } from "./message.ts";
import { preformattedText } from "./read.ts";

/**
 * The message within Slack's limits. Rows and lines are cut, and their number is told; the buttons
 * never are: a plan without its buttons could not be acted on.
 */
export function fit({ text, blocks }: Message): Message {
  return { text: capMarkup(text, limits.text), blocks: withinSize(withinCount(blocks)) };
}

function withinCount(blocks: readonly Block[]): readonly Block[] {
  if (blocks.length <= limits.blocks) return blocks;
  const buttons = blocks.filter(isActions).length;
  const others = blocks.filter((block) => !isActions(block)).slice(0, limits.blocks - buttons - 1);
  const left = blocks.length - buttons - others.length;
  const kept = blocks.filter((block) => isActions(block) || others.includes(block));
  const at = kept.findLastIndex((block) => !isActions(block)) + 1;
  return kept.toSpliced(at, 0, context(`(${left} more parts are left out)`));
}

/** Takes what is too much from the largest part, then from the next. */
function withinSize(blocks: readonly Block[]): readonly Block[] {
  const excess = sizeOf(blocks) - limits.message;
  if (excess <= 0) return blocks;
  const sizes = blocks.map((block) => (isActions(block) ? 0 : sizeOf(block)));
  const at = sizes.indexOf(Math.max(...sizes));
  const largest = blocks[at];
  if (largest === undefined || isActions(largest)) return blocks;
  const smaller = shrink(largest, sizeOf(largest) - excess);
  return withinSize(blocks.toSpliced(at, 1, ...(smaller === undefined ? [] : [smaller])));
}

/** The block in at most `size` characters of JSON; undefined when nothing useful is left of it. */
function shrink(block: Block, size: number): Block | undefined {
  const fits = (candidate: Block): boolean => sizeOf(candidate) <= size;
  const found = smaller(block, fits, size);
  return found !== undefined && fits(found) ? found : undefined;
}

function smaller(
  block: Block,
  fits: (candidate: Block) => boolean,
  size: number,
): Block | undefined {
  const code = preformattedText(block);
  if (code !== undefined) {
    return preformatted(excerpt(code, "first", (candidate) => fits(preformatted(candidate))));
  }
  if (block.type === "table") return fewerRows(block, fits);
  if (block.type === "section" && block.text !== undefined) {
    const overhead = sizeOf(block) - block.text.text.length;
    const text = capMarkup(block.text.text, size - overhead);
    return text === "" ? undefined : { ...block, text: { ...block.text, text } };
  }
  return undefined;
}

function fewerRows(
  block: types.TableBlock,
  fits: (candidate: Block) => boolean,
): Block | undefined {
  const { rows } = block;
  for (let kept = rows.length - 1; kept > 1; kept -= 1) {
    const blank = rows[0]?.slice(1).map(() => "") ?? [];
    const more = table([[`${rows.length - kept} more`, ...blank]]);
    const candidate = { ...block, rows: [...rows.slice(0, kept), ...more.rows] };
    if (fits(candidate)) return candidate;
  }
  return undefined;
}

function isActions(block: Block): boolean {
  return block.type === "actions";
}
