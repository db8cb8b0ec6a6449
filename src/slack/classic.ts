import type { types } from "@slack/bolt";
import { section } from "./blocks.ts";
import { columns } from "../text/columns.ts";
import { fenced, plain } from "./escape.ts";
import { excerpt } from "./excerpt.ts";
import { limits } from "./limits.ts";
import type { Block, Message } from "./message.ts";
import { preformattedText, tableRows } from "./read.ts";

/**
 * The same message in the blocks that Slack has always had, for a workspace that refuses newer ones
 * (facts/slack.md section 2: a refused block drops the whole message).
 */
export function classic(message: Message): Message {
  return { text: message.text, blocks: message.blocks.map(classicBlock) };
}

/** The last resort: the sentence alone. */
export function bare(message: Message): Message {
  return { text: message.text, blocks: [section(message.text)] };
}

/** True when {@link classic} would change it. */
export function usesNewBlocks({ blocks }: Message): boolean {
  return blocks.some((block) => classicBlock(block) !== block);
}

function classicBlock(block: Block): Block {
  if (block.type === "plan") return section(steps(block));
  if (block.type === "table") return fence(columns(tableRows(block)));
  const code = preformattedText(block);
  return code === undefined ? block : fence(code);
}

function fence(text: string): Block {
  const fits = (candidate: string): boolean => wrap(candidate).length <= limits.section;
  return section(wrap(excerpt(text, "first", fits)));
}

function wrap(text: string): string {
  return `\`\`\`\n${fenced(text)}\n\`\`\``;
}

const states: Readonly<Record<types.TaskCardBlock["status"], string>> = {
  complete: "Done",
  in_progress: "Now",
  pending: "Next",
  error: "Failed",
};

function steps({ tasks = [] }: types.PlanBlock): string {
  return tasks
    .filter(isTask)
    .map(({ status, title }) => `${states[status]}: ${plain(title)}`)
    .join("\n");
}

function isTask(task: types.TaskCardBlock | Record<string, unknown>): task is types.TaskCardBlock {
  return task["type"] === "task_card";
}
