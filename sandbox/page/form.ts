import { isObject, numberAt, objectAt, objectsAt, stringAt, textAt } from "../slack/json.ts";
import type { JsonObject } from "../slack/json.ts";
import type { Names } from "../slack/text.ts";
import type { Channel, User, View } from "../slack/types.ts";
import { drawBlock } from "./blocks.ts";
import { choices } from "./elements.ts";
import { element } from "./markup.ts";
import type { Attributes, Markup } from "./markup.ts";
import { unknown } from "./rich-text.ts";

/** What the inputs of a modal choose from. */
export interface Offers {
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  /** Names of example files that stand in for one from the disk. */
  readonly examples: readonly string[];
}

/** A modal's title, blocks and buttons. What was entered so far is filled in. Pure. */
export function drawView(view: View, names: Names, offers: Offers): readonly Markup[] {
  const submit = textAt({ submit: view.submit }, "submit");
  return [
    element("h2", {}, textAt({ title: view.title }, "title")),
    element(
      "div",
      { class: "fields-of-form" },
      view.blocks.map((block) =>
        stringAt(block, "type") === "input"
          ? drawInput(block, view, offers)
          : drawBlock(block, names),
      ),
      element("p", { class: "error", role: "alert", "data-error-for": "" }),
    ),
    element(
      "div",
      { class: "actions end" },
      press("close", textAt({ close: view.close }, "close") ?? "Close", "plain"),
      submit === undefined ? undefined : press("submit", submit, "primary"),
    ),
  ];
}

function press(what: "close" | "submit", words: string, style: string): Markup {
  return element("button", { type: "button", "data-do": what, class: `press ${style}` }, words);
}

function drawInput(block: JsonObject, view: View, offers: Offers): Markup {
  const id = stringAt(block, "block_id") ?? "";
  const raw = objectAt(block, "element") ?? {};
  const state = view.state[id]?.[stringAt(raw, "action_id") ?? ""] ?? {};
  const isOptional = block["optional"] === true;
  const hint = textAt(block, "hint");
  return element(
    "fieldset",
    { class: "field", "data-dispatches": block["dispatch_action"] === true ? "true" : undefined },
    element(
      "legend",
      {},
      textAt(block, "label"),
      isOptional ? element("span", { class: "faint" }, " (optional)") : undefined,
    ),
    drawControl({ id, label: textAt(block, "label") ?? "", raw, state, offers }),
    hint === undefined ? undefined : element("p", { class: "hint" }, hint),
    element("p", { class: "error", role: "alert", "data-error-for": id }),
  );
}

/** One input element with the id of its block and what was entered before. */
interface Control {
  readonly id: string;
  readonly label: string;
  readonly raw: JsonObject;
  readonly state: JsonObject;
  readonly offers: Offers;
}

/**
 * `data-field` is the block id, `data-holds` how the browser reads the value: `text`, `typed`,
 * `one`, `many`, `tick`, `ticks` or `files` (sandbox/page/client/form.js).
 */
function field({ id, label, raw }: Control, holds: string): Attributes {
  return {
    "data-field": id,
    "data-holds": holds,
    "data-action": stringAt(raw, "action_id") ?? "",
    "aria-label": label,
  };
}

const nativeTypes: Readonly<Record<string, string>> = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
};

function drawControl(control: Control): Markup {
  const { raw, offers } = control;
  const type = stringAt(raw, "type") ?? "";
  const native = Object.hasOwn(nativeTypes, type) ? nativeTypes[type] : undefined;
  if (native !== undefined) return textControl(control, native);
  const people = offers.users.map(({ id, name }) => [id, `@${name}`] as const);
  const places = offers.channels.map(({ id, name }) => [id, `#${name}`] as const);
  switch (type) {
    case "static_select":
    case "multi_static_select":
      return menu(control, choices(raw, chosen(control)));
    case "users_select":
    case "multi_users_select":
      return menu(control, listed(people, chosen(control)));
    case "channels_select":
    case "conversations_select":
    case "multi_channels_select":
    case "multi_conversations_select":
      return menu(control, listed(places, chosen(control)));
    case "external_select":
      return typeahead(control);
    case "radio_buttons":
    case "checkboxes":
      return ticks(control, type === "checkboxes" ? "checkbox" : "radio");
    case "file_input":
      return fileControl(control);
    default:
      return unknown(raw);
  }
}

function textControl(control: Control, type: string): Markup {
  const { raw, state } = control;
  const value = ["value", "selected_date", "selected_time"]
    .map((key) => stringAt(state, key))
    .find((text) => text !== undefined);
  const attributes = {
    ...field(control, "text"),
    placeholder: textAt(raw, "placeholder"),
    maxlength: numberAt(raw, "max_length"),
  };
  return raw["multiline"] === true
    ? element("textarea", { ...attributes, rows: 8, spellcheck: "false" }, value)
    : element("input", { ...attributes, type, value });
}

function menu(control: Control, options: readonly Markup[]): Markup {
  const isMany = (stringAt(control.raw, "type") ?? "").startsWith("multi_");
  const none = element("option", { value: "" }, textAt(control.raw, "placeholder") ?? "Choose…");
  return element(
    "select",
    { ...field(control, isMany ? "many" : "one"), multiple: isMany },
    isMany ? undefined : none,
    options,
  );
}

function listed(
  pairs: readonly (readonly [value: string, words: string])[],
  picked: ReadonlySet<string>,
): readonly Markup[] {
  return pairs.map(([value, words]) =>
    element("option", { value, selected: picked.has(value) }, words),
  );
}

/** Letters go to the app, its options come back into the list. */
function typeahead(control: Control): Markup {
  const list = `options-${control.id}`;
  const [value] = chosen(control);
  return element(
    "div",
    {},
    element("input", {
      ...field(control, "typed"),
      type: "text",
      list,
      value,
      autocomplete: "off",
      placeholder: textAt(control.raw, "placeholder") ?? "Type to search…",
    }),
    element("datalist", { id: list }),
  );
}

function ticks(control: Control, type: "checkbox" | "radio"): Markup {
  const picked = chosen(control);
  const boxes = objectsAt(control.raw, "options").map((option) => {
    const value = stringAt(option, "value") ?? "";
    const box = { type, name: control.id, value, checked: picked.has(value) };
    return element("label", { class: "tick" }, element("input", box), textAt(option, "text"));
  });
  return element("div", field(control, type === "radio" ? "tick" : "ticks"), boxes);
}

/** A file from the disk, or one of the examples. */
function fileControl(control: Control): Markup {
  const { raw, offers } = control;
  const types = Array.isArray(raw["filetypes"]) ? raw["filetypes"] : [];
  const accept = types.map((type) => `.${String(type)}`).join(",");
  const examples = offers.examples.map((name) =>
    element(
      "button",
      { type: "button", class: "chip", "data-do": "example", "data-name": name },
      name,
    ),
  );
  return element(
    "div",
    { ...field(control, "files"), class: "files" },
    element("input", {
      type: "file",
      accept,
      multiple: numberAt(raw, "max_files") !== 1,
      "aria-label": control.label,
    }),
    examples.length === 0
      ? undefined
      : element(
          "div",
          { class: "chips" },
          element("span", { class: "faint" }, "or an example:"),
          examples,
        ),
    element("p", { class: "picked", "aria-live": "polite" }),
  );
}

/** The values that an element's state holds: of options, or ids. */
function chosen({ state }: Control): ReadonlySet<string> {
  const held = Object.entries(state).flatMap(([key, value]) =>
    key.startsWith("selected_") ? (Array.isArray(value) ? (value as unknown[]) : [value]) : [],
  );
  return new Set(
    held.flatMap((one) => {
      const value = isObject(one) ? stringAt(one, "value") : one;
      return typeof value === "string" ? [value] : [];
    }),
  );
}
