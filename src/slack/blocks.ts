import type { types } from "@slack/bolt";
import { cap } from "../text/cap.ts";
import { clean } from "../text/clean.ts";
import { capMarkup } from "./escape.ts";
import { limits } from "./limits.ts";
import type { Block } from "./message.ts";

/**
 * Builders of blocks, each within its own limits. `mrkdwn` parameters are finished mrkdwn: text from
 * outside has gone through escape.ts. `text` parameters are raw; Slack shows them as they are.
 */

/** Slack refuses every empty text. */
function filled(text: string): string {
  return text === "" ? " " : text;
}

/** `verbatim` stops Slack from making links and mentions out of plain words. */
function mrkdwn(text: string): types.MrkdwnElement {
  return { type: "mrkdwn", text: filled(capMarkup(text, limits.section)), verbatim: true };
}

export function section(text: string): types.SectionBlock {
  return { type: "section", text: mrkdwn(text) };
}

/** @param text raw; a screen reader finds its way by it */
export function header(text: string): types.HeaderBlock {
  return { type: "header", text: { type: "plain_text", text: filled(cap(text, limits.header)) } };
}

export function context(...texts: readonly string[]): types.ContextBlock {
  return { type: "context", elements: texts.slice(0, limits.contextElements).map(mrkdwn) };
}

/** A button that stands for a command already typed; `label` is what a screen reader says. */
export function button(options: {
  readonly action: string;
  readonly text: string;
  readonly value: string;
  readonly label: string;
  readonly style?: "primary" | "danger";
  /** What Slack asks before it sends the click on. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}): types.Button {
  const { confirm, style } = options;
  return {
    type: "button",
    ...(style === undefined ? {} : { style }),
    action_id: options.action,
    text: { type: "plain_text", text: cap(options.text, limits.button) },
    value: options.value,
    accessibility_label: cap(clean(options.label), limits.accessibilityLabel),
    ...(confirm === undefined ? {} : { confirm: dialog(confirm) }),
  };
}

/** A button that opens an https address, which has been checked. */
export function linkButton(options: {
  readonly action: string;
  readonly text: string;
  readonly url: string;
  readonly label: string;
}): types.Button {
  return {
    type: "button",
    action_id: options.action,
    text: { type: "plain_text", text: cap(options.text, limits.button) },
    url: options.url,
    accessibility_label: cap(clean(options.label), limits.accessibilityLabel),
  };
}

function dialog(words: {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
}): types.ConfirmationDialog {
  const text = (raw: string, max: number): types.PlainTextElement => ({
    type: "plain_text",
    text: filled(cap(clean(raw), max)),
  });
  return {
    title: text(words.title, limits.confirmTitle),
    text: text(words.text, limits.confirmText),
    confirm: text(words.yes, limits.confirmButton),
    deny: text("Cancel", limits.confirmButton),
  };
}

export function actions(...elements: readonly types.Button[]): types.ActionsBlock {
  return { type: "actions", elements: elements.slice(0, limits.actions) };
}

/** Monospaced text that Slack parses nothing of. */
export function preformatted(text: string): types.RichTextBlock {
  return {
    type: "rich_text",
    elements: [
      { type: "rich_text_preformatted", elements: [{ type: "text", text: filled(text) }] },
    ],
  };
}

/** @param named Slack user ids: a cell that is `@U0123` for one of them shows who that is. */
export function table(
  rows: readonly (readonly string[])[],
  named: readonly string[] = [],
): types.TableBlock {
  const cell = (text: string): types.RawTextElement | types.RichTextBlock => {
    const id = named.find((each) => text === `@${each}`);
    return id === undefined
      ? { type: "raw_text", text: filled(cap(text, limits.tableCell)) }
      : personCell(id);
  };
  return { type: "table", rows: rows.map((row) => row.map(cell)) };
}

function personCell(id: string): types.RichTextBlock {
  return {
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "user", user_id: id }] }],
  };
}

/** Characters of a block as {@link limits.message} counts them. */
export function sizeOf(blocks: readonly Block[] | Block): number {
  return JSON.stringify(blocks).length;
}
