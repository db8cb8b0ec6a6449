import type { Command } from "../commands/define.ts";
import { events as eventsWord } from "../commands/events.ts";
import { inspect as inspectWord } from "../commands/inspect.ts";
import { logArguments } from "../commands/logs/arguments.ts";
import { chosenLines } from "../commands/logs/excerpt.ts";
import { logs as logsWord } from "../commands/logs.ts";
import { open as openWord } from "../commands/open.ts";
import type { Answer } from "../commands/answer.ts";
import type { Ports } from "../commands/ports.ts";
import { oneLine } from "../text/clean.ts";
import type { Heard } from "./app-port.ts";
import type { CliCommand } from "./command.ts";
import { appContextOption, type HomePlace, homeOptions, homePlace } from "./home.ts";
import { inspectData } from "./inspect-data.ts";
import type { Args } from "./look-data.ts";
import { type OutputFormat, outputOf, outputOption } from "./output.ts";
import { understoodWords } from "./request-words.ts";
import { inTerminal } from "./said.ts";
import { onlyPlace, takesOf } from "./takes.ts";
import { examplesOf, formOf, summaryOf } from "./usage.ts";
import { type Option, usageError, type Words } from "./words.ts";

/** A word of Slack about one app, answered in a terminal from docc's records and from the app's own cluster. */
export interface AppLook {
  readonly command: Command;
  /** The answer as it is, or what can be piped alone: the lines of its log, its links. */
  readonly shows: "answer" | "log" | "links";
  /** What `-o json` and `-o yaml` print; absent: there is no such option. */
  readonly data?: (heard: Heard, answer: Answer, args: Args, ports: Ports) => unknown;
}

/** Where and how it is looked, as it was written. */
export interface AppAsked {
  readonly args: Args;
  readonly place: HomePlace;
  /** Of the app's cluster, where that is not docc's. */
  readonly appContext: string | undefined;
  readonly output: OutputFormat;
  readonly follows: boolean;
}

type Written = Pick<CliCommand, "details"> & {
  readonly summary?: string;
  /** Arguments that have no place in a terminal. */
  readonly missing?: readonly string[];
};

const followOption: Option = {
  values: [],
  short: "f",
  about: "go on with what is new, until Ctrl-C",
};

const ofCluster =
  "Nothing is changed, and your own rights count: in docc's records, and in the cluster where the app is. Times are in UTC.";
const ofRecords = "It is read from docc's records with your kubeconfig; no other cluster is asked.";

function lookingAt(look: AppLook, written: Written): CliCommand {
  const { command } = look;
  const { name } = command;
  const { missing = [] } = written;
  // Links stand in the records, which no other cluster has.
  const asksApps = look.shows !== "links";
  const options = {
    ...(look.shows === "log" ? { follow: followOption } : {}),
    ...(look.data === undefined ? {} : { output: outputOption }),
    ...(asksApps ? { "app-context": appContextOption } : {}),
    ...homeOptions,
  };
  const differs = { missing, about: { in: onlyPlace } };
  const form = { ...formOf(command, options, differs), takes: takesOf(command, differs) };
  return {
    ...form,
    name,
    summary: written.summary ?? summaryOf(command),
    details: [...written.details, asksApps ? ofCluster : ofRecords],
    examples: examplesOf(command),
    run: async (words, io) => {
      const { args } = understoodWords(command, words, form);
      const asked = askedOf(look, args, words);
      // Only who asks for a cluster pays for loading what speaks to one.
      const { lookAtApp } = await import("./look-app-live.ts");
      return lookAtApp(look, asked, io);
    },
  };
}

function askedOf({ shows }: AppLook, given: Args, words: Words): AppAsked {
  const { follow, ...args } = given;
  const output = outputOf(words.options);
  const follows = follow === "true" || words.options.has("follow");
  if (shows === "log") refuseLogWords(given, follows, output);
  return {
    args,
    place: homePlace(words),
    appContext: words.options.get("app-context"),
    output,
    follows,
  };
}

/** @throws DoccError `bad-input` for what only Slack has, and what nothing new could follow */
function refuseLogWords(args: Args, follows: boolean, output: OutputFormat): void {
  if (args["share"] !== undefined) {
    throw usageError("A log is shared in Slack alone.", "Write /docc logs there, and press Share.");
  }
  if (args["follow"] === "stop") {
    throw usageError("follow=stop ends what goes on in Slack.", "Here it is Ctrl-C.");
  }
  if (!follows) return;
  const other = (["until", "previous"] as const).find((key) => args[key] !== undefined);
  if (other !== undefined) {
    throw usageError(
      `follow= shows what is new: ${other}= has no place.`,
      "Leave one of them out.",
    );
  }
  if (output !== "table") {
    throw usageError(`-o ${output} is one list, and a followed log has no end.`, "Leave out -o.");
  }
}

export const logs = lookingAt(
  {
    command: logsWord,
    shows: "log",
    data: ({ lines }, _answer, args) =>
      chosenLines(lines, logArguments.parse(args)).shown.map(({ at, container, pod, text }) => ({
        at,
        pod: oneLine(pod),
        container: oneLine(container),
        text,
      })),
  },
  {
    details: [
      "The lines go to standard output, TIME POD  text, and what is to be said of them to standard error. What is probably secret is masked, and what a terminal would obey is taken out.",
    ],
    missing: ["share", "follow"],
  },
);

export const events = lookingAt(
  {
    command: eventsWord,
    shows: "answer",
    data: ({ groups }) =>
      groups.map(({ type, reason, kind, name, message, count, last }) => ({
        type: oneLine(type),
        reason: oneLine(reason),
        kind: oneLine(kind),
        name: oneLine(name),
        message: oneLine(message),
        count,
        last,
      })),
  },
  {
    details: ["-o json and -o yaml print all groups of them, newest first."],
  },
);

export const inspect = lookingAt(
  {
    command: inspectWord,
    shows: "answer",
    data: ({ inspection }, { text }, args, ports) =>
      inspection === undefined
        ? null
        : inspectData(
            {
              app: String(args["app"]),
              environment: String(args["in"]),
              sentence: inTerminal(text),
              inspection,
            },
            ports,
          ),
  },
  {
    details: ["What you may not read, or what does not answer in ten seconds, is told as such."],
  },
);

export const open = lookingAt(
  {
    command: openWord,
    shows: "links",
    data: (_heard, { links = [] }) => links.map(({ text, url }) => ({ name: text, url })),
  },
  {
    summary: "Print an app's addresses, and its links: those of its manifest and the operator's",
    details: ["Each link is a line, its name and its address; with LINK it is the address alone."],
  },
);
