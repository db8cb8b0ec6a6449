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

/** A time in the reader's own zone, which calls nobody and leads nowhere. */
const time = /^<!date\^\d+\^\{date_short_pretty\} \{time\}\|[-\d: ]+ UTC>$/u;

/** A live mention, broadcast or link that is not one of ours, in a field that Slack parses. */
function liveMarkup(message: Message, ours: readonly string[]): readonly string[] {
  const parsed = message.blocks.flatMap((block) => {
    if (block.type === "section") return [block.text?.text ?? ""];
    if (block.type !== "context") return [];
    return block.elements.map((element) => (element.type === "mrkdwn" ? element.text : ""));
  });
  const found = [message.text, ...parsed].flatMap((field) => field.match(/<[^>]*>?/g) ?? []);
  return found.filter((markup) => !ours.includes(markup) && !time.test(markup));
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

/** What nobody sees, and what turns the direction of a text around. */
const invisible =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u;
/** What nobody reads: the commands and ids that buttons and forms carry. */
const unread = new Set(["value", "private_metadata", "action_id", "block_id", "callback_id"]);
/** Elements of rich text that mention or lead somewhere. */
const live = new Set(["user", "usergroup", "channel", "broadcast", "link"]);

/**
 * Nothing that a person reads of a message or view has a character that hides or forges, and rich text mentions nobody
 * but `named`.
 */
export function isHarmless(shown: object, named: readonly string[] = []): void {
  const found: string[] = [];
  const walk = (node: unknown, key: string): void => {
    if (typeof node === "string") {
      if (!unread.has(key) && invisible.test(node)) found.push(JSON.stringify(node));
    } else if (Array.isArray(node)) {
      for (const each of node) walk(each, key);
    } else if (typeof node === "object" && node !== null) {
      const { type, user_id: user } = node as { type?: unknown; user_id?: unknown };
      if (live.has(String(type))) expect(named).toContain(user);
      for (const [name, each] of Object.entries(node)) walk(each, name);
    }
  };
  walk(shown, "");
  expect(found).toEqual([]);
}

/** Somebody who hears or reads nothing but `text` is told something, as a sentence; an address may follow it. */
export function saysSomething({ text }: Pick<Message, "text">): void {
  const [sentence = ""] = text.split("\n");
  expect(sentence.replace(/ <https?:[^>]*>$/u, "")).toMatch(/(?:\S[.!?:]|…)$/u);
}
