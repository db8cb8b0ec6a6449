import { objectAt, objectsAt, stringAt, textAt } from "../slack/json.ts";
import type { JsonObject } from "../slack/json.ts";
import type { Names } from "../slack/text.ts";
import { element, textOf } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { mrkdwn } from "./mrkdwn.ts";
import { unknown } from "./rich-text.ts";

/** A text object (`mrkdwn` or `plain_text`) at `key` of `source`. */
export function textAtKey(source: JsonObject, key: string, names: Names): readonly Markup[] {
  const text = objectAt(source, key);
  return text === undefined ? [] : textObject(text, names);
}

export function textObject(text: JsonObject, names: Names): readonly Markup[] {
  const words = stringAt(text, "text") ?? "";
  return stringAt(text, "type") === "mrkdwn" ? mrkdwn(words, names) : [words];
}

/** An element that acts as soon as it is used: in `actions`, or beside a section. */
export function actionElement(raw: JsonObject, names: Names): Markup {
  const action = {
    "data-do": "act",
    "data-action": stringAt(raw, "action_id"),
    ...confirm(raw, names),
  };
  switch (stringAt(raw, "type")) {
    case "button": {
      const style = stringAt(raw, "style") ?? "plain";
      const says = stringAt(raw, "accessibility_label");
      const attributes = {
        type: "button",
        class: `press ${style}`,
        title: says,
        "aria-label": says,
      };
      return element("button", { ...action, ...attributes }, textAt(raw, "text"));
    }
    case "static_select":
    case "overflow":
      return element(
        "select",
        { ...action, "aria-label": textAt(raw, "placeholder") ?? "Choose" },
        element("option", { value: "" }, textAt(raw, "placeholder") ?? "…"),
        choices(raw, new Set()),
      );
    case "image":
      return image(raw);
    default:
      return unknown(raw);
  }
}

/** What the confirmation dialog of an element says, as data for the browser. */
function confirm(raw: JsonObject, names: Names): Readonly<Record<string, string>> {
  const dialog = objectAt(raw, "confirm");
  if (dialog === undefined) return {};
  return {
    "data-confirm": JSON.stringify({
      title: textAt(dialog, "title") ?? "Are you sure?",
      text: textOf(textAtKey(dialog, "text", names)),
      confirm: textAt(dialog, "confirm") ?? "Yes",
      deny: textAt(dialog, "deny") ?? "Cancel",
      style: stringAt(dialog, "style") ?? "primary",
    }),
  };
}

/** Pictures are shown by their alternative text: the page loads nothing from elsewhere. */
export function image(raw: JsonObject): Markup {
  return element("span", { class: "picture" }, `[image: ${stringAt(raw, "alt_text") ?? ""}]`);
}

/** The options of a menu, in their groups; `chosen` holds values that are picked already. */
export function choices(raw: JsonObject, chosen: ReadonlySet<string>): readonly Markup[] {
  const option = (one: JsonObject): Markup => {
    const value = stringAt(one, "value") ?? "";
    return element("option", { value, selected: chosen.has(value) }, textAt(one, "text") ?? value);
  };
  const groups = objectsAt(raw, "option_groups").map((group) =>
    element("optgroup", { label: textAt(group, "label") }, objectsAt(group, "options").map(option)),
  );
  return [...objectsAt(raw, "options").map(option), ...groups];
}
