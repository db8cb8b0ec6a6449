import { describe, expect, it } from "vitest";
import { z } from "zod";
import { helpOf } from "../../src/cli/help.ts";
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
    gently: z.enum(["true", "false"]).optional(),
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
      "APP [now|later] in=ENVIRONMENT [lines=N] [gently] [odd=TEXT] [key=value ...]",
    );
    const several = { ...tidy, positional: ["app"], variadic: true } as const;
    expect(wordUsage(several)).toMatch(/^APP\.\.\. \[state=now\|later\] /u);
  });

  it("has its options behind it", () => {
    expect(
      optionUsage({
        output: { values: ["table", "json"], short: "o", about: "how" },
        wait: { values: "DURATION", isOptional: true, about: "how long" },
        head: { values: "HASH", about: "which" },
        yes: { values: [], short: "y", about: "sure" },
      }),
    ).toBe("[-o table|json] [--wait[=DURATION]] [--head HASH] [--yes]");
  });
});

describe("the help of docc", () => {
  /** What it says once for every key that changes a manifest. */
  const changes = wordUsages.map((key) => key.replace(/(?<=\.)[A-Z]+$/u, ""));

  it.each(commands.map((command) => [command.name, command] as const))(
    "of %s names everything that it takes, and nothing else",
    (_name, command) => {
      const { usage, options, takes = {} } = command;
      const text = helpOf(command);
      const keys = Object.keys(takes.keys ?? {}).filter((key) => !changes.includes(key));
      for (const key of keys) {
        const sign = takes.keys?.[key]?.isSwitch === true ? "\\b" : "=";
        expect(text).toMatch(new RegExp(`\\b${key}${sign}`, "u"));
      }
      for (const [name, { short, about }] of Object.entries(options)) {
        const flag = short === undefined ? `      --${name}` : `  -${short}, --${name}`;
        expect(text).toMatch(new RegExp(`^${flag}[[ ]`, "mu"));
        expect(about, name).not.toBe("");
      }
      for (const { form, about } of takes.listed ?? []) {
        expect(text).toContain(`\n  ${form}`);
        expect(about, form).not.toBe("");
        // What only Slack has is no help here.
        expect(about, form).not.toMatch(/default that config|direct messages|button|a form/u);
      }
      for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
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

describe("the help of a word", () => {
  it("has what it does, how it is written, what it takes, and examples", () => {
    expect(commands.filter(({ name }) => name === "logs").map(helpOf)).toMatchInlineSnapshot(`
      [
        "Show the latest log lines of an app, merged by time.

      Usage: docc logs APP [key=value ...] [options]

      Arguments:
        APP             the application's name
        container=NAME  one container of the pods
        pod=NAME        one pod, by its name or the end of it
        lines=N         how many lines, 50 unless told
        since=DURATION  how far back, such as 10m, or from which time on
        until=TIME      until which time, with since=
        previous        the lines of the container before its last restart
        grep=TEXT       only lines that contain this text, in upper or lower case
        in=ENVIRONMENT  the environment; without it the only one that has the application

      Options:
        -f, --follow                  go on with what is new, until Ctrl-C
        -o, --output table|json|yaml  print it as this: table unless told, or as data
            --app-context CONTEXT     context of the apps' cluster; that of the records unless told
        -n, --namespace NAMESPACE     docc's own namespace, docc unless told
            --context CONTEXT         context of the kubeconfig; the current one unless told
        -h, --help                    show this help

      The lines go to standard output, TIME POD  text, and what is to be said of them to standard error.
      What is probably secret is masked, and what a terminal would obey is taken out.
      Nothing is changed, and your own rights count: in docc's records, and in the cluster where the app
      is. Times are in UTC.

      Examples:
        docc logs kubecon-2017
        docc logs kubecon-2017 lines=20 previous=true
        docc logs kubecon-2017 since=10m grep="not set"
      ",
      ]
    `);
  });

  it("shows a short usage whole, and each way of writing a long one", () => {
    const usageOf = (wanted: string) =>
      commands
        .filter(({ name }) => name === wanted)
        .flatMap((command) => /^Usage: .*(?:\n {7}.*)*/mu.exec(helpOf(command)) ?? []);
    expect(["schema", "render", "open", "update", "init", "audit"].flatMap(usageOf))
      .toMatchInlineSnapshot(`
      [
        "Usage: docc schema > manifest.schema.json",
        "Usage: docc render FILE [in=ENVIRONMENT] [key=value ...] [--config docc.yaml]",
        "Usage: docc open APP [LINK] [in=ENVIRONMENT] [options]",
        "Usage: docc update APP [pause|resume] in=ENVIRONMENT [key=value ...] [options]",
        "Usage: docc init [APP] [key=value ...] [options]
             docc init from=deployment/NAME [key=value ...] [options]",
        "Usage: docc audit [APP] [key=value ...] [options]
             docc audit --verify [options]",
      ]
    `);
  });

  it("sums up as Slack does, wherever the terminal does the same", () => {
    const others = commands.filter(({ name, summary }) => {
      const slack = registry.find((each) => each.name === name);
      return slack !== undefined && slack.summary.replace(", to you alone", "") !== summary;
    });
    expect(others.map(({ name }) => name).toSorted()).toEqual([
      "audit",
      "completion",
      "config",
      "init",
      "list",
      "open",
      "status",
      "validate",
    ]);
  });
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
