import packageJson from "../../package.json" with { type: "json" };
import { DoccError } from "../errors.ts";
import { findingCodes } from "../manifest/finding.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { config, lock, unlock } from "./act.ts";
import { audit } from "./audit.ts";
import { type CliCommand, exitCodes, exitMeanings } from "./command.ts";
import { complete, completeWord } from "./complete.ts";
import { completionFor } from "./completion.ts";
import { approve, cancel, reject } from "./decide.ts";
import { helpOf, helpOption, optionForm, section } from "./help.ts";
import { homeOptions } from "./home.ts";
import { init } from "./init.ts";
import type { Io } from "./io.ts";
import { render } from "./render.ts";
import { diff, history, list, show, status } from "./look.ts";
import { events, inspect, logs, open } from "./look-app.ts";
import { deleteWord, deploy, restart, rollback, update } from "./request.ts";
import { unknownOptionOf } from "./mistakes.ts";
import { outputOption } from "./output.ts";
import { sayFailure } from "./said.ts";
import { schema } from "./schema.ts";
import { Unanswered } from "./unanswered.ts";
import { validate } from "./validate.ts";
import { takeApart, usageError } from "./words.ts";

/** What `docc help` explains beside the commands. */
const topics = ["codes", "exit-codes"] as const;

const words: Readonly<Record<string, readonly CliCommand[]>> = {
  "Write and check manifests": [init, validate, render, schema],
  "Ask for releases": [deploy, update, rollback, restart, deleteWord],
  "Decide past Slack": [approve, reject, cancel],
  "Hold applications, and say what you prefer": [lock, unlock, config],
  "See how things stand": [status, list, diff, inspect, logs, events, open, history, show, audit],
};

/** Every word, in the groups of help. */
const groups: Readonly<Record<string, readonly CliCommand[]>> = {
  ...words,
  "Set up your shell": [completionFor(Object.values(words).flat(), topics)],
};
export const commands = Object.values(groups).flat();

const help = helpOption;
const version = { values: [], about: "show which docc this is" } as const;

/**
 * The command line.
 * @param argv the words after the program's name
 * @returns the exit code, see {@link exitMeanings}
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof DoccError) {
      io.stderr(`docc: ${sayFailure(error)}\n`);
      if (error instanceof Unanswered) return exitCodes.timeout;
      return error.reason === "conflict" ? exitCodes.errors : exitCodes.usage;
    }
    throw error;
  }
}

async function run([first, ...rest]: readonly string[], io: Io): Promise<number> {
  if (first === undefined) {
    io.stdout(overview());
    return exitCodes.ok;
  }
  if (first === "help" || first.startsWith("-")) {
    return about(first, rest, io);
  }
  if (first === completeWord) return complete(rest, io);
  const command = commandNamed(first);
  const taken = takeApart(rest, { ...command.options, help }, unknownOptionOf(command));
  if (taken.options.has("help")) {
    io.stdout(helpOf(command));
    return exitCodes.ok;
  }
  return command.run(taken, io);
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
  const { options, positionals } = takeApart([first, ...rest], { help, version });
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
  if (topic === "exit-codes") return `${exitLines().join("\n")}\n`;
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
    "docc deploys applications from small manifests; these are its commands for terminals and CI.",
    "",
    "Usage: docc COMMAND [ARGUMENT ...] [OPTION ...]",
    ...Object.entries(groups).flatMap(([title, members]) => [
      "",
      `${title}:`,
      ...members.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    ]),
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
    "",
    ...section(
      "Options of most commands",
      Object.entries({ output: outputOption, ...homeOptions, help }).map(
        ([name, option]) => [optionForm(name, option), option.about] as const,
      ),
    ),
    "",
    ...section("Environment", [
      ["KUBECONFIG", "where the kubeconfig is; ~/.kube/config unless set"],
      ["NO_COLOR", "set: no colours, which come on a terminal only"],
    ]),
    "",
    "Exit codes: 0 done, 1 errors or refused, 2 wrong usage, 3 to 8 a release's end, 9 no verdict yet.",
    "",
    "Learn more:",
    "  docc COMMAND --help    how one command is used",
    "  docc help codes        what validate finds",
    "  docc help exit-codes   every exit code, for scripts",
    "  docc --version         which docc this is",
    "  docs/cli.md            every command, with what it prints",
    "  docs/ci.md             docc in a pipeline",
  ];
  return `${lines.join("\n")}\n`;
}

const examples = [
  "docc validate manifest.json",
  "docc deploy kubecon-2017 tag=2018 in=staging --wait",
  "docc deploy -f manifest.json tag=2018 in=staging --for dev@example.com --key 4711 --wait=20m",
  "docc rollback kubecon-2017 in=production --wait",
  "docc approve kubecon-2017 in=production",
  "docc status",
] as const;

/** One line for each exit code: `3    the release failed`. */
function exitLines(): readonly string[] {
  const meanings = new Map<string, string>(Object.entries(exitMeanings));
  return Object.entries(exitCodes).map(
    ([name, code]) => `${String(code).padEnd(4)} ${meanings.get(name) ?? name}`,
  );
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
