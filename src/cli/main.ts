#!/usr/bin/env node
import packageJson from "../../package.json" with { type: "json" };
import { DoccError } from "../errors.ts";
import { findingCodes } from "../manifest/finding.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { audit } from "./audit.ts";
import { type CliCommand, exitCodes } from "./command.ts";
import { approve, cancel, reject } from "./decide.ts";
import { init } from "./init.ts";
import { type Io, processIo } from "./io.ts";
import { render } from "./render.ts";
import { schema } from "./schema.ts";
import { validate } from "./validate.ts";
import { takeApart, usageError } from "./words.ts";

const commands: readonly CliCommand[] = [
  init,
  validate,
  render,
  schema,
  approve,
  reject,
  cancel,
  audit,
];

const help = { values: [], short: "h" } as const;

/**
 * The command line: `docc init | validate | render | schema | approve | reject | cancel | audit | help`.
 * @param argv the words after the program's name
 * @returns the exit code: 0 no errors, 1 errors in a manifest or a broken audit log, 2 wrong usage, or what cannot be read
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof DoccError) {
      const hint = error.hint === undefined ? "" : ` ${error.hint}`;
      io.stderr(`docc: ${error.message}${hint}\n`);
      return exitCodes.usage;
    }
    throw error;
  }
}

async function run([first, ...rest]: readonly string[], io: Io): Promise<number> {
  if (first === undefined) {
    throw usageError("Say what to do:", `${commands.map(({ name }) => name).join(", ")} or help.`);
  }
  if (first === "help" || first.startsWith("-")) {
    return about(first, rest, io);
  }
  const command = commandNamed(first);
  const words = takeApart(rest, { ...command.options, help });
  if (words.options.has("help")) {
    io.stdout(helpOf(command));
    return exitCodes.ok;
  }
  return command.run(words, io);
}

/** `help`, and what stands in place of a command: `--help`, `--version`. */
function about(first: string, rest: readonly string[], io: Io): number {
  if (first === "help") {
    const { positionals } = takeApart(rest, { help });
    const [topic, surplus] = positionals;
    if (surplus !== undefined) {
      throw usageError(
        `The word ${quoted(surplus)} is one too many.`,
        "Write docc help [COMMAND].",
      );
    }
    io.stdout(helpOn(topic));
    return exitCodes.ok;
  }
  const { options, positionals } = takeApart([first, ...rest], { help, version: { values: [] } });
  const [surplus] = positionals;
  if (surplus !== undefined) {
    throw usageError(`The word ${quoted(surplus)} is one too many.`, "Write docc COMMAND --help.");
  }
  io.stdout(options.has("help") ? overview() : `docc ${packageJson.version}\n`);
  return exitCodes.ok;
}

function helpOn(topic: string | undefined): string {
  if (topic === undefined || topic === "help") {
    return overview();
  }
  return topic === "codes" ? codes() : helpOf(commandNamed(topic));
}

function commandNamed(name: string): CliCommand {
  const found = commands.find((command) => command.name === name);
  if (found === undefined) {
    const names = [...commands.map((command) => command.name), "help"];
    const meant = nearest(name, names);
    throw usageError(
      `There is no command ${quoted(name)}.`,
      meant === undefined ? `The commands are ${names.join(", ")}.` : `Did you mean ${meant}?`,
    );
  }
  return found;
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = [
    "docc writes manifests, checks them, and shows what they become; it takes decisions past Slack,",
    "and it reads docc's audit log.",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    `  ${"help".padEnd(width)}  Show this, or how one command is used`,
    "",
    "docc COMMAND --help says more; docc help codes explains what validate finds;",
    "docc --version says which docc this is.",
    "Exit codes: 0 no errors, 1 errors in a manifest or a broken audit log, 2 wrong usage, or what",
    "cannot be read.",
  ];
  return `${lines.join("\n")}\n`;
}

/** What each code of a finding means. */
function codes(): string {
  const all = Object.entries(findingCodes);
  const width = Math.max(...all.map(([code]) => code.length));
  const lines = all.map(
    ([code, { severity, meaning }]) => `${code.padEnd(width)}  ${severity.padEnd(7)}  ${meaning}`,
  );
  return `${lines.join("\n")}\n`;
}

function helpOf({ name, usage, summary, details }: CliCommand): string {
  return `${[`docc ${name} ${usage}`, "", `${summary}.`, ...details].join("\n")}\n`;
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2), processIo());
}
