import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { colouredDiff } from "../../src/cli/diff-text.ts";
import { sayDiff } from "../../src/release/diff/text.ts";

const names: Readonly<Record<string, string>> = { 1: "bold", 31: "red", 32: "green", 33: "yellow" };

function colours(text: string): readonly string[] {
  return colouredDiff(text)
    .split("\n")
    .map((line) => {
      const words = stripVTControlCharacters(line);
      const [, code = ""] = /\[(\d+)m/u.exec(line) ?? [];
      expect(line).toBe(`\u001b[${code}m${words}\u001b[0m`);
      return `${names[code] ?? "none"}: ${words}`;
    });
}

describe("the colours of a diff", () => {
  it("show what comes, what goes and what changes", () => {
    const field = { path: "container kubecon: env LEVEL" };
    const objects = [
      {
        kind: "Deployment",
        name: "web",
        action: "change",
        fields: [
          { path: "replicas", change: "changed", before: "3", after: "5  added: x" },
          { ...field, change: "added" },
          { ...field, change: "removed", before: "a" },
        ],
        left: 2,
      },
      {
        kind: "Service",
        name: "web",
        action: "create",
        fields: [{ path: "ports", change: "added", after: "80" }],
        previewed: false,
      },
      { kind: "Ingress", name: "web", action: "prune", fields: [] },
    ];
    const lines = sayDiff({ diff: JSON.stringify(objects), changes: [] });
    expect(colours(lines.join("\n"))).toMatchInlineSnapshot(`
      [
        "bold: Deployment web: changes",
        "yellow:   replicas  3 -> 5  added: x",
        "green:   container kubecon: env LEVEL  added",
        "red:   container kubecon: env LEVEL  removed: a",
        "yellow:   and 2 more fields",
        "green: Service web: new, not previewed",
        "green:   ports  80",
        "red: Ingress web: removed after success",
      ]
    `);
  });

  it("leave an empty diff as it is", () => {
    expect(colouredDiff("")).toBe("");
  });
});
