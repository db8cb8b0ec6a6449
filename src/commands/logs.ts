import { DoccError } from "../errors.ts";
import { advise } from "../text/advice.ts";
import { quoted } from "../text/clean.ts";
import { parseInstant } from "../text/instant.ts";
import { mask } from "../text/mask-secrets.ts";
import { typedWord } from "../text/typed-word.ts";
import type { Answer } from "./answer.ts";
import { defineCommand, type Request } from "./define.ts";
import { applicationNamed, environmentFor } from "./environment.ts";
import { type LogArguments, logArguments, queryOf } from "./logs/arguments.ts";
import { chosenLines, sayLines } from "./logs/excerpt.ts";
import type { LogLine, LogReading } from "./ports.ts";

export const logs = defineCommand({
  name: "logs",
  summary: "Show the latest log lines of an app, merged by time, to you alone",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: logArguments,
  examples: [
    "logs kubecon-2017",
    "logs kubecon-2017 lines=20 previous=true",
    'logs kubecon-2017 since=10m grep="not set"',
    "logs kubecon-2017 follow=true",
  ],
  run: async (args, request, ports) => {
    const environment = environmentFor(args.in, request, ports);
    applicationNamed(ports, args.app, environment.name);
    if (args.follow === "stop") return { text: "Stopped.", follow: "stop" };
    const follow = args.follow === undefined ? {} : followed(args, environment.name);
    if (args.until !== undefined && args.since === undefined) {
      throw new DoccError("bad-input", "until= goes with a since= only.", {
        hint: "Say from which time on as well, such as since=2017-12-06T10:00:00Z.",
      });
    }
    const reading = await environment.logs(args.app, queryOf(args, ports.clock.now()));
    const found = foundIn(reading, args, environment.name);
    if (found.shown.length === 0) {
      return { text: `${found.sentence}.`, lines: notesOn(found), ...follow };
    }
    const text = sayLines(found.shown, { fullTimes: false });
    const seen = ports.hash(text).slice(0, 12);
    const snippet = { title: `${args.app}.log (UTC)`, text };
    const own: Answer = {
      text: `${found.sentence}.`,
      lines: notesOn(found),
      snippet: { ...snippet, file: fileOf(args.app, found.shown) },
      ...shareButton(found, seen, request),
      ...follow,
    };
    if (args.share === undefined) return own;
    if (args.share !== seen) {
      return {
        ...own,
        text: `Not shared: the log does not say any more what you were shown. ${own.text}`,
        reason: "conflict",
      };
    }
    return {
      text: "Shared in this channel.",
      post: {
        text: `@${request.requester.user} shares ${lowerThe(found.sentence)}.`,
        named: [request.requester.user],
        lines: notesOn(found),
        snippet,
      },
    };
  },
});

/** What goes on is short: it is read on a phone, and its end is what matters. */
const followedLines = 20;

/**
 * The command that is run again and again.
 * @throws DoccError `bad-input` for words that would show the same for ever
 */
function followed(args: LogArguments, environment: string): Pick<Answer, "follow"> {
  const { app, container, pod, grep, lines = followedLines } = args;
  const still = ["since", "until", "previous", "share"] as const;
  const other = still.find((key) => args[key] !== undefined);
  if (other !== undefined) {
    throw new DoccError("bad-input", `follow= shows what is new: ${other}= has no place.`, {
      hint: `Write ${advise("logs", { app, environment }, "follow=true")}.`,
    });
  }
  const shown = { container, pod, grep, lines: String(Math.min(lines, 50)), in: environment };
  const words = Object.entries(shown).flatMap(([key, value]) =>
    value === undefined ? [] : [typedWord(key, value)],
  );
  if (words.includes(undefined)) {
    throw new DoccError("bad-input", "This grep= cannot be followed.", {
      hint: "Take a text without quotes.",
    });
  }
  const stop = `logs ${app} follow=stop in=${environment}`;
  return { follow: { words: ["logs", app, ...words].join(" "), stop } };
}

/** What an answer is made of. */
interface Found {
  readonly args: LogArguments;
  readonly environment: string;
  readonly reading: LogReading;
  readonly shown: readonly LogLine[];
  /** In what is shown alone: what is not shown needs no word. */
  readonly masked: number;
  /** Without its full stop. */
  readonly sentence: string;
}

function foundIn(reading: LogReading, args: LogArguments, environment: string): Found {
  const { grep } = args;
  const { matches, read, shown } = chosenLines(reading.lines, args);
  const masked = shown.reduce((sum, { text }) => sum + text.split(mask).length - 1, 0);
  const place = `${args.app} in ${environment}`;
  const sentence =
    grep === undefined
      ? sayShown(shown.length, place, args)
      : saySearched(matches, shown.length, { read, place, grep });
  return { args, environment, reading, shown, masked, sentence };
}

function sayShown(count: number, place: string, { since, until, previous }: LogArguments): string {
  const before = previous === "true" ? " before the last restart" : "";
  const time = since === undefined ? "" : sayTime(since, until);
  if (count === 0) {
    return `${place} has printed nothing${before}${time === "" && before === "" ? " yet" : time}`;
  }
  return `The last ${count === 1 ? "line" : `${count} lines`} of ${place}${before}${time}`;
}

function sayTime(since: string, until: string | undefined): string {
  const say = (text: string): string | undefined =>
    parseInstant(text)?.slice(0, 19).replace("T", " ");
  const [from, to] = [say(since), say(until ?? "")];
  if (from === undefined) {
    return to === undefined ? ` in the last ${since}` : ` in the ${since} until ${to} UTC`;
  }
  return to === undefined ? ` since ${from} UTC` : ` from ${from} to ${to} UTC`;
}

function saySearched(
  matches: number,
  shown: number,
  { read, place, grep }: { readonly read: number; readonly place: string; readonly grep: string },
): string {
  const contain = `contain${matches === 1 || matches === 0 ? "s" : ""} ${quoted(grep)}`;
  const all = `the ${read === 1 ? "line" : `${read} lines`} read of ${place}`;
  if (read === 0) return `${place} has printed nothing to search`;
  if (matches === 0) return `None of ${all} ${contain}`;
  const cut = shown < matches ? `; the last ${shown} are shown` : "";
  return `${matches} of ${all} ${contain}${cut}`;
}

/** `The last 5 lines` inside of a sentence. */
function lowerThe(sentence: string): string {
  return sentence.replace(/^The /, "the ");
}

function notesOn({ reading, masked }: Found): readonly string[] {
  const { pods, left, silent, cut } = reading;
  const many = (count: number, one: string): string =>
    count === 1 ? `1 ${one} is` : `${count} ${one}s are`;
  return [
    ...(left === 0 ? [] : [`Only the ${pods} newest of ${pods + left} pods were read.`]),
    ...(silent === 0 ? [] : [`${many(silent, "container")} missing: no log came in time.`]),
    ...(cut ? ["The lines are long, so that older ones were left out."] : []),
    ...(masked === 0 ? [] : [`${many(masked, "probable secret")} masked.`]),
  ];
}

function fileOf(app: string, shown: readonly LogLine[]): { name: string; text: string } {
  return { name: `${app}.log`, text: sayLines(shown, { fullTimes: true }) };
}

const channel = /^[CG]/;

/**
 * The button carries what was asked and its window of time, and a hash of what was shown: nothing of the log
 * itself. What is posted is read again, and is posted only when it is what was shown.
 */
function shareButton(
  { args, environment, reading, shown }: Found,
  seen: string,
  request: Request,
): Pick<Answer, "buttons"> {
  const { app, container, pod, previous, grep } = args;
  // From the first line that was read, not shown: what is masked may depend on lines before.
  const [first, last] = [reading.lines[0]?.at, reading.lines.at(-1)?.at];
  const words = Object.entries({
    container,
    pod,
    lines: String(shown.length),
    since: first,
    until: last,
    previous,
    grep,
    share: seen,
    in: environment,
  }).flatMap(([key, value]) => (value === undefined ? [] : [typedWord(key, value)]));
  const isInChannel = channel.test(request.channel ?? "");
  if (!isInChannel || words.includes(undefined)) return {};
  return {
    buttons: [
      {
        text: "Share",
        words: ["logs", app, ...words].join(" "),
        label: `Share this log of ${app} in the channel`,
      },
    ],
  };
}
