import { numberAt, objectAt, objectsAt, stringAt, textAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { Names } from "./text.ts";
import { displayText } from "./text.ts";

/** What can be rendered: a message, an ephemeral message, anything with text and blocks. */
export interface Renderable {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

const nobody: Names = () => undefined;

/**
 * A message as lines of plain text, close to what a phone shows: for snapshots, the demo, and
 * people. Blocks win over the text, as they do in Slack's clients.
 */
export function renderText(message: Renderable, names: Names = nobody): string {
  return message.blocks.length === 0
    ? displayText(message.text, names)
    : renderBlocks(message.blocks, names);
}

/** A view as lines of plain text: title, blocks, buttons. */
export function renderView(
  view: {
    readonly title?: JsonObject;
    readonly submit?: JsonObject;
    readonly close?: JsonObject;
  } & {
    readonly blocks: readonly JsonObject[];
    readonly errors?: Readonly<Record<string, string>>;
  },
  names: Names = nobody,
): string {
  const buttons = [view.submit, view.close].flatMap((button) =>
    button === undefined ? [] : [`[${stringAt(button, "text") ?? ""}]`],
  );
  const blocks = view.blocks.map((block) => {
    const error = view.errors?.[stringAt(block, "block_id") ?? ""];
    const lines = renderBlock(block, names);
    return error === undefined ? lines : `${lines}\n! ${error}`;
  });
  return lines([stringAt(view.title ?? {}, "text"), ...blocks, buttons.join(" ")]);
}

function renderBlocks(blocks: readonly JsonObject[], names: Names): string {
  return blocks.map((block) => renderBlock(block, names)).join("\n");
}

type Renderer = (block: JsonObject, names: Names) => string;

const renderers: Readonly<Record<string, Renderer>> = {
  section: renderSection,
  header: (block, names) => shown(block, "text", names),
  divider: () => "---",
  context: (block, names) =>
    objectsAt(block, "elements")
      .map((element) => imageAlt(element) ?? displayText(stringAt(element, "text") ?? "", names))
      .join(" "),
  actions: (block) => objectsAt(block, "elements").map(renderElement).join(" "),
  image: (block) => imageAlt(block) ?? "",
  input: renderInput,
  markdown: (block) => stringAt(block, "text") ?? "",
  rich_text: (block, names) => renderRichText(block, names),
  table: (block, names) => renderTable(block, names),
  data_table: (block, names) => lines([stringAt(block, "caption"), renderTable(block, names)]),
  plan: (block, names) =>
    lines([
      stringAt(block, "title"),
      ...objectsAt(block, "tasks").map((task) => renderTask(task, names)),
    ]),
  task_card: renderTask,
  container: (block, names) =>
    lines([
      textAt(block, "title") ?? renderTitle(block, names),
      textAt(block, "subtitle"),
      indent(renderBlocks(objectsAt(block, "child_blocks"), names)),
    ]),
  alert: (block, names) => `${stringAt(block, "level") ?? "note"}: ${shown(block, "text", names)}`,
  card: renderCard,
  carousel: (block, names) => renderBlocks(objectsAt(block, "elements"), names),
  file: (block) => `[file: ${stringAt(block, "external_id") ?? ""}]`,
};

function renderBlock(block: JsonObject, names: Names): string {
  const type = stringAt(block, "type") ?? "";
  const renderer = Object.hasOwn(renderers, type) ? renderers[type] : undefined;
  return renderer === undefined ? `[${type}]` : renderer(block, names);
}

function renderSection(block: JsonObject, names: Names): string {
  const accessory = objectAt(block, "accessory");
  return lines([
    shown(block, "text", names),
    ...objectsAt(block, "fields").map((field) => displayText(stringAt(field, "text") ?? "", names)),
    accessory === undefined ? undefined : renderElement(accessory),
  ]);
}

function renderInput(block: JsonObject): string {
  const optional = block["optional"] === true ? " (optional)" : "";
  const element = objectAt(block, "element") ?? {};
  const hint = textAt(block, "hint");
  return lines([`${textAt(block, "label") ?? ""}${optional}: ${renderElement(element)}`, hint]);
}

function renderCard(block: JsonObject, names: Names): string {
  return lines([
    ...["title", "subtitle", "body"].map((key) => shown(block, key, names)),
    objectsAt(block, "actions").map(renderElement).join(" "),
  ]);
}

const marks: Readonly<Record<string, string>> = {
  pending: "[ ]",
  in_progress: "[~]",
  complete: "[x]",
  error: "[!]",
};

function renderTask(task: JsonObject, names: Names): string {
  const mark = marks[stringAt(task, "status") ?? ""] ?? "[?]";
  const inside = ["details", "output"].flatMap((key) => {
    const text = objectAt(task, key);
    return text === undefined ? [] : [indent(renderRichText(text, names))];
  });
  const sources = objectsAt(task, "sources").map((source) =>
    indent(stringAt(source, "text") ?? ""),
  );
  return lines([`${mark} ${stringAt(task, "title") ?? ""}`, ...inside, ...sources]);
}

function renderTable(block: JsonObject, names: Names): string {
  const rows: readonly unknown[] = Array.isArray(block["rows"]) ? block["rows"] : [];
  return rows
    .map((row) =>
      objectsAt({ row }, "row")
        .map((cell) => renderCell(cell, names))
        .join(" | "),
    )
    .join("\n");
}

function renderCell(cell: JsonObject, names: Names): string {
  return stringAt(cell, "type") === "rich_text"
    ? renderRichText(cell, names)
    : (stringAt(cell, "text") ?? String(numberAt(cell, "value") ?? ""));
}

function renderTitle(block: JsonObject, names: Names): string {
  return renderRichText(objectAt(block, "rich_text_title") ?? {}, names);
}

function renderRichText(block: JsonObject, names: Names): string {
  return lines(objectsAt(block, "elements").map((element) => renderRichElement(element, names)));
}

function renderRichElement(element: JsonObject, names: Names): string {
  const inner = objectsAt(element, "elements");
  const prose = (): string => inner.map((one) => renderInline(one, names)).join("");
  switch (stringAt(element, "type")) {
    case "rich_text_list": {
      const pad = "  ".repeat(numberAt(element, "indent") ?? 0);
      const first = (numberAt(element, "offset") ?? 0) + 1;
      const isOrdered = stringAt(element, "style") === "ordered";
      return inner
        .map((item, at) => {
          const mark = isOrdered ? `${first + at}.` : "-";
          return `${pad}${mark} ${renderRichElement(item, names)}`;
        })
        .join("\n");
    }
    case "rich_text_quote":
      return indent(prose(), "> ");
    case "rich_text_preformatted":
      return indent(prose());
    default:
      return prose();
  }
}

function renderInline(element: JsonObject, names: Names): string {
  const name = (key: string): string => {
    const id = stringAt(element, key) ?? "";
    return names(id) ?? id;
  };
  switch (stringAt(element, "type")) {
    case "link":
      return stringAt(element, "text") ?? stringAt(element, "url") ?? "";
    case "user":
      return `@${name("user_id")}`;
    case "usergroup":
      return `@${name("usergroup_id")}`;
    case "channel":
      return `#${name("channel_id")}`;
    case "broadcast":
      return `@${stringAt(element, "range") ?? ""}`;
    case "emoji":
      return `:${stringAt(element, "name") ?? ""}:`;
    case "date":
      return stringAt(element, "fallback") ?? stringAt(element, "format") ?? "";
    case "color":
      return stringAt(element, "value") ?? "";
    default:
      return stringAt(element, "text") ?? "";
  }
}

/** An element as a person sees it: its words in brackets. */
function renderElement(element: JsonObject): string {
  const alt = imageAlt(element);
  if (alt !== undefined) {
    return alt;
  }
  const label = textAt(element, "text") ?? textAt(element, "placeholder");
  return `[${label ?? stringAt(element, "type") ?? ""}]`;
}

function imageAlt(element: JsonObject): string | undefined {
  return stringAt(element, "type") === "image"
    ? `[image: ${stringAt(element, "alt_text") ?? ""}]`
    : undefined;
}

/** The text object at `key`: formatted text without its marks, plain text as it is. */
function shown(block: JsonObject, key: string, names: Names): string {
  const text = textAt(block, key) ?? "";
  const isPlain = stringAt(objectAt(block, key) ?? {}, "type") === "plain_text";
  return isPlain ? text : displayText(text, names);
}

const indent = (text: string, mark = "  "): string =>
  text
    .split("\n")
    .map((line) => `${mark}${line}`)
    .join("\n");

const lines = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join("\n");
