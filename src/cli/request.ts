import type { Command } from "../commands/define.ts";
import { deleteApp } from "../commands/delete.ts";
import { deploy as deployWord } from "../commands/deploy.ts";
import { restart as restartWord } from "../commands/restart.ts";
import { rollback as rollbackWord } from "../commands/rollback.ts";
import { update as updateWord } from "../commands/update.ts";
import { declared, type Request, restarting } from "./asked.ts";
import type { CliCommand } from "./command.ts";
import { deleting } from "./deleting.ts";
import { homeOptions, yesOption } from "./home.ts";
import { outputOption } from "./output.ts";
import { askedWords, type AskedWords } from "./request-words.ts";
import { takesOf } from "./takes.ts";
import { uploaded } from "./upload.ts";
import type { Io } from "./io.ts";
import { type Differs, examplesOf, formOf, summaryOf } from "./usage.ts";
import type { Words } from "./words.ts";

const shared = {
  details: [
    "You ask as the user of your kubeconfig, and docc decides what becomes of it, as in Slack; it is told there.",
    "--for gives no right, and takes one: who is named by it may not approve this release, unless the rules let requesters approve.",
    "-o json and -o yaml print the release as data (docs/ci.md); what happens goes to standard error then.",
  ],
  options: {
    for: { values: "MAIL", about: "whom docc tells when it fails, such as who pushed" },
    key: {
      values: "KEY",
      about: "make a retry the same request: one release for an app, an environment and a key",
    },
    wait: {
      values: "DURATION",
      isOptional: true,
      about:
        "follow it to its end, for 30m unless told; the exit code is its verdict (docc help exit-codes)",
    },
    output: outputOption,
    ...homeOptions,
  },
} satisfies Pick<CliCommand, "details" | "options">;

/** What makes a request of the words of one command. */
type Ask = (asked: AskedWords, words: Words, io: Io) => Promise<Request | number>;

interface Asking extends Pick<CliCommand, "details" | "options">, Pick<Differs, "about"> {
  /** Examples of what Slack has not. */
  readonly also?: readonly string[];
}

function asking(
  word: Command,
  { details, options: own, also = [], about }: Asking,
  ask: Ask,
): CliCommand {
  const options = { ...own, ...shared.options };
  // A terminal does not know the default environment.
  const differs = { needed: ["in"], about: { in: "the environment", ...about } };
  const form = { ...formOf(word, options, differs), takes: takesOf(word, differs) };
  return {
    ...form,
    name: word.name,
    summary: summaryOf(word),
    details: [...details, ...shared.details],
    examples: examplesOf(word, { also, needsPlace: true }),
    run: async (words, io) => {
      const asked = askedWords(word, words, form);
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
      "Give APP, one that docc knows, or a manifest with -f; the first deploy of an app needs its manifest.",
    ],
    also: ["deploy -f manifest.json tag=2018 in=staging --wait"],
    options: {
      file: {
        values: "FILE",
        short: "f",
        about: "a manifest in JSON or YAML; - reads standard input",
      },
    },
  },
  uploaded,
);

export const rollback = asking(
  rollbackWord,
  {
    also: ["rollback kubecon-2017 in=production --wait"],
    details: [],
    options: {},
  },
  (asked) => Promise.resolve(declared(rollbackWord, asked)),
);

export const update = asking(
  updateWord,
  {
    details: [],
    options: {},
  },
  (asked) => Promise.resolve(declared(updateWord, asked)),
);

export const deleteWord = asking(
  deleteApp,
  {
    details: [
      "It shows what goes; then type each application's name, or say it beforehand: confirm=, or --yes.",
      "Of several each is a release of its own; one that cannot be deleted holds up all. The exit code is the worst, and -o json prints a list.",
    ],
    about: { confirm: "the name of each app once more; without it you are asked for it" },
    options: { yes: yesOption },
  },
  (asked, { options }, io) => Promise.resolve(deleting(asked, options.has("yes"), io)),
);

export const restart = asking(restartWord, { details: [], options: {} }, (asked) =>
  Promise.resolve(restarting(asked)),
);
