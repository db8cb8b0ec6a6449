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

/**
 * What nobody sees and a phone or a copied text brings along: zero width, and marks of the direction. Inside a word it
 * would make another word of it.
 */
const hidden = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

const markup = /<(?:([@#!])([^|>]*)|([^|>]*))(?:\|([^>]*))?>/g;

/**
 * The words as the person typed them. Slack sends commands and messages escaped: `<@U1|dev>` for a
 * mention, `<http://a.example|a.example>` for an address, `&lt;` for `<`. Mentions become the id.
 */
export function typed(text: string): string {
  return text
    .replace(markup, (_all, sigil?: string, target = "", address = "", label?: string) => {
      if (sigil === "!") return special(target, label);
      if (sigil !== undefined) return target;
      return label === undefined || label === "" ? address.replace(/^mailto:/u, "") : label;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll(hidden, "");
}

/** `<!subteam^S1|@team>` is the id, `<!here>` the word, `<!date^...|noon>` what was shown. */
function special(target: string, label: string | undefined): string {
  if (target.startsWith("subteam^")) return target.slice("subteam^".length);
  return target.startsWith("date^") ? (label ?? target) : `@${target}`;
}
