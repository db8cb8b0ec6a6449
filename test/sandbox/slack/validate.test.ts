import { describe, expect, it } from "vitest";
import {
  refuseMessageBlocks,
  refusePostedBlocks,
  refuseView,
} from "../../../sandbox/slack/validate.ts";

const x = (length: number): string => "x".repeat(length);
const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const section = (text: string) => ({ type: "section", text: mrkdwn(text) });
const button = (more: object = {}) => ({
  type: "button",
  action_id: "go",
  text: plain("Go"),
  ...more,
});
const actions = (...elements: object[]) => ({ type: "actions", elements });
const option = (value: string, text = value) => ({ text: plain(text), value });
const options = (count: number) => Array.from({ length: count }, (_, at) => option(`o${at}`));
const select = (more: object) => ({ type: "static_select", action_id: "pick", ...more });
const richText = (text: string) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});
const cell = (text: string) => ({ type: "raw_text", text });
const table = (rows: object[][]) => ({ type: "table", rows });
const task = (more: object = {}) => ({
  type: "task_card",
  task_id: "t",
  title: "Apply",
  status: "pending",
  ...more,
});
const repeat = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

/** The first sentence of a refusal with its pointer, as Slack would print it. */
function sentence(blocks: readonly unknown[]): string | undefined {
  const refusal = refuseMessageBlocks(blocks);
  const last = refusal?.problems.at(-1);
  return last === undefined ? undefined : `${last.message} [json-pointer:${last.pointer}]`;
}

describe("blocks that Slack takes", () => {
  const accepted: Record<string, readonly object[]> = {
    "50 blocks": repeat(50, { type: "divider" }),
    "a section of 3,000 characters": [section(x(3_000))],
    "ten fields of 2,000 characters in a response": [
      { type: "section", fields: repeat(10, mrkdwn(x(2_000))) },
    ],
    "25 buttons": [actions(...options(25).map((_, at) => button({ action_id: `b${at}` })))],
    "one option in an overflow menu": [
      actions({ type: "overflow", action_id: "more", options: options(1) }),
    ],
    "a multi-select beside a section": [
      {
        ...section("pick"),
        accessory: { type: "multi_static_select", action_id: "pick", options: options(2) },
      },
    ],
    "the same action id in two blocks": [actions(button()), actions(button())],
    "an input in a message": [
      { type: "input", label: plain("App"), element: { type: "plain_text_input" } },
    ],
    "rich text with a list and code": [
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_list",
            style: "bullet",
            elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a" }] }],
          },
          { type: "rich_text_preformatted", elements: [{ type: "text", text: "log" }] },
        ],
      },
    ],
    "a plan with tasks in every state": [
      {
        type: "plan",
        title: "Rollout",
        tasks: ["pending", "in_progress", "complete", "error"].map((status) =>
          task({ status, details: richText("3 of 5") }),
        ),
      },
    ],
    "a table with a space in an empty cell": [table([[cell("a"), cell(" ")]])],
    "a collapsed container": [
      {
        type: "container",
        title: plain("Diff"),
        child_blocks: [section("a")],
        is_collapsible: true,
        default_collapsed: true,
      },
    ],
  };
  it.each(Object.entries(accepted))("%s", (_, blocks) => {
    expect(refuseMessageBlocks(blocks)).toBeUndefined();
  });
});

describe("blocks that Slack refuses", () => {
  const refused: Record<string, readonly [readonly unknown[], string]> = {
    "51 blocks": [
      repeat(51, { type: "divider" }),
      "no more than 50 items allowed [json-pointer:/blocks]",
    ],
    "an unknown block": [
      [{ type: "sections" }],
      "unsupported type: sections [json-pointer:/blocks/0/type]",
    ],
    "a block that is a string": [["hello"], "must provide an object [json-pointer:/blocks/0]"],
    "an unknown property": [
      [{ type: "divider", text: "a" }],
      "invalid additional property: text [json-pointer:/blocks/0]",
    ],
    "a property of every object": [
      [{ type: "divider", constructor: "a" }],
      "invalid additional property: constructor [json-pointer:/blocks/0]",
    ],
    "a section of 3,001 characters": [
      [section(x(3_001))],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    "an empty text": [
      [section("")],
      "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ],
    "a section without text and fields": [
      [{ type: "section" }],
      "missing required field: text [json-pointer:/blocks/0]",
    ],
    "eleven fields": [
      [{ type: "section", fields: repeat(11, mrkdwn("a")) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ],
    "a field of 2,001 characters": [
      [{ type: "section", fields: [mrkdwn(x(2_001))] }],
      "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ],
    "a header of 151 characters": [
      [{ type: "header", text: plain(x(151)) }],
      "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ],
    "a header in mrkdwn": [
      [{ type: "header", text: mrkdwn("a") }],
      "value must be one of: plain_text [json-pointer:/blocks/0/text/type]",
    ],
    "eleven things in a context": [
      [{ type: "context", elements: repeat(11, mrkdwn("a")) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ],
    "an empty context": [
      [{ type: "context", elements: [] }],
      "must provide at least 1 items [json-pointer:/blocks/0/elements]",
    ],
    "26 buttons": [
      [actions(...options(26).map((_, at) => button({ action_id: `b${at}` })))],
      "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ],
    "a button text of 76 characters": [
      [actions(button({ text: plain(x(76)) }))],
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ],
    "a button value of 2,001 characters": [
      [actions(button({ value: x(2_001) }))],
      "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ],
    "a button of an unknown style": [
      [actions(button({ style: "warning" }))],
      "value must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ],
    "an accessibility label of 76 characters": [
      [actions(button({ accessibility_label: x(76) }))],
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/accessibility_label]",
    ],
    "an action id of 256 characters": [
      [actions(button({ action_id: x(256) }))],
      "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ],
    "an action id twice in one block": [
      [actions(button(), button())],
      '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    "a block id twice in one message": [
      repeat(2, { type: "divider", block_id: "a" }),
      '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
    ],
    "a confirmation without text": [
      [actions(button({ confirm: { title: plain("Sure?") } }))],
      "missing required field: text [json-pointer:/blocks/0/elements/0/confirm]",
    ],
    "a confirmation with a long button": [
      [actions(button({ confirm: { text: plain("Sure?"), deny: plain(x(31)) } }))],
      "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]",
    ],
    "a select without options": [
      [actions(select({}))],
      "must define exactly one of `options` and `option_groups` [json-pointer:/blocks/0/elements/0]",
    ],
    "101 options": [
      [actions(select({ options: options(101) }))],
      "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    "an option value of 151 characters": [
      [actions(select({ options: [option(x(151), "a")] }))],
      "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ],
    "six options in an overflow menu": [
      [actions({ type: "overflow", action_id: "more", options: options(6) })],
      "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    "eleven radio buttons": [
      [actions({ type: "radio_buttons", action_id: "r", options: options(11) })],
      "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    "a multi-select among actions": [
      [{ type: "divider" }, actions({ type: "multi_static_select", options: options(2) })],
      "unsupported element: multiselect [json-pointer:/blocks/1]",
    ],
    "a file input in a message": [
      [{ type: "input", label: plain("File"), element: { type: "file_input" } }],
      "unsupported element: file_input [json-pointer:/blocks/0]",
    ],
    "an alert in a message": [
      [{ type: "alert", text: mrkdwn("prod") }],
      "unsupported type: alert [json-pointer:/blocks/0/type]",
    ],
    "an empty cell": [
      [table([[cell("")]])],
      "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]",
    ],
    "101 rows": [
      [table(repeat(101, [cell("a")]))],
      "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ],
    "21 columns": [
      [table([repeat(21, cell("a"))])],
      "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ],
    "a table of more than 10,000 characters": [
      [table(repeat(4, [cell(x(2_501))]))],
      "must be less than 10001 characters [json-pointer:/blocks/0]",
    ],
    "two tables": [
      repeat(2, table([[cell("a")]])),
      "only_one_table_allowed [json-pointer:/blocks]",
    ],
    "a data table without a caption": [
      [{ type: "data_table", rows: [[cell("a")]] }],
      "missing required field: caption [json-pointer:/blocks/0]",
    ],
    "a data table with rich text in its header": [
      [{ type: "data_table", caption: "a", rows: [[richText("a")]] }],
      "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
    ],
    "a data table of 101 rows a page": [
      [{ type: "data_table", caption: "a", rows: [[cell("a")]], page_size: 101 }],
      "must be between 1 and 100 [json-pointer:/blocks/0/page_size]",
    ],
    "a plan whose title is a text object": [
      [{ type: "plan", title: plain("Rollout") }],
      "must provide a string [json-pointer:/blocks/0/title]",
    ],
    "a task that is `completed`": [
      [task({ status: "completed" })],
      "value must be one of: pending, in_progress, complete, error [json-pointer:/blocks/0/status]",
    ],
    "a plan beside a task card": [
      [{ type: "plan", title: "Rollout" }, task()],
      "`plan` and `task_card` cannot be used together [json-pointer:/blocks]",
    ],
    "rich text in a container": [
      [{ type: "container", title: plain("a"), child_blocks: [richText("a")] }],
      "unsupported type: rich_text [json-pointer:/blocks/0/child_blocks/0/type]",
    ],
    "eleven blocks in a container": [
      [{ type: "container", title: plain("a"), child_blocks: repeat(11, { type: "divider" }) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/child_blocks]",
    ],
    "a container without a title": [
      [{ type: "container", child_blocks: [{ type: "divider" }] }],
      "missing required field: title [json-pointer:/blocks/0]",
    ],
    "a collapsed container that cannot collapse": [
      [
        {
          type: "container",
          title: plain("a"),
          child_blocks: [{ type: "divider" }],
          default_collapsed: true,
        },
      ],
      "`default_collapsed` needs `is_collapsible` [json-pointer:/blocks/0]",
    ],
    "markdown of 12,001 characters": [
      [{ type: "markdown", text: x(12_001) }],
      "must be less than 12001 characters [json-pointer:/blocks/0/text]",
    ],
    "an image without a source": [
      [{ type: "image", alt_text: "a" }],
      "missing required field: image_url [json-pointer:/blocks/0]",
    ],
    "a card with four buttons": [
      [
        {
          type: "card",
          actions: options(4).map((_, at) => button({ action_id: `b${at}` })),
        },
      ],
      "no more than 3 items allowed [json-pointer:/blocks/0/actions]",
    ],
  };
  it.each(Object.entries(refused))("%s", (_, [blocks, expected]) => {
    expect(sentence(blocks)).toBe(expected);
  });

  it("says for a text object that no alternative matched, then why", () => {
    expect(refuseMessageBlocks([section(x(3_001))])?.problems).toEqual([
      { pointer: "/blocks/0/text", message: "failed to match all allowed schemas" },
      { pointer: "/blocks/0/text/text", message: "must be less than 3001 characters" },
    ]);
  });

  it("says everything that is wrong, not only the first thing", () => {
    const problems = refuseMessageBlocks([{ type: "nope" }, { type: "section" }])?.problems;
    expect(problems?.map(({ pointer }) => pointer)).toEqual(["/blocks/0/type", "/blocks/1"]);
  });
});

describe("the length of all blocks together", () => {
  // 13,200 without the 100 that each of the five blocks costs.
  const room = 12_700;
  const filled = (characters: number) => [
    ...repeat(4, section(x(3_000))),
    section(x(characters - 12_000)),
  ];

  it("is refused for a post just above the limit, each block costing about 100 more", () => {
    expect(refusePostedBlocks(filled(room))).toBeUndefined();
    expect(refusePostedBlocks(filled(room + 1))?.error).toBe("msg_blocks_too_long");
  });

  it("does not bind an answer to a response_url", () => {
    expect(refuseMessageBlocks(filled(room + 1))).toBeUndefined();
  });
});

describe("views", () => {
  const modal = (more: object = {}) => ({
    type: "modal",
    title: plain("Deploy"),
    blocks: [section("a")],
    ...more,
  });
  const input = (element: object = { type: "plain_text_input", action_id: "a" }) => ({
    type: "input",
    label: plain("App"),
    element,
  });

  it("may hold 100 blocks, a file input, and an alert", () => {
    const blocks = [
      { type: "alert", level: "warning", text: mrkdwn("production") },
      input({ type: "file_input", max_files: 10, filetypes: ["json"] }),
      ...repeat(98, { type: "divider" }),
    ];
    expect(refuseView(modal({ blocks, submit: plain("Plan") }), "modal")).toBeUndefined();
  });

  const refused: Record<string, readonly [object, "modal" | "home", string]> = {
    "101 blocks": [
      modal({ blocks: repeat(101, { type: "divider" }) }),
      "modal",
      "no more than 100 items allowed [json-pointer:/view/blocks]",
    ],
    "a title of 25 characters": [
      modal({ title: plain(x(25)) }),
      "modal",
      "must be less than 25 characters [json-pointer:/view/title/text]",
    ],
    "a submit button of 25 characters": [
      modal({ submit: plain(x(25)) }),
      "modal",
      "must be less than 25 characters [json-pointer:/view/submit/text]",
    ],
    "private metadata of 3,001 characters": [
      modal({ private_metadata: x(3_001) }),
      "modal",
      "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ],
    "an input without a submit button": [
      modal({ blocks: [section("a"), input()] }),
      "modal",
      "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
    ],
    "eleven files": [
      modal({ submit: plain("Plan"), blocks: [input({ type: "file_input", max_files: 11 })] }),
      "modal",
      "must be between 1 and 10 [json-pointer:/view/blocks/0/element/max_files]",
    ],
    "a plan in a modal": [
      modal({ blocks: [{ type: "plan", title: "a" }] }),
      "modal",
      "unsupported type: plan [json-pointer:/view/blocks/0/type]",
    ],
    "a home view where a modal is wanted": [
      { type: "home", blocks: [] },
      "modal",
      "unsupported type: home [json-pointer:/view/type]",
    ],
    "a container on the home tab": [
      { type: "home", blocks: [{ type: "container", title: plain("a"), child_blocks: [] }] },
      "home",
      "unsupported type: container [json-pointer:/view/blocks/0/type]",
    ],
    "a file input on the home tab": [
      { type: "home", blocks: [input({ type: "file_input" })] },
      "home",
      "unsupported element: file_input [json-pointer:/view/blocks/0]",
    ],
  };
  it.each(Object.entries(refused))("are refused with %s", (_, [view, type, expected]) => {
    const refusal = refuseView(view, type);
    const last = refusal?.problems.at(-1);
    expect(refusal?.error).toBe("invalid_arguments");
    expect(`${last?.message} [json-pointer:${last?.pointer}]`).toBe(expected);
  });

  it("are refused above 250,000 bytes", () => {
    const blocks = repeat(90, { type: "section", text: plain(x(2_800)) });
    expect(refuseView(modal({ blocks }), "modal")?.error).toBe("view_too_large");
  });
});
