import {
  channelSubject,
  type Origin,
  type PassedOver,
  type Preferences,
} from "../release/preferences.ts";
import type { Asker } from "../release/request.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import type { Answer } from "./answer.ts";
import { defaultFor, preferencesAround } from "./environment.ts";
import type { Ports } from "./ports.ts";

const origins: Readonly<Record<Origin, string>> = {
  channel: "this channel",
  person: "you",
  operator: "docc.yaml",
};

/** What holds for who asks, where it is asked, each with where it comes from. */
export function shownPreferences(asker: Asker, ports: Ports): Answer {
  const environment = defaultFor(asker, ports);
  const { channel, person } = preferencesAround(asker, ports);
  const isInChannel = channelSubject(asker.requester.team, asker.channel) !== undefined;
  const isInTerminal = asker.requester.provider === "kubernetes";
  const here = isInTerminal ? "In Slack" : isInChannel ? "Here" : "For you";
  const rows = [
    ["environment", environment.name, origins[environment.from]],
    ...(isInChannel ? [quietRow("quiet in this channel", channel, "this channel")] : []),
    ...(ports.preferences.subjectOf(asker.requester) === undefined
      ? []
      : [
          quietRow("quiet for you", person, "you"),
          ["notify", person.notify ?? "mention", person.notify === undefined ? docc : "you"],
        ]),
  ];
  return {
    text: `${here}, commands without in= go to ${environment.name}, as ${says(environment.from)}.`,
    table: { columns: ["setting", "value", "from"], rows },
    lines: [
      ...environment.passed.map(sayPassed),
      ...(environment.from === "channel" ? hidden(person, environment.name) : []),
      ...silenced(person),
      ...(isInTerminal ? [elsewhere] : []),
      ports.preferences.state === "absent" ? notStored : howTo(isInChannel),
    ],
  };
}

/** Two wishes of which one takes back the other. */
export function silenced({ quiet, notify }: Preferences): readonly string[] {
  return quiet === true && notify === "dm"
    ? ["While it is quiet for you, notify=dm sends no direct message either."]
    : [];
}

const docc = "docc's default";
const notStored =
  "This installation of docc cannot store preferences yet. An operator can mend that with kubectl apply --server-side -k deploy.";

/** What somebody in a terminal must not take a default for. */
export const elsewhere =
  "In a terminal in= says where all the same, or it is the only environment that has the app.";

function howTo(isInChannel: boolean): string {
  const channels = isInChannel ? ", this channel's with /docc config channel environment=NAME" : "";
  return `Set yours with /docc config environment=NAME${channels}; =default takes it back.`;
}

function quietRow(name: string, { quiet }: Preferences, from: string): readonly string[] {
  return [name, quiet === true ? "on" : "off", quiet === undefined ? docc : from];
}

function says(from: Origin): string {
  switch (from) {
    case "channel":
      return "this channel says";
    case "person":
      return "you have set";
    case "operator":
      return "docc.yaml says";
  }
}

function hidden({ environment }: Preferences, name: string): readonly string[] {
  return environment === undefined || environment === name
    ? []
    : [`Elsewhere you have set ${nameOf(environment)}; a channel's counts before yours.`];
}

/** What is stored may be from an older docc.yaml, or somebody else's. */
function sayPassed({ from, name, why }: PassedOver): string {
  const whose = from === "channel" ? "This channel's" : "Your";
  const because =
    why === "gone"
      ? "is no environment of docc.yaml any more"
      : "is reached by in= alone, never by default";
  const scope = from === "channel" ? "channel " : "";
  return `${whose} ${nameOf(name)} ${because}, so it is passed over. Take it back with /docc config ${scope}environment=default`;
}

function nameOf(environment: string): string {
  return cap(oneLine(environment), 63);
}
