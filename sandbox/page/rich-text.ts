import { isObject, numberAt, objectAt, objectsAt, stringAt } from "../slack/json.ts";
import type { JsonObject } from "../slack/json.ts";
import type { Names } from "../slack/text.ts";
import { element, link } from "./markup.ts";
import type { Markup, Tag } from "./markup.ts";

/** The inside of a `rich_text` block as markup. Nothing in it is parsed: its words are plain. Pure. */
export function richText(block: JsonObject, names: Names): readonly Markup[] {
  return objectsAt(block, "elements").map((part) => drawPart(part, names));
}

function drawPart(part: JsonObject, names: Names): Markup {
  const inside = objectsAt(part, "elements");
  const prose = (): readonly Markup[] => inside.map((one) => drawInline(one, names));
  switch (stringAt(part, "type")) {
    case "rich_text_list": {
      const isOrdered = stringAt(part, "style") === "ordered";
      const attributes = {
        class: `indent-${Math.min(8, numberAt(part, "indent") ?? 0)}`,
        start: isOrdered ? (numberAt(part, "offset") ?? 0) + 1 : undefined,
      };
      const items = inside.map((item) =>
        element(
          "li",
          {},
          objectsAt(item, "elements").map((one) => drawInline(one, names)),
        ),
      );
      return element(isOrdered ? "ol" : "ul", attributes, items);
    }
    case "rich_text_preformatted":
      return element("pre", {}, prose());
    case "rich_text_quote":
      return element("blockquote", {}, prose());
    default:
      return element("div", {}, prose());
  }
}

function drawInline(one: JsonObject, names: Names): Markup {
  const styles = objectAt(one, "style") ?? {};
  return wraps
    .filter(([style]) => styles[style] === true)
    .reduce<Markup>((inner, [, tag]) => element(tag, {}, inner), drawPlain(one, names));
}

const wraps: readonly (readonly [style: string, tag: Tag])[] = [
  ["code", "code"],
  ["bold", "b"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
];

function drawPlain(one: JsonObject, names: Names): Markup {
  const named = (sign: string, key: string): Markup => {
    const id = stringAt(one, key) ?? "";
    return element("span", { class: "mention" }, `${sign}${names(id) ?? id}`);
  };
  switch (stringAt(one, "type")) {
    case "text":
      return stringAt(one, "text") ?? "";
    case "link": {
      const url = stringAt(one, "url") ?? "";
      return link(url, [stringAt(one, "text") ?? url]);
    }
    case "user":
      return named("@", "user_id");
    case "usergroup":
      return named("@", "usergroup_id");
    case "channel":
      return named("#", "channel_id");
    case "broadcast":
      return named("@", "range");
    case "emoji":
      return `:${stringAt(one, "name") ?? ""}:`;
    case "date":
      return stringAt(one, "fallback") ?? stringAt(one, "format") ?? "";
    default:
      return unknown(one);
  }
}

/** A thing of Block Kit that this page does not draw: shown by its type, never silently left out. */
export function unknown(thing: unknown): Markup {
  const type = isObject(thing) ? (stringAt(thing, "type") ?? "") : "";
  return element("span", { class: "unknown" }, `[${type}]`);
}
