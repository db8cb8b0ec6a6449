import {
  approve as approveWord,
  cancel as cancelWord,
  reject as rejectWord,
} from "../commands/deciding.ts";
import type { Command } from "../commands/define.ts";
import type { CliCommand } from "./command.ts";
import { type HomePlace, homeOptions, homePlace, yesOption } from "./home.ts";
import type { Args } from "./look-data.ts";
import { type OutputFormat, outputOf, outputOption } from "./output.ts";
import { understoodWords } from "./request-words.ts";
import { takesOf } from "./takes.ts";
import { examplesOf, formOf, summaryOf } from "./usage.ts";
import { usageError, type Words } from "./words.ts";

/** What all three take, and how they end. */
const shared: Pick<CliCommand, "details" | "options"> = {
  details: [
    "You decide as the user of your kubeconfig, and docc decides what that is worth. The plan is shown first; then type the application's name, or give --yes beforehand.",
    "-o json and -o yaml print docc's answer; the plan and the question go to standard error then.",
    "Exit codes: 0 docc took the decision, 1 docc refused it, 2 wrong usage, or nothing was stored, 9 no answer yet, or nobody can tell whether it is stored.",
  ],
  options: {
    reason: { values: "TEXT", about: "the same as reason=TEXT" },
    yes: yesOption,
    output: outputOption,
    ...homeOptions,
  },
};

/** The words of a decision, taken apart. */
export interface Wish extends HomePlace {
  readonly verdict: "approve" | "reject" | "cancel";
  /** Name of a release; of an application when there is an environment. */
  readonly name: string;
  readonly environment: string | undefined;
  readonly reason: string | undefined;
  /** Of the plan that was looked at, where that is said. */
  readonly digest: string | undefined;
  readonly isSure: boolean;
  readonly output: OutputFormat;
}

const differs = {
  about: {
    release: "the name of a release, as docc status shows it; or of an application, with in=",
    in: "the environment, where RELEASE is an application",
    plan: "the digest of the plan that was looked at: nothing is decided on another",
  },
};

function deciding(verdict: Wish["verdict"], word: Command): CliCommand {
  const form = { ...formOf(word, shared.options, differs), takes: takesOf(word, differs) };
  return {
    ...form,
    details: shared.details,
    name: verdict,
    examples: examplesOf(word, {
      needsPlace: true,
      also: [`${verdict} kubecon-2017-3f9c2a61d0be`],
    }),
    summary: summaryOf(word),
    run: async (words, io) => {
      const wish = wishOf(verdict, understoodWords(word, words, form).args, words);
      // Only who asks for a cluster pays for loading what speaks to one.
      const { decideLive } = await import("./decide-live.ts");
      return decideLive(wish, io);
    },
  };
}

export const approve = deciding("approve", approveWord);
export const reject = deciding("reject", rejectWord);
export const cancel = deciding("cancel", cancelWord);

function wishOf(verdict: Wish["verdict"], args: Args, words: Words): Wish {
  const { options } = words;
  return {
    verdict,
    name: textIn(args, "release") ?? "",
    environment: textIn(args, "in"),
    reason: reasonOf(textIn(args, "reason"), options.get("reason")),
    digest: textIn(args, "plan"),
    isSure: options.has("yes"),
    output: outputOf(options),
    ...homePlace(words),
  };
}

function reasonOf(said: string | undefined, option: string | undefined): string | undefined {
  if (said !== undefined && option !== undefined) {
    throw usageError("reason= and --reason say the same.", "Keep one of them.");
  }
  if (option !== undefined && option.length > 300) {
    throw usageError("--reason has more than 300 characters.");
  }
  return said ?? option;
}

function textIn(args: Args, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
}
