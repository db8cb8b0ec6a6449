import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commands } from "../../src/cli/main.ts";
import { inTerminal, sharedWords } from "../../src/cli/said.ts";
import { optionUsage, wordUsage } from "../../src/cli/usage.ts";
import { defineCommand } from "../../src/commands/define.ts";
import { registry } from "../../src/commands/registry.ts";
import { wordUsages } from "../../src/manifest/words.ts";

const tidy = defineCommand({
  name: "tidy",
  summary: "Tidy",
  needs: "read",
  answers: "later",
  positional: ["app", "state"],
  args: z.object({
    app: z.string(),
    state: z.enum(["now", "later"]).optional(),
    lines: z.string().optional(),
    odd: z.string().optional(),
    share: z.string().optional(),
    in: z.string().optional(),
  }),
  rest: "words",
  examples: [],
  run: () => Promise.reject(new Error("unused")),
});

describe("how a word is written in a terminal", () => {
  it("comes from its declaration, what must be there first", () => {
    expect(wordUsage(tidy, { missing: ["share"], needed: ["in"] })).toBe(
      "APP [now|later] in=ENVIRONMENT [lines=N] [odd=TEXT] [key=value ...]",
    );
    const several = { ...tidy, positional: ["app"], variadic: true } as const;
    expect(wordUsage(several)).toMatch(/^APP\.\.\. \[state=now\|later\] /u);
  });

  it("has its options behind it", () => {
    expect(
      optionUsage({
        output: { values: ["table", "json"], short: "o" },
        wait: { values: "DURATION", isOptional: true },
        head: { values: "HASH" },
        yes: { values: [], short: "y" },
      }),
    ).toBe("[-o table|json] [--wait[=DURATION]] [--head HASH] [--yes]");
  });
});

describe("the help of docc", () => {
  /** What it says once for every key that changes a manifest. */
  const changes = wordUsages.map((key) => key.replace(/(?<=\.)[A-Z]+$/u, ""));

  it.each(commands.map((command) => [command.name, command] as const))(
    "of %s names everything that it takes, and nothing else",
    (_name, { usage, details, options, takes = {} }) => {
      const text = [usage, ...details].join("\n");
      const keys = Object.keys(takes.keys ?? {}).filter((key) => !changes.includes(key));
      for (const key of keys) expect(text).toMatch(new RegExp(`\\b${key}=`, "u"));
      for (const [name, { short }] of Object.entries(options)) {
        const flags = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
        expect(
          flags.some((flag) => text.includes(flag)),
          name,
        ).toBe(true);
      }
      const named = [...usage.matchAll(/(?<=[[ ])([a-z]+)=/gu)].map(([, key = ""]) => key);
      const known = [...keys, ...changes, "key"];
      expect(known).toEqual(expect.arrayContaining(named));
      const flagged = [...usage.matchAll(/(?<=[[ ]|^)(-\w|--[a-z-]+)/gu)].map(([flag]) => flag);
      const all = Object.entries(options).flatMap(([name, { short }]) => [
        `--${name}`,
        `-${short}`,
      ]);
      expect(all).toEqual(expect.arrayContaining(flagged));
    },
  );
});

describe("what Slack's sentences say to type next", () => {
  /** Words of both that a sentence of Slack's means there: for its form, for taking over, for a file that was sent. */
  const others = ["init", "validate", "completion"];

  it("is a word of the terminal, where it has the same one", () => {
    const slack = registry.map(({ name }) => name);
    const both = commands.map(({ name }) => name).filter((name) => slack.includes(name));
    expect(sharedWords.toSorted()).toEqual(
      both.filter((name) => !others.includes(name)).toSorted(),
    );
    expect(inTerminal("Write /docc logs shop, or /docc init shop.")).toBe(
      "Write docc logs shop, or /docc init shop.",
    );
  });
});
