import { oneLine, quoted } from "../text/clean.ts";
import { answerKeys, starter } from "./answers.ts";
import { type CliCommand, exitCodes } from "./command.ts";
import type { Io } from "./io.ts";
import { configOption, environmentKey } from "./platform.ts";
import { usageError, type Words } from "./words.ts";

export const init: CliCommand = {
  name: "init",
  usage: "[key=value... | --from deployment/NAME] [--json] [--output FILE] [--force]",
  summary: "Write a first manifest, or that of an application that runs already",
  details: [
    "Without words it is manifest.yaml in this directory, with placeholders and comments.",
    "key=value fills them in: application=shop, image=registry.example.com/team/shop:2017, tag=,",
    "digest=, maintainer=, team=, port=, scheme=http|https|tls, environments=staging,production.",
    "--from deployment/NAME reads the cluster of your kubeconfig and writes down what runs there;",
    "-n NAMESPACE, --context CONTEXT and --maintainer WHO go with it, and in=ENVIRONMENT and",
    "--config docc.yaml say where it will go. What the manifest cannot say is told on standard",
    "error and at the top of the file. Nothing in the cluster is changed.",
    "--json writes manifest.json, --output another file, or - standard output;",
    "a file that exists stays, but for --force.",
  ],
  examples: [
    "init application=shop image=registry.example.com/team/shop:2017 port=8080",
    "init --from deployment/shop -n web --output shop.yaml",
  ],
  options: {
    json: { values: [] },
    output: { values: "FILE", short: "o" },
    force: { values: [] },
    from: { values: "deployment/NAME" },
    namespace: { values: "NAMESPACE", short: "n" },
    context: { values: "CONTEXT" },
    maintainer: { values: "WHO" },
    config: configOption,
  },
  takes: {
    keys: {
      ...Object.fromEntries(answerKeys.map((key) => [key, { values: "text" as const }])),
      scheme: { values: ["http", "https", "tls"] },
      in: environmentKey,
    },
  },
  run: async (words, io) => {
    const file = fileOf(words);
    const text = words.options.has("from")
      ? await adopted(words, file.isJson, io)
      : starterOf(words, file.isJson, io);
    await write(file.path, text, words.options.has("force"), io);
    return exitCodes.ok;
  },
};

function fileOf({ options }: Words): { readonly path: string; readonly isJson: boolean } {
  const given = options.get("output");
  const isJson = options.has("json") || given?.toLowerCase().endsWith(".json") === true;
  return { path: given ?? (isJson ? "manifest.json" : "manifest.yaml"), isJson };
}

/** Only who asks for a cluster pays for loading what speaks to one. */
async function adopted(words: Words, isJson: boolean, io: Io): Promise<string> {
  const { adoptLive } = await import("./adopt.ts");
  return adoptLive(words, isJson, io);
}

function starterOf({ positionals, options }: Words, isJson: boolean, io: Io): string {
  const surplus = ["namespace", "context", "config"].find((name) => options.has(name));
  if (surplus !== undefined) {
    throw usageError(`--${surplus} belongs to --from.`, "Write docc init --from deployment/NAME.");
  }
  return starter(
    positionals,
    { folder: io.folder(), maintainer: options.get("maintainer") },
    isJson,
  );
}

async function write(path: string, text: string, replaces: boolean, io: Io): Promise<void> {
  if (path === "-") {
    io.stdout(text);
    return;
  }
  try {
    await io.writeFile(path, text, replaces);
  } catch (error) {
    throw notWritten(path, error);
  }
  const name = oneLine(path);
  io.stdout(`Wrote ${name}. Fill in what is still a placeholder, then: docc validate ${name}\n`);
}

function notWritten(path: string, error: unknown): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  const name = quoted(path, 200);
  switch (code) {
    case "EEXIST":
      return usageError(`${name} exists already.`, "Add --force to replace it.");
    case "ENOENT":
      return usageError(`There is no directory for ${name}.`, "Make it first.");
    case "EISDIR":
      return usageError(`${name} is a directory.`, "Name a file in it.");
    case "EACCES":
    case "EROFS":
      return usageError(`${name} may not be written.`, "Choose another --output.");
    default:
      return usageError(`${name} cannot be written (${code}).`);
  }
}
