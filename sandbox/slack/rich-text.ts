import type { Check } from "./schema.ts";
import { anything, array, boolean, integer, object, oneOf, string, tagged } from "./schema.ts";

/** The `rich_text` block: lists, quotes, preformatted text and the inline elements in them. */

const many = Number.POSITIVE_INFINITY;

const style = object({
  optional: {
    bold: boolean,
    italic: boolean,
    strike: boolean,
    code: boolean,
    underline: boolean,
    highlight: boolean,
    client_highlight: boolean,
    unlink: boolean,
  },
});

const inline = (
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check => object({ required: { type: anything, ...required }, optional: { style, ...optional } });

const text = inline({ text: string(many, 1) });
const link = inline({ url: string(many, 1) }, { text: string(), unsafe: boolean });

const inlineElement = tagged({
  text,
  link,
  user: inline({ user_id: string() }),
  usergroup: inline({ usergroup_id: string() }),
  channel: inline({ channel_id: string() }),
  team: inline({ team_id: string() }),
  broadcast: inline({ range: oneOf("here", "channel", "everyone") }),
  color: inline({ value: string() }),
  emoji: inline({ name: string() }, { unicode: string(), skin_tone: anything, url: string() }),
  date: inline(
    { timestamp: integer(0, Number.MAX_SAFE_INTEGER), format: string() },
    { fallback: string(), url: string() },
  ),
});

const border = integer(0, 1);
const section = object({ required: { type: anything, elements: array(inlineElement, many) } });

const element = tagged({
  rich_text_section: section,
  rich_text_list: object({
    required: {
      type: anything,
      style: oneOf("bullet", "ordered"),
      elements: array(tagged({ rich_text_section: section }), many),
    },
    optional: { indent: integer(0, 8), offset: integer(0, Number.MAX_SAFE_INTEGER), border },
  }),
  rich_text_quote: object({
    required: { type: anything, elements: array(inlineElement, many) },
    optional: { border },
  }),
  rich_text_preformatted: object({
    required: { type: anything, elements: array(tagged({ text, link }), many) },
    optional: { border, language: string() },
  }),
});

export const richText: Check = object({
  required: { type: anything, elements: array(element, many) },
  optional: { block_id: string(255, 1) },
});
