import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const page = read("docs/faults.md");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.slice(2, -2).split(" | "))
  .slice(1);

const faults = [
  "kill -9 at any step",
  "API down / slow / hung",
  "500 or reset after commit",
  "409",
  "410",
  "429",
  "Watch silently dead / stale",
  "Slack 429/5xx/timeout",
  "Ambiguous post",
  "Socket drop",
  "Duplicate / reordered delivery",
  "Clock skew ±10 min",
  "Two replicas, GC pause of leader",
  "Fails on object k of n",
  "Rollout of hours",
  "Rollback of rollback",
  "Delete during deploy",
  "Concurrent deploys",
  "Poison object",
  "etcd latency 500 ms–5 s",
];

/** Every `file` "name" in a text; a name may run over the end of a line. */
function testsIn(text: string): readonly (readonly [file: string, name: string])[] {
  return [...text.matchAll(/`(test\/[^`]+)`\s+"([^"]+)"/g)].map(
    ([, file = "", name = ""]) => [file, name.replaceAll(/\s+/g, " ")] as const,
  );
}

describe("docs/faults.md", () => {
  it("has the twenty faults, each with its promise, how it is kept, and its test", () => {
    expect(rows.map(([fault]) => fault)).toEqual(faults);
    for (const row of rows) expect(row.filter((cell) => cell.trim() !== "")).toHaveLength(4);
  });

  it("says how many rows have no test yet, and every other names one", () => {
    const missing = rows.filter(([, , , tests = ""]) => tests === "not yet");
    expect(page).toContain(`Rows without their test: ${missing.length}.`);
    for (const row of rows) {
      if (!missing.includes(row)) expect(testsIn(row[3] ?? ""), row[0]).not.toEqual([]);
    }
  });

  it.each(testsIn(page))("names a test that exists: %s %s", (file, name) => {
    expect(read(file)).toContain(name);
  });
});
