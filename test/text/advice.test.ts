import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { registry } from "../../src/commands/registry.ts";
import { advise } from "../../src/text/advice.ts";

describe("a command that a sentence advises", () => {
  it("names the app, its words and the environment", () => {
    const place = { app: "shop", environment: "production" };
    expect(advise("delete", place)).toBe("/docc delete shop in=production");
    expect(advise("history", place, "lines=90")).toBe("/docc history shop lines=90 in=production");
  });

  // Where commands go without in= is never production: who follows such an advice would act elsewhere.
  it("is never written without an environment where it is about an app", () => {
    const words = registry
      .filter(({ positional, args }) => positional.length > 0 && "in" in args.shape)
      .map(({ name }) => name);
    expect(words).toContain("delete");
    // A release's own name says where it is.
    const ofAnApp = new RegExp(
      `/docc (${words.join("|")}) (?!\\$\\{metadata\\.name\\})(\\$\\{|from=)`,
      "u",
    );
    const sources = globSync("src/**/*.ts");
    expect(sources.length).toBeGreaterThan(100);
    const wrong = sources.flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => ofAnApp.test(line) && !/ in=/u.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(wrong).toEqual([]);
  });
});
