import { describe, expect, it } from "vitest";
import { drawBlock, messageBody } from "../../../sandbox/page/blocks.ts";
import { textOf } from "../../../sandbox/page/markup.ts";
import type { Markup } from "../../../sandbox/page/markup.ts";
import type { JsonObject } from "../../../sandbox/slack/json.ts";
import { outline } from "./outline.ts";

const names = (id: string): string | undefined => (id === "U1" ? "developer" : undefined);
const draw = (block: JsonObject): string => outline([drawBlock(block, names)]);
const mrkdwn = (text: string): JsonObject => ({ type: "mrkdwn", text });
const plain = (text: string): JsonObject => ({ type: "plain_text", text });

describe("a block on the page", () => {
  it("is text and fields, for a section", () => {
    const block = {
      type: "section",
      text: mrkdwn("*Plan* &lt;1&gt;"),
      fields: [mrkdwn("a"), plain("*b*")],
    };
    expect(draw(block)).toContain("<b>Plan</b> ‹1›");
    expect(draw(block)).toContain("<div>a</div><div>*b*</div>");
  });

  it("is a table whose first row is the head", () => {
    const cell = (text: string): JsonObject => ({ type: "raw_text", text });
    const block = {
      type: "table",
      rows: [
        [cell("App"), cell("Ready")],
        [cell("<b>"), cell("3 of 3")],
      ],
    };
    expect(draw(block)).toBe(
      "<div><table><thead><tr><th>App</th><th>Ready</th></tr></thead>" +
        "<tbody><tr><td>‹b›</td><td>3 of 3</td></tr></tbody></table></div>",
    );
  });

  it("is a list of steps that says its states in words too, for a plan", () => {
    const task = (title: string, status: string): JsonObject => ({
      type: "task_card",
      title,
      status,
    });
    const block = {
      type: "plan",
      title: "Rollout of 2017",
      tasks: [
        task("Apply", "complete"),
        task("Roll out", "in_progress"),
        task("Verify", "pending"),
      ],
    };
    expect(textOf(drawBlock(block, names))).toBe(
      "Rollout of 2017Apply (done)Roll out (in progress)Verify (to do)",
    );
  });

  it("parses nothing in rich text", () => {
    const text = { type: "text", text: "*not bold* <@U1> &lt;" };
    const block = {
      type: "rich_text",
      elements: [
        { type: "rich_text_preformatted", elements: [text] },
        {
          type: "rich_text_list",
          style: "ordered",
          elements: [
            {
              type: "rich_text_section",
              elements: [
                { type: "user", user_id: "U1" },
                { ...text, style: { bold: true, code: true } },
              ],
            },
          ],
        },
      ],
    };
    expect(draw(block)).toBe(
      "<div><pre>*not bold* ‹@U1› &lt;</pre>" +
        "<ol><li>@developer<b><code>*not bold* ‹@U1› &lt;</code></b></li></ol></div>",
    );
  });

  it("is a button that knows its action, its label and its confirmation", () => {
    const confirm = {
      title: plain("Sure?"),
      text: mrkdwn("Back to *2016*"),
      confirm: plain("Yes"),
      deny: plain("No"),
    };
    const button = {
      type: "button",
      action_id: "rollback",
      text: plain("Roll back"),
      style: "danger",
      accessibility_label: "Roll back kubecon-2017",
      confirm,
    };
    const actions = drawBlock({ type: "actions", elements: [button] }, names);
    const [drawn] = typeof actions === "string" ? [] : actions.children;
    expect(drawn).toMatchObject({
      tag: "button",
      attributes: {
        "data-do": "act",
        "data-action": "rollback",
        "aria-label": "Roll back kubecon-2017",
        "data-confirm": JSON.stringify({
          title: "Sure?",
          text: "Back to 2016",
          confirm: "Yes",
          deny: "No",
          style: "primary",
        }),
      },
    });
  });

  it.each([
    ["header", { type: "header", text: plain("Hello") }, "<h3>Hello</h3>"],
    ["divider", { type: "divider" }, "<hr></hr>"],
    [
      "context",
      { type: "context", elements: [mrkdwn("Asked by <@U1>")] },
      "<div>Asked by @developer</div>",
    ],
    [
      "image",
      { type: "image", alt_text: "a graph", image_url: "https://x" },
      "<figure>[image: a graph]</figure>",
    ],
    ["alert", { type: "alert", text: mrkdwn("*Production*") }, "<div><b>Production</b></div>"],
  ])("can be a %s", (_, block, expected) => {
    expect(draw(block)).toBe(expected);
  });

  it.each(["video", "context_actions", "constructor", "__proto__"])(
    "is shown by its type when the page does not know it: %s",
    (type) => {
      expect(draw({ type })).toBe(`[${type}]`);
    },
  );

  it("wins over the text of its message, and the text stands alone without blocks", () => {
    const body = (blocks: readonly JsonObject[]): readonly Markup[] =>
      messageBody({ text: "spoken", blocks }, names);
    expect(outline(body([{ type: "header", text: plain("seen") }]))).toBe("<h3>seen</h3>");
    expect(outline(body([]))).toBe("<p>spoken</p>");
  });
});
