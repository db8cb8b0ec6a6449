import { describe, expect, it } from "vitest";
import { renderText } from "../../../sandbox/slack/render.ts";
import type { Answer } from "../../../src/commands/answer.ts";
import { answerMessage } from "../../../src/slack/views/answer.ts";

const shown = (answer: Answer) =>
  `\n${renderText(JSON.parse(JSON.stringify(answerMessage(answer))), () => undefined)}\n`;

describe("an answer", () => {
  it("shows findings with position, code, message and hint", () => {
    const findings = [
      {
        severity: "error",
        code: "missing-key",
        message: "A container needs image_tag.",
        path: "containers.kubecon",
        line: 4,
        column: 17,
        hint: "Add image_tag.",
      },
      {
        severity: "warning",
        code: "single-replica",
        message: "One replica serves traffic.",
        path: "scale",
        line: 0,
        column: 0,
        hint: "",
      },
    ] as const;
    expect(shown({ text: "Not accepted: 1 error in the manifest.", findings }))
      .toMatchInlineSnapshot(`
      "
      Not accepted: 1 error in the manifest.
        4:17 missing-key containers.kubecon
            A container needs image_tag.
            Add image_tag.
        warning single-replica scale
            One replica serves traffic.
      "
    `);
  });

  it("shows links as buttons, and their addresses where there are none", () => {
    const links = [
      { text: "dashboard", url: "https://grafana.example.com/d/x?a=1&b=2" },
      { text: "x".repeat(100), url: "https://example.com" },
    ];
    const { text, blocks } = answerMessage({ text: "Links of web.", links });
    expect(text).toBe(
      `Links of web.\ndashboard: https://grafana.example.com/d/x?a=1&amp;b=2\n${"x".repeat(100)}: https://example.com`,
    );
    expect(blocks[0]).toMatchObject({ text: { text: "Links of web." } });
    expect(blocks[1]).toMatchObject({
      type: "actions",
      elements: [
        { action_id: "link:open:0", url: "https://grafana.example.com/d/x?a=1&b=2" },
        { action_id: "link:open:1", text: { text: expect.stringMatching(/^.{1,75}$/u) } },
      ],
    });
  });

  it.each([40, 3_000])("counts the links that have no room, of %i characters each", (length) => {
    const url = "https://example.com/".padEnd(length, "x");
    const links = Array.from({ length: 40 }, (_, at) => ({ text: `link-${at}`, url }));
    const { text, blocks } = answerMessage({ text: "Links of web.", links });
    const elements = blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));
    expect(elements.length).toBe(length === 40 ? 25 : 2);
    expect(JSON.stringify(blocks.at(-1))).toContain(`(${40 - elements.length} more links)`);
    expect(JSON.stringify(blocks).length).toBeLessThan(12_000);
    expect(text.length).toBeLessThan(3_801);
  });

  it("draws a table, with a space in empty cells", () => {
    const message = answerMessage({
      text: "docc runs 1 app.",
      table: { columns: ["App", "Tag"], rows: [["web", ""]] },
    });
    expect(message.blocks[1]).toMatchObject({
      type: "table",
      rows: [
        [{ text: "App" }, { text: "Tag" }],
        [{ text: "web" }, { text: " " }],
      ],
    });
  });

  it("shows in a table who somebody is, of those alone whom the command has named", () => {
    const rows = [["@U0DEVELOPER"], ["@U0STRANGER"], ["@U0DEVELOPER too"]];
    const { blocks } = answerMessage({
      text: "Who did what.",
      named: ["U0DEVELOPER"],
      table: { columns: ["Who"], rows },
    });
    expect(blocks[1]).toMatchObject({
      type: "table",
      rows: [
        [{ text: "Who" }],
        [{ elements: [{ elements: [{ type: "user", user_id: "U0DEVELOPER" }] }] }],
        [{ type: "raw_text", text: "@U0STRANGER" }],
        [{ type: "raw_text", text: "@U0DEVELOPER too" }],
      ],
    });
  });

  it("draws a long table as columns and says how many rows it left out", () => {
    const rows = Array.from({ length: 500 }, (_, at) => [`app-${at}`, "production", "3 of 3"]);
    const text = shown({
      text: "docc runs 500 apps.",
      table: { columns: ["App", "Environment", "Ready"], rows },
    });
    expect(text).toMatch(/app-0 +production +3 of 3/);
    expect(text).toMatch(/\(\d+ lines more\)/);
  });

  it("keeps the end of a long log, which is what happened last", () => {
    const log = Array.from({ length: 5_000 }, (_, at) => `line ${at}`).join("\n");
    const text = shown({
      text: "The last 5000 lines of web.",
      snippet: { title: "web.log", text: log },
    });
    expect(text).toContain("line 4999");
    expect(text).not.toContain("line 0\n");
    expect(text).toMatch(/\(\d+ lines before this\)/);
  });

  it("offers the form with what it knows already", () => {
    const message = answerMessage({
      text: "docc does not know web yet.",
      form: { command: "deploy", app: "web", open: false },
    });
    expect(message.blocks.at(-1)).toMatchObject({
      elements: [{ action_id: "form:open", value: '{"command":"deploy","app":"web"}' }],
    });
  });
});
