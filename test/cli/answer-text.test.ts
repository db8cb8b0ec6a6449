import { describe, expect, it } from "vitest";
import { answerText } from "../../src/cli/answer-text.ts";
import { asText } from "../../src/cli/output.ts";
import { inTerminal, sentencesOf } from "../../src/cli/said.ts";

const answer = {
  text: "Releases of web, newest first.",
  table: {
    columns: ["Revision", "Health", "Outcome"],
    rows: [
      ["3 (live)", "healthy", "succeeded"],
      ["2", "", "failed: it \u001b[31mexits\u202e\nat start"],
    ],
  },
  lines: ["5 older lines: /docc history web lines=90"],
};

describe("an answer in a terminal", () => {
  it("has aligned columns and clean cells, and names what can be typed there", () => {
    expect(answerText(answer, { hasColours: false, omits: ["Health"] })).toMatchInlineSnapshot(`
      "Releases of web, newest first.

      REVISION  OUTCOME
      3 (live)  succeeded
      2         failed: it exits at start

      5 older lines: docc history web lines=90
      "
    `);
  });

  it("has colours that take no room", () => {
    const coloured = answerText(answer, { hasColours: true, omits: [] });
    expect(coloured).toContain("\u001b[1mREVISION\u001b[0m  \u001b[1mHEALTH\u001b[0m   ");
    expect(coloured).toContain(
      "3 (live)  \u001b[32mhealthy\u001b[0m  \u001b[32msucceeded\u001b[0m\n",
    );
    // oxlint-disable-next-line no-control-regex -- colours are what it takes away
    const plain = coloured.replaceAll(/\u001b\[\d+m/gu, "");
    expect(plain).toBe(answerText(answer, { hasColours: false, omits: [] }));
  });

  it("is a sentence and its lines where there is no table", () => {
    const said = answerText({ text: "Nothing is in flight." }, { hasColours: true, omits: [] });
    expect(said).toBe("Nothing is in flight.\n");
  });

  it("has its links below, clean, and says whose rights are missing", () => {
    const links = [
      { text: "url", url: "https://shop.example.com/" },
      { text: "dash\u001b[2Jboard", url: "https://grafana.example.com/d/shop" },
    ];
    const lines = ["Events: not known, docc may not read that."];
    expect(answerText({ text: "Well.", lines, links }, { hasColours: false, omits: [] })).toBe(
      [
        "Well.",
        "Events: not known, you may not read that.",
        "url        https://shop.example.com/",
        "dashboard  https://grafana.example.com/d/shop",
        "",
      ].join("\n"),
    );
  });

  it("keeps words of Slack that a terminal does not have", () => {
    expect(inTerminal("Write /docc init web, or /docc status web; see a/docc list.")).toBe(
      "Write /docc init web, or docc status web; see a/docc list.",
    );
  });

  it("says every finding with what to do", () => {
    const finding = {
      severity: "error",
      code: "unknown-word",
      message: "x= changes nothing.",
      path: "",
      line: 0,
      column: 0,
      hint: "Write tag=.",
    } as const;
    expect(sentencesOf({ text: "Not accepted.", findings: [finding] })).toEqual([
      "Not accepted.",
      "x= changes nothing. Write tag=.",
    ]);
  });
});

describe("data for programs", () => {
  it("says the same as JSON, and nothing that a terminal would obey", () => {
    const data = { reason: "\u001b[2J\u009b2J \u202eevil \u{e0041}" };
    const json = asText(data, "json");
    expect(json).toMatch(/^[\u0020-\u007e\n]*$/u);
    expect(JSON.parse(json)).toEqual(data);
  });
});
