import { z } from "zod";
import { DoccError } from "../errors.ts";
import { sayPreferenceChange } from "../release/preference-words.ts";
import {
  channelSubject,
  notifyWays,
  type PreferenceChange,
  samePreferences,
  type Subject,
  whyNoDefault,
} from "../release/preferences.ts";
import type { Identity } from "../release/release.ts";
import { quoted } from "../text/clean.ts";
import { choiceNamed } from "./choice.ts";
import { elsewhere, shownPreferences, silenced } from "./config-screen.ts";
import { defineCommand, type Request } from "./define.ts";
import { defaultFor, environmentNamed } from "./environment.ts";
import { offering } from "./offer.ts";
import type { Ports } from "./ports.ts";

const word = z.string().max(100, "has more than 100 characters");
const quietWords = ["on", "off", "default"] as const;
const notifyWords = [...notifyWays, "default"] as const;
const args = z.object({
  scope: word
    .optional()
    .describe("channel sets what holds for everybody in this channel; without it yours"),
  // Offered without one that is chosen beforehand: who only looks must not set it.
  environment: offering("any-environment", word)
    .optional()
    .describe("where commands without in= go; default takes it back"),
  quiet: word
    .meta({ values: quietWords })
    .optional()
    .describe("on or off: whether only what decides is told; default takes it back"),
  notify: word
    .meta({ values: notifyWords })
    .optional()
    .describe(
      "mention, name or dm: how you hear that a release of yours has ended; default takes it back",
    ),
});
type Args = z.infer<typeof args>;

export const config = defineCommand({
  name: "config",
  summary: "Show and set what holds for you, and in this channel, where commands do not say",
  needs: "deploy",
  who: "Your own: everybody. A channel's: who is among the `deployers` of an environment, or of an app, whose releases may be told there, and operators. It gives nobody a right.",
  answers: "later",
  asRecord: true,
  positional: ["scope"],
  args,
  examples: [
    "config",
    "config environment=staging",
    "config channel environment=staging quiet=on",
    "config environment=default",
  ],
  run: async (given, request, ports) => {
    const subject = subjectOf(given.scope, request, ports);
    const change = changeOf(given, subject, ports);
    if (Object.keys(change).length === 0) return shownPreferences(request, ports);
    const answer = await ports.preferences.change(subject, change, request.requester);
    if ("refused" in answer) {
      const text =
        "Only those who may deploy where releases are told here, and docc's operators, set what holds in this channel.";
      const lines = ["Your own is yours to set: /docc config without channel."];
      return { text, lines, reason: answer.refused };
    }
    const isNews = !samePreferences(answer.before, answer.after);
    const where = subject.kind === "channel" ? "in this channel" : "for you";
    const said = sayPreferenceChange(subject.kind, change);
    return {
      text: `${isNews ? "From now on" : "Nothing changed"}, ${where}: ${said}.`,
      lines: [
        ...toldLines(answer.isTold),
        ...silenced(answer.after),
        ...passedLines(subject, change, request, ports),
        ...(request.requester.provider === "kubernetes" && "environment" in change
          ? [elsewhere]
          : []),
      ],
    };
  },
});

/** What is set by its name and a value, for who wrote the name alone. */
const settings: ReadonlyMap<string, string> = new Map([
  ["environment", "Write environment=NAME."],
  ["quiet", "Write quiet=on, quiet=off or quiet=default."],
  ["notify", "Write notify=mention, notify=name, notify=dm or notify=default."],
]);

function subjectOf(
  scope: string | undefined,
  { requester, channel }: Request,
  ports: Ports,
): Subject {
  const wanted = scope?.toLowerCase();
  if (wanted !== undefined && wanted !== "channel" && wanted !== "me") {
    const form = settings.get(wanted);
    if (form !== undefined) {
      throw new DoccError("bad-input", `${wanted} is set with an equals sign.`, { hint: form });
    }
    const hint = "Write channel for this channel's, and nothing for your own.";
    throw new DoccError("bad-input", `config knows no ${quoted(wanted)}.`, { hint });
  }
  const isOwn = wanted !== "channel";
  const subject = isOwn
    ? ports.preferences.subjectOf(requester)
    : channelSubject(requester.team, channel);
  if (subject !== undefined) return subject;
  throw isOwn ? strangerInSlack(requester) : noChannel(requester);
}

/** What somebody prefers is about what they do and hear in Slack, and is kept by who they are there. */
function strangerInSlack({ user }: Identity): DoccError {
  return new DoccError("not-found", `docc does not know who ${quoted(user, 253)} is in Slack.`, {
    hint: "An operator maps you in docc.yaml, under people; until then set it in Slack.",
  });
}

function noChannel({ provider }: Identity): DoccError {
  return provider === "slack"
    ? new DoccError("bad-input", "There is no channel here, only you and docc.", {
        hint: "Ask in the channel that it is for.",
      })
    : new DoccError("bad-input", "A terminal is in no channel.", {
        hint: "Ask in the channel that it is for, in Slack; without channel it is your own.",
      });
}

/** @throws DoccError `bad-input`, `not-found` for words that are no preference */
function changeOf(
  { environment, quiet, notify }: Args,
  { kind }: Subject,
  ports: Ports,
): PreferenceChange {
  if (notify !== undefined && kind === "channel") {
    throw new DoccError("bad-input", "How somebody is notified is a person's own.", {
      hint: "Leave channel out to say it for yourself.",
    });
  }
  return {
    ...(environment === undefined ? {} : { environment: environmentOf(environment, ports) }),
    ...(quiet === undefined ? {} : { quiet: quietOf(quiet) }),
    ...(notify === undefined ? {} : { notify: notifyOf(notify) }),
  };
}

/** An environment may be called default: then only the empty word takes back. */
function environmentOf(given: string, ports: Ports): string | null {
  if (given === "" || (given === "default" && !ports.environments.has(given))) return null;
  const { name } = environmentNamed(ports, given, "environment");
  if (whyNoDefault(name, [...ports.environments.keys()]) === undefined) return name;
  throw new DoccError("bad-input", `${name} is reached by in=${name} alone, never by default.`, {
    hint: "So nobody gets there who did not say so.",
  });
}

function quietOf(given: string): boolean | null {
  const all = "It takes on, off or default.";
  if (given === "") return null;
  const choice = choiceNamed(given, quietWords, { key: "quiet", all });
  return choice === "default" ? null : choice === "on";
}

function notifyOf(given: string): NonNullable<PreferenceChange["notify"]> | null {
  const all = "It takes mention, name, dm or default.";
  if (given === "") return null;
  const choice = choiceNamed(given, notifyWords, { key: "notify", all });
  return choice === "default" ? null : choice;
}

function toldLines(isTold: boolean | undefined): readonly string[] {
  if (isTold === undefined) return [];
  return [
    isTold
      ? "The channel has been told."
      : "The channel could not be told: invite docc with /invite @docc, or say it yourself.",
  ];
}

/** A default of one's own that does not count here would be a riddle. */
function passedLines(
  { kind }: Subject,
  { environment }: PreferenceChange,
  request: Request,
  ports: Ports,
): readonly string[] {
  if (kind === "channel" || environment === undefined) return [];
  const { from, name } = defaultFor(request, ports);
  if (from !== "channel" || name === environment) return [];
  return [`In this channel they go to ${name} all the same, because the channel says so.`];
}
