import { describe, expect, it } from "vitest";
import { renderText, renderView } from "../../../sandbox/slack/render.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const names = (id: string): string | undefined =>
  ({ U1: "developer", C1: "deploys", S1: "kubecon-team" })[id];
const rich = (...elements: object[]) => ({ type: "rich_text", elements });
const words = (text: string) => ({
  type: "rich_text_section",
  elements: [{ type: "text", text }],
});
const render = (...blocks: object[]): string =>
  renderText({ text: "not shown", blocks: blocks.map((block) => ({ ...block })) }, names);

describe("a message as text", () => {
  it("is its text when it has no blocks", () => {
    expect(renderText({ text: "*done* &lt;3", blocks: [] })).toBe("done <3");
  });

  it("shows a plan message as a phone would", () => {
    const button = (text: string) => ({ type: "button", action_id: text, text: plain(text) });
    expect(
      render(
        { type: "header", text: plain("kubecon-2017 -> production") },
        {
          type: "section",
          text: mrkdwn("Asked by <@U1> in <#C1>, for <!subteam^S1>: _new schedule_"),
          fields: [mrkdwn("*Version*\n2016 -> 2017"), mrkdwn("*Changes*\n1")],
          accessory: button("Changes"),
        },
        { type: "divider" },
        { type: "context", elements: [mrkdwn("until <!date^1^{time}|03:12>"), mrkdwn("`9f3a`")] },
        { type: "actions", elements: [button("Approve"), button("Reject")] },
      ),
    ).toMatchInlineSnapshot(`
      "kubecon-2017 -> production
      Asked by @developer in #deploys, for @kubecon-team: new schedule
      Version
      2016 -> 2017
      Changes
      1
      [Changes]
      ---
      until 03:12 \`9f3a\`
      [Approve] [Reject]"
    `);
  });

  it("shows rollout progress, tables, lists, logs and nested blocks", () => {
    const task = (title: string, status: string, details?: object) => ({
      type: "task_card",
      task_id: title,
      title,
      status,
      ...(details === undefined ? {} : { details }),
    });
    expect(
      render(
        {
          type: "plan",
          title: "Rolling out 2017",
          tasks: [
            task("Validate", "complete"),
            task("Roll out", "in_progress", rich(words("2 of 3 ready"))),
            task("Verify", "pending"),
            task("Route", "error"),
          ],
        },
        {
          type: "table",
          rows: [
            [plain("kind"), plain("name")],
            [plain("Deployment"), rich(words("kubecon"))],
          ],
        },
        rich(
          {
            type: "rich_text_list",
            style: "ordered",
            elements: [words("apply"), words("watch")],
          },
          { type: "rich_text_list", style: "bullet", indent: 1, elements: [words("each pod")] },
          {
            type: "rich_text_preformatted",
            elements: [{ type: "text", text: "DATABASE_URL is not set\nexit 1" }],
          },
          { type: "rich_text_quote", elements: [{ type: "user", user_id: "U1" }] },
        ),
        {
          type: "container",
          title: plain("Diff"),
          child_blocks: [{ type: "section", text: mrkdwn("-a\n+b") }],
        },
        { type: "image", alt_text: "a graph" },
        { type: "data_visualization" },
      ),
    ).toMatchInlineSnapshot(`
      "Rolling out 2017
      [x] Validate
      [~] Roll out
        2 of 3 ready
      [ ] Verify
      [!] Route
      kind | name
      Deployment | kubecon
      1. apply
      2. watch
        - each pod
        DATABASE_URL is not set
        exit 1
      > @developer
      Diff
        -a
        +b
      [image: a graph]
      [data_visualization]"
    `);
  });

  it("leaves names with underscores and lone marks as they are", () => {
    expect(render({ type: "section", text: mrkdwn("DATABASE_URL 2 * 3 a_b_c *bold*") })).toBe(
      "DATABASE_URL 2 * 3 a_b_c bold",
    );
    expect(render({ type: "section", text: plain("*as is* <@U1>") })).toBe("*as is* <@U1>");
  });
});

describe("a view as text", () => {
  it("shows title, alert, inputs with their errors, and buttons", () => {
    const input = (label: string, more: object) => ({
      type: "input",
      label: plain(label),
      ...more,
    });
    const view = {
      title: plain("Deploy"),
      submit: plain("Plan"),
      close: plain("Cancel"),
      errors: { app: "no such app" },
      blocks: [
        { type: "alert", level: "warning", text: mrkdwn("This is *production*") },
        input("App", { block_id: "app", element: { type: "plain_text_input" } }),
        input("Manifest", { optional: true, element: { type: "file_input" } }),
      ],
    };
    expect(renderView(view)).toMatchInlineSnapshot(`
      "Deploy
      warning: This is production
      App: [plain_text_input]
      ! no such app
      Manifest (optional): [file_input]
      [Plan] [Cancel]"
    `);
  });
});
