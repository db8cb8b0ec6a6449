import {
  accessory,
  actionElement,
  anyText,
  buttonElement,
  contextElement,
  imageElement,
  imageFields,
  inputElement,
  plainText,
} from "./elements.ts";
import { isObject, stringAt } from "./json.ts";
import { limits } from "./limits.ts";
import { richText } from "./rich-text.ts";
import type { Check, Problem, Shape } from "./schema.ts";
import {
  anything,
  array,
  boolean,
  integer,
  object,
  oneOf,
  rule,
  string,
  tagged,
} from "./schema.ts";
import { characters } from "./size.ts";

/** Where blocks are shown. Some blocks exist on one surface only. */
export type Surface = "message" | "modal" | "home";

function block({ required = {}, optional = {}, rules = [] }: Shape): Check {
  return object({
    required: { type: anything, ...required },
    optional: { block_id: string(limits.id, 1), ...optional },
    rules,
  });
}

const section = block({
  optional: {
    text: anyText(limits.text),
    fields: array(anyText(limits.sectionField), limits.sectionFields, 1),
    accessory,
    expand: boolean,
  },
  rules: [
    rule(
      "missing required field: text",
      (value) => value["text"] !== undefined || value["fields"] !== undefined,
    ),
  ],
});

const header = block({ required: { text: plainText(limits.header) } });
const divider = block({});
const context = block({ required: { elements: array(contextElement, limits.contextElements, 1) } });
const actions = block({ required: { elements: array(actionElement, limits.actionsElements, 1) } });

const image = block({
  required: imageFields.required,
  optional: { ...imageFields.optional, title: plainText(limits.imageTitle) },
  rules: imageFields.rules,
});

const input = (inModal: boolean): Check =>
  block({
    required: { label: plainText(limits.inputLabel), element: inputElement(inModal) },
    optional: { hint: plainText(limits.inputLabel), optional: boolean, dispatch_action: boolean },
  });

const rawText = object({ required: { type: anything, text: string(limits.text, 1) } });
const rawNumber = object({
  required: { type: anything, value: anything },
  optional: { text: string() },
});

const fitsIn = (max: number): Check =>
  rule(`must be less than ${max + 1} characters`, (value) => characters(value["rows"]) <= max);

const table = block({
  required: {
    rows: array(
      array(
        tagged({ raw_text: rawText, raw_number: rawNumber, rich_text: richText }),
        limits.tableColumns,
        1,
      ),
      limits.tableRows,
      1,
    ),
  },
  optional: { column_settings: array(anything, limits.tableColumns) },
  rules: [fitsIn(limits.tableCharacters)],
});

const plainHeaderCells: Check = (value, pointer) => {
  const rows = isObject(value) && Array.isArray(value["rows"]) ? value["rows"] : [];
  const cells: readonly unknown[] = Array.isArray(rows[0]) ? rows[0] : [];
  return cells.flatMap((cell, at): readonly Problem[] =>
    isObject(cell) && stringAt(cell, "type") === "rich_text"
      ? [{ pointer: `${pointer}/rows/0/${at}/type`, message: "unsupported type: rich_text" }]
      : [],
  );
};

const dataTable = block({
  required: {
    caption: string(limits.text, 1),
    rows: array(
      array(tagged({ raw_text: rawText, rich_text: richText }), limits.tableColumns, 1),
      limits.dataTableRows,
      1,
    ),
  },
  optional: {
    page_size: integer(1, limits.dataTablePage),
    row_header_column_index: integer(0, limits.tableColumns - 1),
  },
  rules: [fitsIn(limits.dataTableCharacters), plainHeaderCells],
});

const source = object({
  required: { type: oneOf("url"), url: string(limits.url, 1), text: string() },
});

const taskCard = block({
  required: {
    task_id: string(limits.id, 1),
    title: string(limits.text, 1),
    status: oneOf("pending", "in_progress", "complete", "error"),
  },
  optional: { details: richText, output: richText, sources: array(source, 100) },
});

const plan = block({
  required: { title: string(limits.text, 1) },
  optional: { tasks: array(tagged({ task_card: taskCard }), limits.messageBlocks) },
});

const markdown = block({ required: { text: string(limits.markdown, 1) } });

const alert = block({
  required: { text: anyText(limits.alertText) },
  optional: { level: oneOf("default", "info", "warning", "error", "success") },
});

const cardShape = block({
  optional: {
    hero_image: imageElement,
    icon: imageElement,
    title: anyText(limits.cardTitle),
    subtitle: anyText(limits.cardTitle),
    body: anyText(limits.cardBody),
    actions: array(buttonElement, limits.cardButtons),
  },
});
const carousel = block({
  required: { elements: array(tagged({ card: cardShape }), limits.carouselCards, 1) },
});

const childBlocks = { actions, context, divider, header, image, section, table };

const container = block({
  required: { child_blocks: array(tagged(childBlocks), limits.containerChildren, 1) },
  optional: {
    title: plainText(limits.containerTitle),
    rich_text_title: richText,
    subtitle: anyText(limits.containerTitle),
    width: oneOf("narrow", "standard", "wide", "full"),
    icon: imageElement,
    is_collapsible: boolean,
    default_collapsed: boolean,
    has_header_divider: boolean,
  },
  rules: [
    rule(
      "missing required field: title",
      (value) => value["title"] !== undefined || value["rich_text_title"] !== undefined,
    ),
    rule(
      "`default_collapsed` needs `is_collapsible`",
      (value) => value["default_collapsed"] !== true || value["is_collapsible"] === true,
    ),
  ],
});

const everywhere = { actions, context, divider, header, image, rich_text: richText, section };

/**
 * The blocks an app may send to each surface. `file` appears only in messages one reads; `video`
 * needs link scopes that docc never has; `context_actions` and `data_visualization` are not
 * modelled and therefore refused (docs/fidelity-slack.md).
 */
export const blockOn: Readonly<Record<Surface, Check>> = {
  message: tagged({
    ...everywhere,
    card: cardShape,
    carousel,
    container,
    data_table: dataTable,
    input: input(false),
    markdown,
    plan,
    table,
    task_card: taskCard,
  }),
  modal: tagged({ ...everywhere, alert, container, input: input(true) }),
  home: tagged({ ...everywhere, input: input(false) }),
};
