import { expect } from "vitest";
import { refuseMessageBlocks } from "../../sandbox/slack/validate.ts";
import { sizeOf } from "../../src/slack/blocks.ts";
import { bare, classic } from "../../src/slack/classic.ts";
import { limits } from "../../src/slack/limits.ts";
import type { Message } from "../../src/slack/message.ts";

/** What strangers may write to call people, to pretend, or to break out. */
export const nasty = [
  "<!channel>",
  "<@UAPPROVER>",
  "<!subteam^SKUBECON>",
  "<https://evil.example|login>",
  "https://evil.example",
  "```",
  "`",
  "&lt;!here&gt;",
  "&",
  "<",
  ">",
  "\u202e",
  "\u200b",
  "\u001b[31m",
  "\u0000",
  "*",
  "\n",
  "\uD800",
  "|",
  "@channel",
];

/** A live mention, broadcast or link that is not one of ours, in a field that Slack parses. */
function liveMarkup(message: Message, ours: readonly string[]): readonly string[] {
  const parsed = message.blocks.flatMap((block) => {
    if (block.type === "section") return [block.text?.text ?? ""];
    if (block.type !== "context") return [];
    return block.elements.map((element) => (element.type === "mrkdwn" ? element.text : ""));
  });
  const found = [message.text, ...parsed].flatMap((field) => field.match(/<[^>]*>?/g) ?? []);
  return found.filter((markup) => !ours.includes(markup));
}

/** Slack takes it in each of its forms, whole, with no markup but `ours`. */
export function isAccepted(message: Message, ours: readonly string[] = []): void {
  for (const form of [message, classic(message), bare(message)]) {
    expect(refuseMessageBlocks(JSON.parse(JSON.stringify(form.blocks)))).toBeUndefined();
    expect(form.text.length).toBeLessThanOrEqual(limits.text);
    expect(liveMarkup(form, ours)).toEqual([]);
    for (const block of form.blocks) {
      if (block.type === "section" && block.text?.type === "mrkdwn")
        expect(block.text.verbatim).toBe(true);
    }
  }
  expect(message.text.trim()).not.toBe("");
  expect(sizeOf(message.blocks)).toBeLessThanOrEqual(limits.message);
}
