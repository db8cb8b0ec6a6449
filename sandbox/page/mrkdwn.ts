import { unescape } from "../slack/text.ts";
import type { Names } from "../slack/text.ts";
import { element, link } from "./markup.ts";
import type { Markup } from "./markup.ts";

/**
 * Slack's `mrkdwn` as markup: bold, italic, strike, code, fences, quotes, mentions, links, dates.
 * Rules: https://docs.slack.dev/messaging/formatting-message-text. Pure.
 */
export function mrkdwn(text: string, names: Names): readonly Markup[] {
  return split(
    text,
    fence,
    (code) => element("pre", {}, literal(code)),
    (prose) => lines(prose, names),
  );
}

const fence = /```\n?([\s\S]+?)\n?```/g;

/** Quoted lines stand together; the others keep their line breaks by the style sheet. */
function lines(text: string, names: Names): readonly Markup[] {
  const markup: Markup[] = [];
  for (const [block, isQuote] of groups(text)) {
    if (isQuote) markup.push(element("blockquote", {}, inline(block, names)));
    else markup.push(...inline(block, names));
  }
  return markup;
}

const quoted = /^(?:&gt;|>) ?/;

function groups(text: string): readonly (readonly [text: string, isQuote: boolean])[] {
  const found: [string, boolean][] = [];
  for (const line of text.split("\n")) {
    const isQuote = quoted.test(line);
    const words = isQuote ? line.replace(quoted, "") : line;
    const last = found.at(-1);
    if (last?.[1] === isQuote) last[0] += `\n${words}`;
    else found.push([words, isQuote]);
  }
  return found;
}

const code = /`([^`\n]+)`/g;
const reference = /<([^<>\n]+)>/g;
const styles = [
  [/(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/g, "b"],
  [/(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])/g, "em"],
  [/(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])/g, "s"],
] as const;

/** Code first, so that no mark within it counts. */
function inline(text: string, names: Names): readonly Markup[] {
  return split(
    text,
    code,
    (inner) => element("code", {}, literal(inner)),
    (prose) => styled(prose, names, 0),
  );
}

function styled(text: string, names: Names, depth: number): readonly Markup[] {
  const style = styles[depth];
  if (style === undefined) {
    return split(
      text,
      reference,
      (inner) => mention(inner, names),
      (words) => [unescape(words)],
    );
  }
  const [pattern, tag] = style;
  return split(
    text,
    pattern,
    (inner) => element(tag, {}, styled(inner, names, depth + 1)),
    (words) => styled(words, names, depth + 1),
  );
}

/** Code shows what is written, except that a link in it is shown by its label. */
function literal(text: string): string {
  return unescape(
    text.replaceAll(
      /<([^<>|\n]+)(?:\|([^<>\n]*))?>/g,
      (_, target: string, label?: string) => label ?? target,
    ),
  );
}

function mention(inside: string, names: Names): Markup {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : unescape(inside.slice(bar + 1));
  const id = target.slice(1);
  const named = (sign: string, key: string): Markup =>
    element(
      "span",
      { class: "mention" },
      `${sign}${names(key) ?? label?.replace(/^[@#]/, "") ?? key}`,
    );
  if (target.startsWith("@")) return named("@", id);
  if (target.startsWith("#")) return named("#", id);
  if (target.startsWith("!subteam^")) return named("@", target.slice("!subteam^".length));
  if (target.startsWith("!date^")) return label ?? target;
  if (target.startsWith("!")) return element("span", { class: "mention" }, `@${id}`);
  const address = unescape(target);
  return link(address, [label ?? address.replace(/^mailto:/, "")]);
}

/** Cuts `text` at each match of `pattern` and draws what matched, by its first group, and the rest. */
function split(
  text: string,
  pattern: RegExp,
  draw: (inner: string) => Markup,
  rest: (between: string) => readonly Markup[],
): readonly Markup[] {
  const markup: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) markup.push(...rest(text.slice(end, match.index)));
    markup.push(draw(match[1] ?? ""));
    end = match.index + match[0].length;
  }
  if (end < text.length) markup.push(...rest(text.slice(end)));
  return markup;
}
