import { describe, expect, it } from "vitest";
import { refuseMessageBlocks, refuseView } from "../../../sandbox/slack/validate.ts";

/** Every limit at its edge: so much is taken, one more is refused. */

const x = (length: number): string => "x".repeat(length);
const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const divider = { type: "divider" };

const option = (more: object = {}) => ({ text: plain("a"), value: "a", ...more });
const button = (more: object = {}) => ({ type: "button", text: plain("Go"), ...more });
const actions = (...elements: object[]) => ({ type: "actions", elements });
const select = (more: object) => actions({ type: "static_select", ...more });
const pick = (more: object) => select({ options: [option(more)] });
const confirm = (more: object) => actions(button({ confirm: { text: plain("?"), ...more } }));
const image = (more: object) => ({ type: "image", alt_text: "a", image_url: "u", ...more });
const input = (more: object) => ({
  type: "input",
  label: plain("a"),
  element: { type: "plain_text_input" },
  ...more,
});
const cell = (text: string) => ({ type: "raw_text", text });
const table = (rows: object[][]) => ({ type: "table", rows });
const dataTable = (rows: object[][], more: object = {}) => ({
  type: "data_table",
  caption: "a",
  rows,
  ...more,
});
const container = (more: object) => ({
  type: "container",
  title: plain("a"),
  child_blocks: [divider],
  ...more,
});
const card = (more: object) => ({ type: "card", ...more });
/** Rows of one cell that hold `count` characters in all, at most `width` in each. */
const filled = (count: number, width: number): object[][] =>
  times(Math.ceil(count / width), (at) => [cell(x(Math.min(width, count - at * width)))]);

const inMessages: readonly [what: string, limit: number, build: (size: number) => object][] = [
  ["section text", 3_000, (n) => ({ type: "section", text: mrkdwn(x(n)) })],
  ["field text", 2_000, (n) => ({ type: "section", fields: [plain(x(n))] })],
  ["fields", 10, (n) => ({ type: "section", fields: times(n, () => plain("a")) })],
  ["header", 150, (n) => ({ type: "header", text: plain(x(n)) })],
  ["context elements", 10, (n) => ({ type: "context", elements: times(n, () => mrkdwn("a")) })],
  ["context text", 3_000, (n) => ({ type: "context", elements: [mrkdwn(x(n))] })],
  ["buttons", 25, (n) => actions(...times(n, () => button()))],
  ["button text", 75, (n) => actions(button({ text: plain(x(n)) }))],
  ["button value", 2_000, (n) => actions(button({ value: x(n) }))],
  ["button url", 3_000, (n) => actions(button({ url: x(n) }))],
  ["accessibility label", 75, (n) => actions(button({ accessibility_label: x(n) }))],
  ["action id", 255, (n) => actions(button({ action_id: x(n) }))],
  ["block id", 255, (n) => ({ ...divider, block_id: x(n) })],
  ["confirm title", 100, (n) => confirm({ title: plain(x(n)) })],
  ["confirm text", 300, (n) => confirm({ text: mrkdwn(x(n)) })],
  ["confirm button", 30, (n) => confirm({ confirm: plain(x(n)) })],
  ["deny button", 30, (n) => confirm({ deny: plain(x(n)) })],
  ["placeholder", 150, (n) => select({ options: [option()], placeholder: plain(x(n)) })],
  ["options", 100, (n) => select({ options: times(n, () => option()) })],
  ["option text", 75, (n) => pick({ text: plain(x(n)) })],
  ["option value", 150, (n) => pick({ value: x(n) })],
  ["option description", 75, (n) => pick({ description: plain(x(n)) })],
  [
    "option groups",
    100,
    (n) => select({ option_groups: times(n, () => ({ label: plain("a"), options: [option()] })) }),
  ],
  [
    "option group label",
    75,
    (n) => select({ option_groups: [{ label: plain(x(n)), options: [option()] }] }),
  ],
  ["overflow options", 5, (n) => actions({ type: "overflow", options: times(n, () => option()) })],
  [
    "radio buttons",
    10,
    (n) => actions({ type: "radio_buttons", options: times(n, () => option()) }),
  ],
  ["checkboxes", 10, (n) => actions({ type: "checkboxes", options: times(n, () => option()) })],
  ["alternative text", 2_000, (n) => image({ alt_text: x(n) })],
  ["image url", 3_000, (n) => image({ image_url: x(n) })],
  ["image title", 2_000, (n) => image({ title: plain(x(n)) })],
  ["input label", 2_000, (n) => input({ label: plain(x(n)) })],
  ["input hint", 2_000, (n) => input({ hint: plain(x(n)) })],
  [
    "initial value",
    3_000,
    (n) => input({ element: { type: "plain_text_input", initial_value: x(n) } }),
  ],
  [
    "length of an input",
    3_000,
    (n) => input({ element: { type: "plain_text_input", max_length: n } }),
  ],
  ["markdown", 12_000, (n) => ({ type: "markdown", text: x(n) })],
  ["table rows", 100, (n) => table(times(n, () => [cell("a")]))],
  ["table columns", 20, (n) => table([times(n, () => cell("a"))])],
  ["table characters", 10_000, (n) => table(filled(n, 101))],
  ["data table rows", 101, (n) => dataTable(times(n, () => [cell("a")]))],
  ["data table characters", 20_000, (n) => dataTable(filled(n, 200))],
  ["data table page", 100, (n) => dataTable([[cell("a")]], { page_size: n })],
  ["container title", 150, (n) => container({ title: plain(x(n)) })],
  ["container subtitle", 150, (n) => container({ subtitle: mrkdwn(x(n)) })],
  ["container children", 10, (n) => container({ child_blocks: times(n, () => divider) })],
  ["card title", 150, (n) => card({ title: mrkdwn(x(n)) })],
  ["card body", 200, (n) => card({ body: mrkdwn(x(n)) })],
  ["card buttons", 3, (n) => card({ actions: times(n, () => button()) })],
  ["cards", 10, (n) => ({ type: "carousel", elements: times(n, () => card({})) })],
];

const modal = (more: object = {}) => ({
  type: "modal",
  title: plain("a"),
  submit: plain("a"),
  blocks: [divider],
  ...more,
});
const fileInput = (count: number) => input({ element: { type: "file_input", max_files: count } });

const inModals: readonly [what: string, limit: number, build: (size: number) => object][] = [
  ["blocks", 100, (n) => modal({ blocks: times(n, () => divider) })],
  ["title", 24, (n) => modal({ title: plain(x(n)) })],
  ["submit button", 24, (n) => modal({ submit: plain(x(n)) })],
  ["close button", 24, (n) => modal({ close: plain(x(n)) })],
  ["private metadata", 3_000, (n) => modal({ private_metadata: x(n) })],
  ["callback id", 255, (n) => modal({ callback_id: x(n) })],
  ["external id", 255, (n) => modal({ external_id: x(n) })],
  ["files", 10, (n) => modal({ blocks: [fileInput(n)] })],
  ["alert text", 200, (n) => modal({ blocks: [{ type: "alert", text: plain(x(n)) }] })],
];

describe("in a message", () => {
  it.each(inMessages)("%s: %i at most", (_, limit, build) => {
    expect(refuseMessageBlocks([build(limit)])).toBeUndefined();
    expect(refuseMessageBlocks([build(limit + 1)])?.error).toBe("invalid_blocks");
  });

  it("50 blocks at most", () => {
    expect(refuseMessageBlocks(times(50, () => divider))).toBeUndefined();
    expect(refuseMessageBlocks(times(51, () => divider))?.error).toBe("invalid_blocks");
  });
});

describe("in a modal", () => {
  it.each(inModals)("%s: %i at most", (_, limit, build) => {
    expect(refuseView(build(limit), "modal")).toBeUndefined();
    expect(refuseView(build(limit + 1), "modal")?.error).toBe("invalid_arguments");
  });

  it("250,000 bytes at most", () => {
    const sized = (bytes: number): object => {
      const blocks = times(84, () => ({ type: "section", text: plain(x(2_900)) }));
      const spare = bytes - JSON.stringify(modal({ blocks, private_metadata: "" })).length;
      return modal({ blocks, private_metadata: x(spare) });
    };
    expect(refuseView(sized(250_000), "modal")).toBeUndefined();
    expect(refuseView(sized(250_001), "modal")?.error).toBe("view_too_large");
  });
});
