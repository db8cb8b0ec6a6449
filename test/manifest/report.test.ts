import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/manifest/finding.ts";
import { reportGithub, reportText, snippet } from "../../src/manifest/report.ts";

const finding = (line: number, column: number): Finding => ({
  severity: "error",
  code: "wrong-type",
  message: "It is 100% wrong.",
  path: "a",
  line,
  column,
  hint: "Mend it.",
});

describe("snippet", () => {
  it("shows the line and a caret below the column", () => {
    expect(snippet(finding(2, 4), "a: 1\nb: x\nc: 2")).toEqual(["  2 | b: x", "    |    ^"]);
  });

  it("puts the caret after the end of the line, where something is missing", () => {
    expect(snippet(finding(1, 3), "ab\r\n")).toEqual(["  1 | ab", "    |   ^"]);
  });

  it("cuts a long line around the caret", () => {
    const line = `${"x".repeat(200)}!${"y".repeat(200)}`;
    const [shown = "", caret = ""] = snippet(finding(1, 201), line);
    expect(shown.length).toBeLessThan(100);
    expect(shown).toMatch(/^ {2}1 \| …x+!y+…$/u);
    expect(shown[caret.indexOf("^")]).toBe("!");
  });

  it("shows what cannot be seen without moving the caret", () => {
    const [shown = "", caret = ""] = snippet(finding(1, 5), "\t\u202e\u001b[!");
    expect(shown).toBe("  1 |  \ufffd\ufffd[!");
    expect(shown[caret.indexOf("^")]).toBe("!");
  });

  it("is empty for a finding about no place", () => {
    expect(snippet(finding(0, 0), "a")).toEqual([]);
  });
});

describe("reportText", () => {
  it("says where, what, and what to do", () => {
    expect(reportText(finding(1, 1), { file: "a.json", text: "x" })).toBe(
      "a.json:1:1: error wrong-type: It is 100% wrong.\n  1 | x\n    | ^\n  hint: Mend it.\n",
    );
    expect(
      reportText({ ...finding(0, 0), hint: "" }, { file: "a\u001b[31m.json", text: "x" }),
    ).toBe("a.json: error wrong-type: It is 100% wrong.\n");
  });
});

describe("reportGithub", () => {
  it("writes a workflow command, escaped", () => {
    expect(reportGithub(finding(3, 4), { file: "a,b:c%.json", text: "" })).toBe(
      "::error file=a%2Cb%3Ac%25.json,line=3,col=4,title=docc wrong-type::It is 100%25 wrong. Mend it.\n",
    );
    expect(
      reportGithub({ ...finding(0, 0), hint: "", severity: "warning" }, { file: "a", text: "" }),
    ).toBe("::warning file=a,title=docc wrong-type::It is 100%25 wrong.\n");
  });
});
