import type { Command } from "../commands/define.ts";
import { deleteApp } from "../commands/delete.ts";
import { deploy as deployWord } from "../commands/deploy.ts";
import { restart as restartWord } from "../commands/restart.ts";
import { rollback as rollbackWord } from "../commands/rollback.ts";
import { update as updateWord } from "../commands/update.ts";
import { declared, type Request, restarting } from "./asked.ts";
import type { CliCommand } from "./command.ts";
import { deleting } from "./deleting.ts";
import { homeOptions } from "./home.ts";
import { outputOption } from "./output.ts";
import { askedWords, type AskedWords } from "./request-words.ts";
import { takesOf } from "./takes.ts";
import { uploaded } from "./upload.ts";
import type { Io } from "./io.ts";
import { examplesOf, optionUsage, wordUsage } from "./usage.ts";
import type { Words } from "./words.ts";

const shared = {
  details: [
    "You ask as the user of your kubeconfig, and docc decides what becomes of it, as in Slack; it is told there.",
    "--for MAIL names whom docc tells when it fails, such as who pushed; it gives no right, and takes one:",
    "  nobody approves what was asked for them, unless the rules let requesters do that.",
    "--key KEY makes a retry the same request: one release for an app, an environment and a key.",
    "--wait follows it to its end, 30m unless told; the exit code is its verdict (docc help exit-codes).",
    "-o json and -o yaml print the release as data (docs/ci.md); what happens goes to standard error then.",
    "-n is docc's own namespace, docc unless given.",
  ],
  options: {
    for: { values: "MAIL" },
    key: { values: "KEY" },
    wait: { values: "DURATION", isOptional: true },
    output: outputOption,
    ...homeOptions,
  },
} satisfies Pick<CliCommand, "details" | "options">;

/** What makes a request of the words of one command. */
type Ask = (asked: AskedWords, words: Words, io: Io) => Promise<Request | number>;

interface Asking extends Pick<CliCommand, "details" | "options"> {
  /** Examples of what Slack has not. */
  readonly also?: readonly string[];
}

function asking(word: Command, { details, options: own, also = [] }: Asking, ask: Ask): CliCommand {
  const { name, summary } = word;
  const options = { ...own, ...shared.options };
  // A terminal does not know the default environment.
  const usage = `${wordUsage(word, { needed: ["in"] })} ${optionUsage(options)}`;
  return {
    name,
    summary,
    usage,
    details: [...details, ...shared.details],
    examples: examplesOf(word, { also, needsPlace: true }),
    options,
    takes: takesOf(word),
    run: async (words, io) => {
      const asked = askedWords(word, words, usage);
      const request = await ask(asked, words, io);
      if (typeof request === "number") return request;
      // Only who asks for a cluster pays for loading what speaks to one.
      const { requestLive } = await import("./request-live.ts");
      return requestLive(asked, request, io);
    },
  };
}

export const deploy = asking(
  deployWord,
  {
    details: [
      "APP is one that docc knows; -f brings a manifest in JSON or YAML, - reads standard input.",
      "key=value changes the manifest: tag=2018, CONTAINER.tag=2018, scale=5, env.NAME=text.",
      "from= brings along what succeeded last in another environment, with its very images, and no manifest.",
    ],
    also: ["deploy -f manifest.json tag=2018 in=staging --wait"],
    options: { file: { values: "FILE", short: "f" } },
  },
  uploaded,
);

export const rollback = asking(
  rollbackWord,
  {
    also: ["rollback kubecon-2017 in=production --wait"],
    details: ["Without to= it is the revision that succeeded last before what runs now."],
    options: {},
  },
  (asked) => Promise.resolve(declared(rollbackWord, asked)),
);

export const update = asking(
  updateWord,
  {
    details: [
      "key=value changes what runs: tag=2018, scale=5, env.NAME=text, cpu=, memory=.",
      "pause: no copy runs; resume: as many as before that.",
    ],
    options: {},
  },
  (asked) => Promise.resolve(declared(updateWord, asked)),
);

export const deleteWord = asking(
  deleteApp,
  {
    details: [
      "It shows what goes; then type each application's name, or say it beforehand: confirm=, or --yes. The history stays.",
      "Of several each is a release of its own; one that cannot be deleted holds up all. The exit code is the worst,",
      "and -o json prints a list.",
    ],
    options: { yes: { values: [], short: "y" } },
  },
  (asked, { options }, io) => Promise.resolve(deleting(asked, options.has("yes"), io)),
);

export const restart = asking(restartWord, { details: [], options: {} }, (asked) =>
  Promise.resolve(restarting(asked)),
);
