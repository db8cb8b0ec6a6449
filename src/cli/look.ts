import type { Command } from "../commands/define.ts";
import { diff as diffWord } from "../commands/diff.ts";
import { history as historyWord } from "../commands/history.ts";
import { list as listWord } from "../commands/list.ts";
import { show as showWord } from "../commands/show.ts";
import { status as statusWord } from "../commands/status.ts";
import type { CliCommand } from "./command.ts";
import { colouredDiff, diffData } from "./diff-text.ts";
import { appContextOption, homeOptions, homePlace } from "./home.ts";
import {
  type Args,
  listData,
  historyData,
  type LookedAt,
  statusData,
  undecided,
} from "./look-data.ts";
import { outputOption, outputOf } from "./output.ts";
import { understoodWords } from "./request-words.ts";
import { onlyPlace, takesOf } from "./takes.ts";
import { type Differs, examplesOf, formOf, summaryOf } from "./usage.ts";
import { usageError, type Words } from "./words.ts";

const common = { output: outputOption, ...homeOptions };
const ofHealth = {
  health: { values: [], about: "ask each app's Deployment how it does, with your own rights" },
  "app-context": appContextOption,
};

/** A word of Slack that reads, answered in a terminal from the records alone. */
export interface Look extends Pick<LookedAt, "args"> {
  readonly command: Command;
  /** What `-o json` and `-o yaml` print; absent: the snippet of the answer, which is data already. */
  readonly data?: (at: LookedAt) => unknown;
  /** What a terminal that shows colours makes of the snippet of the answer. */
  readonly colours?: (text: string) => string;
  /** Its app may be the name of a release as well. */
  readonly takesReleases?: true;
  /** Apps are asked how they do, in their cluster; absent: nobody is. */
  readonly health?: { readonly appContext: string | undefined };
  /** Further lines for who reads a table. */
  readonly notes?: (at: LookedAt) => readonly string[];
  /** Columns that records alone say nothing in. */
  readonly omits?: readonly string[];
}

type Given = Pick<Look, "colours" | "data" | "notes" | "omits" | "takesReleases">;

/** How the word is written in a terminal. */
interface Written extends Pick<CliCommand, "details">, Pick<Differs, "about"> {
  /** Where records alone say less than Slack does. */
  readonly summary?: string;
  /** Where it can be asked how apps do: whether it is. */
  readonly asksHealth?: (args: Args, words: Words) => boolean;
}

function looking(
  command: Command,
  { details, summary = summaryOf(command), asksHealth, about }: Written,
  given: Given,
): CliCommand {
  const { name } = command;
  const options = { ...(asksHealth === undefined ? {} : ofHealth), ...common };
  const isAboutOne = command.positional.length > 0;
  const differs = { about: { ...(isAboutOne ? { in: onlyPlace } : {}), ...about } };
  const form = { ...formOf(command, options, differs), takes: takesOf(command, differs) };
  const often = asksHealth === undefined ? "nothing" : "without --health or health= nothing";
  return {
    ...form,
    name,
    summary,
    details: [
      ...details,
      `It is read from docc's records with your kubeconfig; ${often} asks how the pods do now. Times are in UTC.`,
    ],
    examples: examplesOf(command),
    run: async (words, io) => {
      const { args } = understoodWords(command, words, form);
      const health = asksHealth === undefined ? {} : healthOf(asksHealth(args, words), words);
      // Only who asks for a cluster pays for loading what speaks to one.
      const { lookLive } = await import("./look-live.ts");
      return lookLive(
        { command, args, ...given, ...health },
        homePlace(words),
        outputOf(words.options),
        io,
      );
    },
  };
}

function healthOf(isAsked: boolean, { options }: Words): Pick<Look, "health"> {
  const appContext = options.get("app-context");
  if (isAsked) return { health: { appContext } };
  if (appContext === undefined) return {};
  throw usageError("--app-context names where apps are asked how they do.", "Add --health.");
}

export const status = looking(
  statusWord,
  {
    summary: "Show what is in flight, what waits and behind whom, and what waits for a decision",
    details: [
      "Without APP it is what is in flight and what waits, everywhere; with it also what runs, and the lock.",
    ],
    about: {
      in: "the environment; without it the only one that has APP, or all of them without APP",
    },
  },
  { data: statusData, notes: undecided },
);

export const list = looking(
  listWord,
  {
    summary: "List the deployed apps with image, scale, maintainer and age; --health: how they do",
    details: [
      "An app whose Deployment you may not read, or that is not in the cluster that is asked, is unknown.",
      "-o json and -o yaml print all of them, whatever the page.",
    ],
    about: {
      maintainer:
        "those whose maintainer has this in its address or id; me: the address that the cluster knows you by",
    },
    asksHealth: ({ health }, { options }) => health !== undefined || options.has("health"),
  },
  { data: listData, omits: ["Health"] },
);

export const history = looking(
  historyWord,
  {
    details: ["-o json and -o yaml print each release as docc deploy does (docs/ci.md)."],
  },
  { data: historyData },
);

const shown = looking(
  showWord,
  {
    details: [
      "The manifest goes to standard output, so that it can be piped; -o json and -o yaml say the same as as=.",
    ],
  },
  {},
);

export const diff = looking(
  diffWord,
  {
    details: [
      "A release's name brings its environment along. The diff goes to standard output, so that it can be piped; what is to be said of it goes to standard error. No value of a variable or a Secret is in it.",
    ],
  },
  { data: diffData, colours: colouredDiff, takesReleases: true },
);

export const show: CliCommand = { ...shown, run: (words, io) => shown.run(asSaid(words), io) };

/** `-o yaml` means `as=yaml`. */
function asSaid({ positionals, options }: Words): Words {
  const output = outputOf(options);
  const said = positionals.find((word) => word.startsWith("as="));
  if (output === "table" || said === `as=${output}`) return { positionals, options };
  if (said !== undefined) {
    throw usageError(`${said} and -o ${output} say two things.`, "Keep one of them.");
  }
  return { positionals: [...positionals, `as=${output}`], options };
}
