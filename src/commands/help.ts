import { z } from "zod";
import { DoccError } from "../errors.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { defineCommand, type Command } from "./define.ts";
import { argumentsOf, usageOf, whoMay } from "./usage.ts";

/** `help` speaks of the other commands, so it is made from them. */
export function helpFor(others: readonly Command[]): Command {
  const help: Command = defineCommand({
    name: "help",
    summary: "Show all commands, or how to use one",
    needs: "read",
    answers: "later",
    positional: ["command"],
    args: z.object({ command: z.string().optional().describe("the command to explain") }),
    examples: ["help", "help deploy"],
    run: ({ command }) => {
      const all = [...others, help];
      return Promise.resolve(command === undefined ? overview(all) : explain(all, command));
    },
  });
  return help;
}

function overview(commands: readonly Command[]): { text: string; lines: string[] } {
  return {
    text: "docc deploys apps from a small manifest and tells you how it went.",
    lines: [
      ...commands.map((command) => `/docc ${usageOf(command)}  ${command.summary}`),
      "/docc help <command> shows examples.",
    ],
  };
}

function explain(commands: readonly Command[], word: string): { text: string; lines: string[] } {
  const command = commands.find(({ name }) => name === word);
  if (command === undefined) {
    const close = nearest(
      word,
      commands.map(({ name }) => name),
    );
    throw new DoccError("not-found", `There is no command ${quoted(word)}.`, {
      hint: close === undefined ? "Try /docc help." : `Did you mean /docc help ${close}?`,
    });
  }
  return {
    text: `/docc ${usageOf(command)}: ${command.summary}.`,
    lines: [
      ...argumentsOf(command).map(
        ({ name, positional, description }) => `${positional ? name : `${name}=`}  ${description}`,
      ),
      `Who may: ${whoMay(command).replaceAll("`", "")}`,
      ...command.examples.map((example) => `Example: /docc ${example}`),
    ],
  };
}
