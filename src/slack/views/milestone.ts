import { sayDuration } from "../../text/duration.ts";
import { samePerson } from "../../release/people.ts";
import type { Cause, Release } from "../../release/release.ts";
import type { Milestone } from "../../release/story.ts";
import { clean } from "../../text/clean.ts";
import { preformatted, section } from "../blocks.ts";
import { fit } from "../fit.ts";
import type { Block, Message } from "../message.ts";
import { sayGone } from "./deletion.ts";
import {
  because,
  closedBy,
  goesBack,
  inline,
  type Mention,
  namesOf,
  need,
  personOf,
  sayReady,
  sentence,
  withMentions,
} from "./phrases.ts";

/** A message in the thread of a release. */
export interface Reply extends Message {
  /** Shown in the channel as well: failures, and what was changed outside docc. */
  readonly broadcast: boolean;
}

/** One milestone in words, in the tone of transcripts.md. Pure. */
export function milestoneMessage(milestone: Milestone, mention: Mention): Reply {
  switch (milestone.type) {
    case "applied":
      return quiet(applied(milestone, mention));
    case "ready":
      return quiet(
        `${sayReady(milestone)}. ` +
          `Watching ${sayDuration(milestone.stableMs)} before the verdict.`,
      );
    case "deleting":
      return quiet(deleting(milestone.release));
    case "gone":
      return quiet(sayGone(milestone.release));
    case "pruned":
      return quiet(pruned(milestone));
    case "failed":
      return failed(milestone, mention);
    case "drifted":
      return drifted(milestone, mention);
    case "mended":
      return { ...quiet(mended(milestone)), broadcast: true };
    case "ask":
      return quiet(`${names(milestone.approvers, mention)}: ${need(milestone.release, mention)}`);
    case "reminder":
      return quiet(
        `${names(milestone.approvers, mention)}: still waiting, half of the time is over. ${need(milestone.release, mention)}`,
      );
    case "plan":
      return quiet(
        `This is plan ${milestone.number}: what runs, or the rules, changed since the one before. Approvals of that one do not count.`,
      );
    case "approved": {
      const { by, count, of } = milestone;
      const counted = of > 1 ? ` (${count} of ${of})` : "";
      return quiet(`Approved by ${personOf(by, mention)}${counted}.`);
    }
    case "emergency":
      return quiet(emergency(milestone, mention));
    case "closed": {
      const { phase, closed, requester } = milestone;
      const said = `${closedBy(phase, closed, mention)} Nothing was changed.`;
      // Who has ended it themselves need not be called.
      return quiet(
        samePerson(closed.by, requester, []) ? said : `${personOf(requester, mention)}: ${said}`,
      );
    }
    case "expired":
      return quiet(
        `${personOf(milestone.requester, mention)}: nobody approved it in time. Nothing was changed; ask again when somebody can look.`,
      );
    case "stop":
      return quiet(
        `Stopped by ${personOf(milestone.stop.by, mention)}${because(milestone.stop.reason)}`,
      );
    case "warning": {
      const { reason, kind, count, message } = milestone.warning;
      const times = count > 1 ? ` x${count}` : "";
      return quiet(
        `Warning: ${inline(reason, 80)} on ${inline(kind, 63)}${times}${because(message)}`,
      );
    }
  }
}

/** Those who are asked. */
function names(approvers: readonly string[], mention: Mention): string {
  return namesOf(approvers, mention, { most: mostNamed, between: " " }) || "Nobody";
}

function emergency(
  { by, reason, owners }: Milestone & { readonly type: "emergency" },
  mention: Mention,
): string {
  const said = owners.length === 0 ? "Emergency" : `${names(owners, mention)}: emergency`;
  return `${said} by ${personOf(by, mention)}, past approval, freezes and locks${because(reason)}`;
}

function quiet(text: string): Reply {
  return { ...fit({ text, blocks: [section(text)] }), broadcast: false };
}

const mostNamed = 12;

/** A plan may have many; the thread hears of the first ones. */
const mostNotes = 6;

/** `Applied 1 object; 3 unchanged.`, then what the plan warned of, line by line. */
function applied(milestone: Milestone & { readonly type: "applied" }, mention: Mention): string {
  const { created, changed, unchanged, notes = [] } = milestone;
  const count = created + changed;
  const objects = `${count} ${count === 1 ? "object" : "objects"}`;
  const fresh = created > 0 && changed > 0 ? ` (${created} new)` : "";
  const first = `Applied ${objects}${fresh}${unchanged === 0 ? "" : `; ${unchanged} unchanged`}.`;
  return [
    first,
    ...notes.slice(0, mostNotes).map((note) => withMentions(sentence(note), mention)),
  ].join("\n");
}

/** `Deleting 5 objects: Service web, Deployment web.`, then what the plan warned of, line by line. */
function deleting({ status }: Release): string {
  const { changes = [], risks = [], warnings = [] } = status?.plan ?? {};
  const names = changes
    .slice(0, mostNamed)
    .map(({ kind, name }) => `${inline(kind, 63)} ${inline(name, 120)}`);
  const more = changes.length > mostNamed ? ` and ${changes.length - mostNamed} more` : "";
  const count = changes.length === 1 ? "1 object" : `${changes.length} objects`;
  const first =
    changes.length === 0
      ? "Nothing of it is there any more."
      : `Deleting ${count}: ${names.join(", ")}${more}.`;
  const notes = [...risks, ...warnings].slice(0, mostNamed).map((note) => sentence(note));
  return [first, ...notes].join("\n");
}

/** `Removed Ingress shop-admin and Certificate shop-admin.` */
function pruned({ removed, kept }: Milestone & { readonly type: "pruned" }): string {
  const list = (names: readonly string[]): string =>
    `${names
      .slice(0, mostNamed)
      .map((name) => inline(name, 120))
      .join(", ")}${names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ""}`;
  return [
    removed.length === 0 ? "" : `Removed ${list(removed)}.`,
    kept.length === 0
      ? ""
      : `Not removed, because the cluster refused or it is not docc's any more: ${list(kept)}.`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** Whom a failure is told by name beside who asked: whom the request names, then whose app it is. */
export function toTell({
  tell,
  maintainers,
}: Milestone & { readonly type: "failed" }): readonly string[] {
  return [...(tell === undefined ? [] : [tell]), ...maintainers];
}

function failed(milestone: Milestone & { readonly type: "failed" }, mention: Mention): Reply {
  const { cause, changed, followUp, requester } = milestone;
  const names = [personOf(requester, mention), ...toTell(milestone).map(mention)];
  const people = [...new Set(names)].join(" ");
  const first = `${people}: ${sentence(cause.sentence)}`;
  const rest = [
    changed === "" ? "" : `Changed: ${sentence(changed)}`,
    followUp === undefined ? "" : goesBack(followUp),
    cause.next === "" ? "" : `Next: ${sentence(cause.next)}`,
  ].filter((line) => line !== "");
  const blocks: Block[] = [section(first), ...proof(cause)];
  if (rest.length > 0) blocks.push(section(rest.join("\n")));
  return { ...fit({ text: [first, ...rest].join(" "), blocks }), broadcast: true };
}

function drifted(milestone: Milestone & { readonly type: "drifted" }, mention: Mention): Reply {
  const { app, environment, changes, next, maintainers } = milestone;
  const people = namesOf(maintainers, mention, { most: mostNamed, between: " " });
  const what = `${inline(app)} in ${inline(environment)} was changed outside docc.`;
  const first = people === "" ? what : `${people}: ${what}`;
  const last = `Next: ${next.map((each) => sentence(each)).join("\n")}`;
  const blocks = [section(first), preformatted(clean(changes.join("\n"))), section(last)];
  return { ...fit({ text: `${first} ${last}`, blocks }), broadcast: true };
}

function mended({ app, environment, leftovers }: Milestone & { readonly type: "mended" }): string {
  const first = `${inline(app)} in ${inline(environment)} is as docc left it again.`;
  return leftovers
    ? `${first} What was added by hand may still be there: docc leaves that alone.`
    : first;
}

function proof({ evidence }: Cause): readonly Block[] {
  return evidence.length === 0 ? [] : [preformatted(clean(evidence.join("\n")))];
}
