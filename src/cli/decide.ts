import {
  approve as approveWord,
  cancel as cancelWord,
  reject as rejectWord,
} from "../commands/deciding.ts";
import type { Command } from "../commands/define.ts";
import { quoted } from "../text/clean.ts";
import type { CliCommand } from "./command.ts";
import { type HomePlace, homeOptions, homePlace } from "./home.ts";
import { takesOf } from "./takes.ts";
import { optionUsage, wordUsage } from "./usage.ts";
import { usageError, type Words } from "./words.ts";

/** Arguments that are options here, and what a button says. */
const missing = ["plan", "reason"] as const;

/** What all three take, and how they end. */
const shared: Pick<CliCommand, "details" | "options"> = {
  details: [
    "RELEASE is the name of a release, as kubectl get releases shows it, or of an application with",
    "in=ENVIRONMENT. You decide as the user of your kubeconfig, and docc decides what that is worth.",
    "The plan is shown first; then type the application's name, or give --yes beforehand.",
    "-n is docc's own namespace, docc unless given.",
    "Exit codes: 0 docc took the decision, 1 docc refused it, 2 wrong usage, or no answer.",
  ],
  options: {
    reason: { values: "TEXT" },
    yes: { values: [], short: "y" },
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
  readonly isSure: boolean;
}

function deciding(verdict: Wish["verdict"], word: Command, summary: string): CliCommand {
  return {
    ...shared,
    name: verdict,
    usage: `${wordUsage(word, { missing })} ${optionUsage(shared.options)}`,
    takes: takesOf(word, ...missing),
    summary,
    run: async (words, io) => {
      const wish = wishOf(verdict, words);
      // Only who asks for a cluster pays for loading what speaks to one.
      const { decideLive } = await import("./decide-live.ts");
      return decideLive(wish, io);
    },
  };
}

export const approve = deciding(
  "approve",
  approveWord,
  "Say yes to the plan of a release, past Slack",
);
export const reject = deciding("reject", rejectWord, "Say no to the plan of a release, past Slack");
export const cancel = deciding("cancel", cancelWord, "End a release, or stop it, past Slack");

function wishOf(verdict: Wish["verdict"], words: Words): Wish {
  const { positionals, options } = words;
  const places = positionals.filter((word) => word.startsWith("in="));
  const [name, ...surplus] = positionals.filter((word) => !word.startsWith("in="));
  const [extra] = [...surplus, ...places.slice(1)];
  const right = `Write docc ${verdict} RELEASE, or docc ${verdict} APP in=ENVIRONMENT.`;
  if (extra !== undefined) throw usageError(`The word ${quoted(extra)} is one too many.`, right);
  if (name === undefined) throw usageError("Say which release you mean.", right);
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/u.test(name)) {
    throw usageError(`${quoted(name)} is no name of a release or an application.`, right);
  }
  const reason = options.get("reason");
  if (reason !== undefined && reason.length > 300) {
    throw usageError("--reason has more than 300 characters.");
  }
  return {
    verdict,
    name,
    environment: places[0]?.slice("in=".length),
    reason,
    isSure: options.has("yes"),
    ...homePlace(words),
  };
}
