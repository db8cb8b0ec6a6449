import type { types } from "@slack/bolt";
import { phaseOf } from "../../release/phases.ts";
import type { Release, ReleaseSpec } from "../../release/release.ts";
import type { Earlier } from "../../release/rollback.ts";
import type { ReleaseView } from "../../release/story.ts";
import { typedWord } from "../../text/typed-word.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { actions, button } from "../blocks.ts";
import { limits } from "../limits.ts";
import type { Block } from "../message.ts";

/** What a release ran as; every button names both, whatever the default environment is. */
interface Place {
  readonly app: string;
  readonly environment: string;
}

/**
 * What one can do about a release that ran: each button is a command already typed, and is judged anew
 * when it is pressed, by what runs then and by who presses it.
 */
export function buttons({ release, earlier }: ReleaseView): readonly Block[] {
  const app = release.status?.app ?? release.spec.app;
  const phase = phaseOf(release);
  if (app === undefined || !["succeeded", "failed", "unknown"].includes(phase)) return [];
  const place = { app, environment: release.spec.environment };
  const elements = [
    earlier === undefined ? undefined : rollback(place, earlier),
    phase === "succeeded" ? undefined : retry(place, release),
    logs(place),
  ].filter((each) => each !== undefined);
  return elements.length === 0 ? [] : [actions(...elements)];
}

function rollback({ app, environment }: Place, { revision, version }: Earlier): Button {
  const to = cap(oneLine(version), 40) || `revision ${revision}`;
  return command({
    action: "command:rollback",
    text: `Roll back to ${to}`,
    value: `rollback ${app} to=${revision} in=${environment}`,
    label: `Roll ${app} in ${environment} back to ${to}`,
    confirm: {
      title: `Roll back to ${to}?`,
      text: `${app} in ${environment} goes from whatever runs there now back to ${to}, revision ${revision}. Today's scale stays.`,
      yes: "Roll back",
    },
  });
}

/** The same request again, where words can say it: a manifest that came along cannot be typed. */
function retry({ app, environment }: Place, { spec }: Release): Button {
  const words = wordsOf(app, spec);
  return words === undefined
    ? undefined
    : command({
        action: "command:retry",
        text: "Retry",
        value: [...words, `in=${environment}`].join(" "),
        label: `Retry the ${spec.kind} of ${app} to ${environment}`,
      });
}

function wordsOf(app: string, { source, words }: ReleaseSpec): readonly string[] | undefined {
  // Everybody in the channel can read a button's value; variables may be secret.
  const isPrivate = Object.keys(words).some((key) => /(^|\.)env\./u.test(key));
  const typed = Object.entries(words).map(([key, value]) => typedWord(key, value));
  const said = typed.filter((word) => word !== undefined);
  if (isPrivate || said.length < typed.length) return undefined;
  switch (source.type) {
    case "stored":
      return ["deploy", app, ...said];
    case "release":
      return ["rollback", app, `to=${source.revision}`, ...said];
    default:
      return undefined;
  }
}

function logs({ app, environment }: Place): Button {
  return command({
    action: "command:logs",
    text: "Logs",
    value: `logs ${app} in=${environment}`,
    label: `Logs of ${app} in ${environment}`,
  });
}

type Button = types.Button | undefined;

/** A command that is too long for a button is typed by hand. */
function command(options: Parameters<typeof button>[0]): Button {
  return options.value.length > limits.buttonValue ? undefined : button(options);
}
