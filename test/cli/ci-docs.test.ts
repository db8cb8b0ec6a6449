import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exitCodes, exitMeanings, exitOf } from "../../src/cli/command.ts";
import { isTerminal } from "../../src/release/phases.ts";
import { releasePhases } from "../../src/release/release.ts";

describe("the exit codes", () => {
  it("are distinct, and those of docs/ci.md", () => {
    const rows = Object.entries(exitCodes).map(
      ([name, code]) => `| ${code} | ${exitMeanings[name as keyof typeof exitCodes]} |`,
    );
    expect(new Set(Object.values(exitCodes)).size).toBe(rows.length);
    const page = readFileSync(new URL("../../docs/ci.md", import.meta.url), "utf8");
    expect(page.split("\n").filter((line) => /^\| \d/u.test(line))).toEqual(rows);
  });

  it.each(releasePhases)("say of %s whether it is over", (phase) => {
    expect(exitOf(phase) !== undefined).toBe(isTerminal(phase));
  });
});
