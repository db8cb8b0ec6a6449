import { numberAt, objectAt, objectsAt, stringAt, textAt } from "../slack/json.ts";
import type { JsonObject } from "../slack/json.ts";
import type { Names } from "../slack/text.ts";
import { actionElement, image, textAtKey, textObject } from "./elements.ts";
import { element } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { markdown } from "./markdown.ts";
import { mrkdwn } from "./mrkdwn.ts";
import { richText, unknown } from "./rich-text.ts";

/** A message's words: its blocks win over its text, as in Slack's clients. Pure. */
export function messageBody(
  message: { readonly text: string; readonly blocks: readonly JsonObject[] },
  names: Names,
): readonly Markup[] {
  return message.blocks.length === 0
    ? [element("p", { class: "words" }, mrkdwn(message.text, names))]
    : message.blocks.map((block) => drawBlock(block, names));
}

type Draw = (block: JsonObject, names: Names) => Markup;

const drawings: Readonly<Record<string, Draw>> = {
  section,
  header: (block, names) => element("h3", {}, textAtKey(block, "text", names)),
  divider: () => element("hr"),
  context,
  actions: (block, names) =>
    element(
      "div",
      { class: "actions" },
      objectsAt(block, "elements").map((one) => actionElement(one, names)),
    ),
  image: (block) => element("figure", {}, image(block), caption(textAt(block, "title"))),
  rich_text: (block, names) => element("div", { class: "rich" }, richText(block, names)),
  markdown: (block) => element("div", { class: "rich" }, markdown(stringAt(block, "text") ?? "")),
  plan,
  task_card: (block, names) => element("ol", { class: "tasks" }, task(block, names)),
  table,
  data_table: table,
  container,
  alert: (block, names) =>
    element(
      "div",
      { class: `alert ${stringAt(block, "level") ?? "default"}`, role: "note" },
      textAtKey(block, "text", names),
    ),
  card,
  carousel: (block, names) =>
    element(
      "div",
      { class: "carousel" },
      objectsAt(block, "elements").map((one) => card(one, names)),
    ),
};

export function drawBlock(block: JsonObject, names: Names): Markup {
  const type = stringAt(block, "type") ?? "";
  const draw = Object.hasOwn(drawings, type) ? drawings[type] : undefined;
  return draw === undefined ? unknown(block) : named(draw(block, names), block);
}

/** With the block's id: action ids are unique within one block alone. */
function named(markup: Markup, block: JsonObject): Markup {
  const id = stringAt(block, "block_id");
  return typeof markup === "string" || id === undefined
    ? markup
    : { ...markup, attributes: { ...markup.attributes, "data-block": id } };
}

function section(block: JsonObject, names: Names): Markup {
  const accessory = objectAt(block, "accessory");
  const fields = objectsAt(block, "fields").map((field) =>
    element("div", {}, textObject(field, names)),
  );
  const text = textAtKey(block, "text", names);
  return element(
    "div",
    { class: "section" },
    element(
      "div",
      { class: "words" },
      text,
      fields.length === 0 ? undefined : element("div", { class: "fields" }, fields),
    ),
    accessory === undefined ? undefined : actionElement(accessory, names),
  );
}

function context(block: JsonObject, names: Names): Markup {
  const parts = objectsAt(block, "elements").map((one) =>
    stringAt(one, "type") === "image" ? image(one) : element("span", {}, textObject(one, names)),
  );
  return element("div", { class: "context" }, parts);
}

const statuses: Readonly<Record<string, string>> = {
  pending: "to do",
  in_progress: "in progress",
  complete: "done",
  error: "failed",
};

function plan(block: JsonObject, names: Names): Markup {
  const tasks = objectsAt(block, "tasks").map((one) => task(one, names));
  return element(
    "div",
    { class: "plan" },
    element("h4", {}, stringAt(block, "title")),
    element("ol", { class: "tasks" }, tasks),
  );
}

function task(card: JsonObject, names: Names): Markup {
  const status = stringAt(card, "status") ?? "";
  const inside = ["details", "output"].flatMap((key) => {
    const text = objectAt(card, key);
    return text === undefined ? [] : [element("div", { class: "rich" }, richText(text, names))];
  });
  const sources = objectsAt(card, "sources").map((source) =>
    element("span", { class: "context" }, stringAt(source, "text")),
  );
  return element(
    "li",
    { class: `task ${Object.hasOwn(statuses, status) ? status : "pending"}` },
    element("span", {}, stringAt(card, "title")),
    element("span", { class: "unseen" }, ` (${statuses[status] ?? status})`),
    inside,
    sources,
  );
}

/** Slack shows the first row of a table as its head. */
function table(block: JsonObject, names: Names): Markup {
  const rows: readonly unknown[] = Array.isArray(block["rows"]) ? block["rows"] : [];
  const cells = (row: unknown, tag: "th" | "td"): Markup =>
    element(
      "tr",
      {},
      objectsAt({ row }, "row").map((cell) => element(tag, {}, drawCell(cell, names))),
    );
  const [head, ...body] = rows;
  return element(
    "div",
    { class: "scroll" },
    caption(stringAt(block, "caption")),
    element(
      "table",
      {},
      head === undefined ? undefined : element("thead", {}, cells(head, "th")),
      element(
        "tbody",
        {},
        body.map((row) => cells(row, "td")),
      ),
    ),
  );
}

function drawCell(cell: JsonObject, names: Names): readonly Markup[] {
  return stringAt(cell, "type") === "rich_text"
    ? richText(cell, names)
    : [stringAt(cell, "text") ?? String(numberAt(cell, "value") ?? "")];
}

function container(block: JsonObject, names: Names): Markup {
  const rich = objectAt(block, "rich_text_title");
  const title = rich === undefined ? [textAt(block, "title") ?? ""] : richText(rich, names);
  const inside = [
    ...textAtKey(block, "subtitle", names),
    ...objectsAt(block, "child_blocks").map((child) => drawBlock(child, names)),
  ];
  return block["is_collapsible"] === true
    ? element(
        "details",
        { class: "container", open: block["default_collapsed"] !== true },
        element("summary", {}, title),
        inside,
      )
    : element("section", { class: "container" }, element("h4", {}, title), inside);
}

function card(block: JsonObject, names: Names): Markup {
  const title = textAtKey(block, "title", names);
  return element(
    "section",
    { class: "container" },
    title.length === 0 ? undefined : element("h4", {}, title),
    ["subtitle", "body"].map((key) => element("p", {}, textAtKey(block, key, names))),
    element(
      "div",
      { class: "actions" },
      objectsAt(block, "actions").map((one) => actionElement(one, names)),
    ),
  );
}

function caption(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : element("figcaption", {}, text);
}
