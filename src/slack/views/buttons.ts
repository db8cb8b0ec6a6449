import { appNameOf } from "../../release/names.ts";
import type { types } from "@slack/bolt";
import { isDeletion } from "../../release/deletion.ts";
import { phaseOf } from "../../release/phases.ts";
import type { Plan, Release, ReleaseSpec } from "../../release/release.ts";
import type { Earlier } from "../../release/rollback.ts";
import type { ReleaseView } from "../../release/story.ts";
import { typedWord } from "../../text/typed-word.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { readManifest } from "../../manifest/canonical.ts";
import { filledLink } from "../../manifest/links.ts";
import { actions, button, linkButton } from "../blocks.ts";
import { limits } from "../limits.ts";
import type { Block } from "../message.ts";
import { preposition } from "./deletion.ts";
import { openReasonAction } from "./reason-form.ts";

/** What a release ran as; every button names both, whatever the default environment is. */
interface Place {
  readonly app: string;
  readonly environment: string;
}

/**
 * What one can do about a release now: each button is a command already typed, and is judged anew when it
 * is pressed, by what is then and by who presses it.
 */
export function buttons(view: ReleaseView): readonly Block[] {
  const elements = offered(view).filter((each) => each !== undefined);
  return elements.length === 0 ? [] : [actions(...elements)];
}

function offered(view: ReleaseView): readonly Button[] {
  const { release, earlier, followUp } = view;
  const app = appNameOf(release);
  const phase = phaseOf(release);
  switch (phase) {
    case "accepted":
      return [cancel(release)];
    case "planned":
    case "approved":
      return [viewDiff(release), cancel(release)];
    case "awaiting-approval":
      return [...approval(release), cancel(release)];
    case "applying":
    case "progressing":
    case "verifying":
      return release.status?.stop === undefined ? [stop(release, earlier)] : [];
    case "succeeded":
    case "failed":
    case "unknown": {
      if (app === undefined) return [];
      const place = { app, environment: release.spec.environment };
      return [
        earlier === undefined || followUp !== undefined
          ? undefined
          : rollback(place, sayEarlier(earlier, release), earlier),
        phase === "succeeded" ? undefined : retry(place, release),
        release.spec.kind === "delete" ? undefined : logs(place),
      ];
    }
    default:
      return [];
  }
}

/** Its version, where that tells it from the release: one that has changed no tag says the revision. */
function sayEarlier({ revision, version }: Earlier, release: Release): string {
  const isAlike = !isDeletion(release) && version === release.status?.plan?.to;
  return (isAlike ? "" : cap(oneLine(version), 40)) || `revision ${revision}`;
}

function rollback({ app, environment }: Place, to: string, { revision }: Earlier): Button {
  const number = `revision ${revision}`;
  const said = to === number ? to : `${to}, ${number}`;
  return command({
    action: "command:rollback",
    text: `Roll back to ${to}`,
    value: `rollback ${app} to=${revision} in=${environment}`,
    label: `Roll ${app} in ${environment} back to ${to}`,
    confirm: {
      title: `Roll back to ${to}?`,
      text: `${app} in ${environment} goes from whatever runs there now back to ${said}. Today's scale stays.`,
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
        label: `Retry the ${spec.kind} of ${app} ${preposition({ spec })} ${environment}`,
      });
}

function wordsOf(app: string, { kind, source, words }: ReleaseSpec): readonly string[] | undefined {
  // Everybody in the channel can read a button's value; variables may be secret.
  const isPrivate = Object.keys(words).some((key) => /(^|\.)env\./u.test(key));
  const typed = Object.entries(words).map(([key, value]) => typedWord(key, value));
  const said = typed.filter((word) => word !== undefined);
  if (isPrivate || said.length < typed.length) return undefined;
  switch (source.type) {
    case "stored":
      return [kind, app, ...said];
    case "release":
      return ["rollback", app, `to=${source.revision}`, ...said];
    case "promotion":
      return ["deploy", app, `from=${source.from.environment}`, ...said];
    default:
      return undefined;
  }
}

export function logs({ app, environment }: Place): Button {
  return command({
    action: "command:logs",
    text: "Logs",
    value: `logs ${app} in=${environment}`,
    label: `Logs of ${app} in ${environment}`,
  });
}

type Button = types.Button | undefined;

/** What decides on a plan that waits. The buttons carry a release and a digest, never authority. */
export function approval(release: Release): readonly Button[] {
  const plan = release.status?.plan;
  if (plan === undefined) return [];
  const { name } = release.metadata;
  const what = title(release);
  const words = `${name} plan=${plan.digest}`;
  return [
    command({
      action: "command:approve",
      text: "Approve",
      value: `approve ${words}`,
      label: `Approve ${what}`,
      style: "primary",
      confirm: {
        title: "Approve this plan?",
        text: `${what}. It is applied at once, if nothing it rests on has changed.`,
        yes: "Approve",
      },
    }),
    reasoned({
      words: `reject ${words}`,
      text: "Reject",
      label: `Reject ${what}`,
      style: "danger",
    }),
    viewDiff(release),
    changes(release),
  ];
}

/** Opens a form for the reason; what is said there completes the words. */
function reasoned(options: {
  readonly words: string;
  readonly text: string;
  readonly label: string;
  readonly style?: "danger";
}): Button {
  const { words, ...rest } = options;
  const value = JSON.stringify({ words, title: options.text });
  return value.length > limits.buttonValue
    ? undefined
    : button({ action: openReasonAction, value, ...rest });
}

/** Opens the whole diff of the plan; of another one of the same release when it is planned anew. */
function viewDiff(release: Release): Button {
  return release.status?.plan === undefined
    ? undefined
    : command({
        action: "command:diff",
        text: "View diff",
        value: `diff ${release.metadata.name}`,
        label: `View the diff of ${title(release)}`,
      });
}

/** Where the differences of the two versions can be read, as the manifest's `links.compare` says. */
function changes(release: Release): Button {
  const plan = release.status?.plan;
  const url = plan === undefined ? undefined : compareLink(plan);
  return url === undefined
    ? undefined
    : linkButton({
        action: "link:compare",
        text: "Changes",
        url,
        label: `Changes of ${title(release)}`,
      });
}

function compareLink({ manifest, from, to }: Plan): string | undefined {
  const { application = "", links } = readManifest(manifest) ?? {};
  const compare = links?.["compare"];
  return typeof compare !== "string" || from === "" || from === to
    ? undefined
    : filledLink(compare, { app: application, from, to });
}

function cancel(release: Release): Button {
  return command({
    action: "command:cancel",
    text: "Cancel",
    value: `cancel ${release.metadata.name}`,
    label: `Cancel ${title(release)}`,
  });
}

function stop(release: Release, earlier: Earlier | undefined): Button {
  const what = title(release);
  const isBack = earlier !== undefined && !["rollback", "delete"].includes(release.spec.kind);
  const text = isBack ? "Stop and roll back" : "Stop";
  const to = isBack ? ` and goes back to ${sayEarlier(earlier, release)}` : "";
  const kept = isDeletion(release) ? ", and what is gone stays gone" : "";
  return command({
    action: "command:stop",
    text,
    value: `cancel ${release.metadata.name}`,
    label: `${text}: ${what}`,
    style: "danger",
    confirm: { title: `${text}?`, text: `${what} ends as failed${kept}${to}.`, yes: text },
  });
}

/** `kubecon-2017 2016 -> 2017 in production`, `Deletion of kubecon-2017 2017 from staging` */
function title({ metadata, spec, status }: Release): string {
  const { from = "", to = "" } = status?.plan ?? {};
  const versions = from === "" || from === to ? to : `${from} -> ${to}`;
  const app = status?.app ?? spec.app ?? metadata.name;
  const [what, where] = spec.kind === "delete" ? ["Deletion of ", "from"] : ["", "in"];
  return oneLine(
    `${what}${app} ${cap(versions, 60)} ${where} ${spec.environment}`.replace("  ", " "),
  );
}

/** A command that is too long for a button is typed by hand. */
export function command(options: Parameters<typeof button>[0]): Button {
  return options.value.length > limits.buttonValue ? undefined : button(options);
}
