import { cap } from "../text/cap.ts";
import { clean } from "../text/clean.ts";

/**
 * Text from outside, made harmless for mrkdwn and for a message's `text`: without control, bidi and
 * zero-width characters, and with `&`, `<`, `>` escaped, in that order, so that it can neither
 * mention nor link (docs.slack.dev/messaging/formatting-message-text#escaping).
 */
export function plain(text: string): string {
  return escapeMarkup(clean(text));
}

/** Like {@link plain} for text between code fences, where three backticks would end the fence. */
export function fenced(text: string): string {
  return plain(text).replaceAll("```", "'''");
}

function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** `cap` for finished markup: never cuts an entity, a mention or a link in two. */
export function capMarkup(text: string, max: number): string {
  return text.length <= max ? text : cap(text, max).replace(/(?:<[^>]*|&[a-z]*)…$/, "…");
}

/** A clickable address, or harmless text when it is no plain http(s) URL. */
export function link(address: string): string {
  const isWeb = /^https?:\/\/[^<>|\s]+$/.test(address) && clean(address) === address;
  return isWeb && URL.canParse(address) ? `<${escapeMarkup(address)}>` : plain(address);
}

const markup = /<(?:([@#!])([^|>]*)|([^|>]*))(?:\|([^>]*))?>/g;

/**
 * The words as the person typed them. Slack sends commands and messages escaped: `<@U1|dev>` for a
 * mention, `<http://a.example|a.example>` for an address, `&lt;` for `<`. Mentions become the id.
 */
export function typed(text: string): string {
  return text
    .replace(markup, (_all, sigil?: string, target = "", address = "", label?: string) => {
      if (sigil === "!") return target.startsWith("subteam^") ? target.slice(8) : `@${target}`;
      if (sigil !== undefined) return target;
      return label === undefined || label === "" ? address : label;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
