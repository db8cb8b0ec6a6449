import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exitCodes, exitMeanings, exitOf, worstOf } from "../../src/cli/command.ts";
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

  it("of several releases are the worst, in the order of docs/ci.md", () => {
    const page = readFileSync(new URL("../../docs/ci.md", import.meta.url), "utf8");
    const [, first = "", others = ""] =
      /the worst: (\d+) first, then ([\d, ]+)\./u.exec(page) ?? [];
    const order = [first, ...others.split(", ")].map(Number);
    const bad = Object.values(exitCodes).filter((code) => code !== 0 && code !== exitCodes.usage);
    expect(new Set(order)).toEqual(new Set(bad));
    for (const [at, code] of order.entries()) {
      expect(worstOf([0, ...order.slice(at).toReversed()])).toBe(code);
    }
    expect(worstOf([0, 0])).toBe(0);
  });

  it.each(releasePhases)("say of %s whether it is over", (phase) => {
    expect(exitOf(phase) !== undefined).toBe(isTerminal(phase));
  });
});
