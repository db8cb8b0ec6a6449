import { refusal, draftOf } from "../commands/starting/answers.ts";
import {
  besideFrom,
  type InitArguments,
  initArguments,
  refuseBesideFrom,
  saidIn,
} from "../commands/starting/arguments.ts";
import { init as initWord } from "../commands/init.ts";
import { argumentsOf } from "../commands/usage.ts";
import { type Answers, starterJson, starterManifest } from "../manifest/init.ts";
import { madeName } from "../manifest/made-name.ts";
import { oneLine, quoted } from "../text/clean.ts";
import { type CliCommand, exitCodes } from "./command.ts";
import { homeOptions } from "./home.ts";
import type { Io } from "./io.ts";
import { configOption, platformFor } from "./platform.ts";
import { understoodWords } from "./request-words.ts";
import { sentencesOf } from "./said.ts";
import { takesOf } from "./takes.ts";
import { examplesOf, optionUsage, shortUsage, wordUsage } from "./usage.ts";
import { usageError, type Words } from "./words.ts";

const LONGEST_APPLICATION = 50;

/** What only Slack has a use for, and why. */
const ofSlack: Readonly<Record<string, string>> = {
  write: "write= stands for the form of Slack, and a terminal writes the file without one.",
  adopt: "adopt= is of the button Adopt, and taking over is for Slack alone.",
};
const all = argumentsOf(initWord).map(({ name }) => name);
const fresh = wordUsage(initWord, { missing: [...Object.keys(ofSlack), "from"] });
const beside = wordUsage(initWord, { missing: all.filter((name) => !besideFrom.includes(name)) });

const fromCluster = "docc init from=deployment/NAME";
const ofBoth = {
  json: { values: [], about: "write JSON, to manifest.json unless -f says where" },
  file: {
    values: "FILE",
    short: "f",
    about: "write this file, manifest.yaml unless told; - is standard output",
  },
  force: { values: [], about: "replace a file that exists" },
  config: configOption,
};
const usage = `${fresh} | from=deployment/NAME ${beside} ${optionUsage(homeOptions)}; ${optionUsage(ofBoth)}`;

const missing = Object.keys(ofSlack);
const taken = takesOf(initWord, {
  missing,
  values: { from: "deployment/NAME" },
  about: {
    app: "the new application's name; the directory's unless told",
    image: "its image with a tag or digest, such as registry.example.com/team/shop:1.0",
    maintainer: "who owns it, an e-mail address or a Slack id",
    from: "write down a Deployment that runs without docc",
    in: "the environment by whose rules it is judged; of from= where it will go",
  },
});
const form = {
  usage,
  short: [shortUsage(initWord, { missing }), "from=deployment/NAME [key=value ...]"] as const,
  options: {
    ...ofBoth,
    ...homeOptions,
    namespace: {
      ...homeOptions.namespace,
      about: "with from=: where the Deployment is; the kubeconfig's namespace unless told",
    },
  },
  takes: taken,
};
/** `-o` is the format of an answer everywhere else: nobody gets a file that is called json. */
const notOutput = "Write --json for JSON, and -f FILE for where it goes.";

export const init: CliCommand = {
  ...form,
  name: "init",
  summary: "Write a first manifest, or that of an application that runs already",
  details: [
    "Without words it is manifest.yaml in this directory, with placeholders and comments. Words fill it in as they do in Slack; placeholders stand for image= and maintainer= that are not said.",
    "from= reads the cluster of your kubeconfig. What the manifest cannot say is told on standard error and at the top of the file. Nothing in the cluster is changed: docc takes it over from Slack alone.",
  ],
  examples: examplesOf(initWord, { also: ["init"], without: /^init$|write=/u }),
  instead: { o: notOutput, output: notOutput },
  run: async (words, io) => {
    refuseOfSlack((name) => words.positionals.some((word) => word.startsWith(`${name}=`)));
    const args = initArguments.parse(understoodWords(initWord, words, form).args);
    // Without a value as well: docc init shop write.
    refuseOfSlack((name) => Object.hasOwn(args, name));
    const file = fileOf(words);
    const text =
      args.from === undefined
        ? await started(args, words, file.isJson, io)
        : await adopted({ ...args, from: args.from }, words, file.isJson, io);
    if (text === undefined) return exitCodes.usage;
    await write(file.path, text, words.options.has("force"), io);
    return exitCodes.ok;
  },
};

/** @throws DoccError `bad-input` */
function refuseOfSlack(isSaid: (name: string) => boolean): void {
  for (const [name, why] of Object.entries(ofSlack)) {
    if (isSaid(name)) throw usageError(why);
  }
}

function fileOf({ options }: Words): { readonly path: string; readonly isJson: boolean } {
  const given = options.get("file");
  const isJson = options.has("json") || given?.toLowerCase().endsWith(".json") === true;
  return { path: given ?? (isJson ? "manifest.json" : "manifest.yaml"), isJson };
}

/** The text of a first manifest; undefined when what is wrong has been told. */
async function started(
  args: InitArguments,
  { options }: Words,
  isJson: boolean,
  io: Io,
): Promise<string | undefined> {
  const surplus = Object.keys(homeOptions).find((name) => options.has(name));
  if (surplus !== undefined) {
    throw usageError(`--${surplus} belongs to from=.`, `Write ${fromCluster}.`);
  }
  const textOf = (answers: Answers) => (isJson ? starterJson : starterManifest)(answers);
  const platform = await platformFor(args.in, options.get("config"), io);
  const app = madeName(io.folder(), LONGEST_APPLICATION, "app");
  const said = saidIn(args);
  // Who says nothing sees what a manifest can say.
  if (Object.keys(said).length === 0) return textOf({ application: app });
  const { answers, wrong } = draftOf({ app, ...said }, platform);
  if (Object.keys(wrong).length === 0) return textOf(answers);
  io.stderr(`docc: ${sentencesOf(refusal(wrong)).join("\n")}\n`);
  return undefined;
}

async function adopted(
  args: InitArguments & { readonly from: string },
  { options }: Words,
  isJson: boolean,
  io: Io,
): Promise<string> {
  refuseBesideFrom(args, fromCluster);
  // Only who asks for a cluster pays for loading what speaks to one.
  const { adoptLive } = await import("./adopt.ts");
  return adoptLive(args, options, isJson, io);
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
      return usageError(`${name} may not be written.`, "Choose another --file.");
    default:
      return usageError(`${name} cannot be written (${code}).`);
  }
}
