import type { Closing, Identity, Phase, Release } from "../../release/release.ts";
import type { FollowUp, ReleaseView } from "../../release/story.ts";
import { undoneBy } from "../../release/undoing.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { ended } from "../../text/ended.ts";
import { plain } from "../escape.ts";
import { mention as slackMention } from "../people.ts";

/** Turns a Slack id or a name into finished mrkdwn (people.ts); the only source of mentions. */
export type Mention = (name: string) => string;

const longest = 300;

/** Someone else's words inside our sentence: one line, capped, escaped. */
export function inline(text: string, max: number = longest): string {
  return plain(cap(oneLine(text), max));
}

/** Inline words that end as a sentence does. */
export function sentence(text: string, max: number = longest): string {
  const words = inline(text, max);
  return words === "" ? words : ended(words);
}

export function appOf({ spec, status }: Release): string {
  return inline(status?.app ?? spec.app ?? "the uploaded manifest", 63);
}

export function environmentOf({ spec }: Release): string {
  return inline(spec.environment, 63);
}

/** `2017`, or `revision 8` for an image without a tag, or `this release` before it has either. */
export function versionOf({ status }: Release): string {
  const to = inline(status?.plan?.to ?? "", 128);
  if (to !== "") return to;
  return status?.revision === undefined ? "this release" : `revision ${status.revision}`;
}

/** `release 8` once it has its revision, before that its name. */
export function releaseOf({ metadata, status }: Release): string {
  return `release ${status?.revision ?? inline(metadata.name, 80)}`;
}

export function personOf({ provider, user }: Identity, mention: Mention): string {
  return provider === "slack" ? mention(user) : inline(user, 100);
}

/** `: not before the keynote.`, or just the end of the sentence. */
export function because(reason: string): string {
  const said = sentence(reason);
  return said === "" ? "." : `: ${said}`;
}

/** `Rejected by @approver: not before the keynote.` */
export function closedBy(
  phase: "rejected" | "cancelled",
  { by, reason }: Closing,
  mention: Mention,
): string {
  const verb = phase === "rejected" ? "Rejected" : "Cancelled";
  return `${verb} by ${personOf(by, mention)}${because(reason)}`;
}

/** Who has said yes so far: `@approver and @maintainer`; empty while nobody has. */
export function approvedBy({ status }: Release, mention: Mention): string {
  return (status?.approvals ?? []).map(({ by }) => personOf(by, mention)).join(" and ");
}

/** The first of the names of the rules, as people are mentioned; a group is one name. */
export function namesOf(
  approvers: readonly string[],
  mention: Mention,
  { most, between }: { readonly most: number; readonly between: string },
): string {
  const few = approvers
    .slice(0, most)
    // `kubernetes:` says only where a name comes from.
    .map((name) => mention(name.replace(/^kubernetes:/u, "")))
    .join(between);
  return approvers.length > most ? `${few} and ${approvers.length - most} more` : few;
}

/** `Approval needed: kubecon-2017 2016 -&gt; 2017 in production, by @developer. 1 change, no known risk.` */
export function need(release: Release, mention: Mention): string {
  const { spec, status } = release;
  const plan = status?.plan;
  const changed = (plan?.changes ?? []).filter(({ action }) => action !== "unchanged").length;
  const risks = plan?.risks.length ?? 0;
  const counts = spec.kind === "delete" ? ["object goes", "objects go"] : ["change", "changes"];
  const counted = [
    changed === 0 ? "Nothing changes" : `${changed} ${changed === 1 ? counts[0] : counts[1]}`,
    risks === 0 ? "no known risk" : `${risks} known ${risks === 1 ? "risk" : "risks"}`,
  ].join(", ");
  const from = inline(plan?.from ?? "", 128);
  const to = inline(plan?.to ?? "", 128);
  const versions = from === "" || from === to ? to : `${from} -&gt; ${to}`;
  const app = [appOf(release), versions].filter((word) => word !== "").join(" ");
  const what =
    spec.kind === "delete"
      ? `deletion of ${app} from ${environmentOf(release)}`
      : `${app} in ${environmentOf(release)}`;
  return `Approval needed: ${what}, by ${personOf(spec.requester, mention)}. ${counted}.`;
}

/** `Rolling back to 2016 by itself (policy).` */
export function goesBack({ revision, version, byItself }: FollowUp): string {
  const to = inline(version, 128) || `revision ${revision}`;
  return `Rolling back to ${to}${byItself ? " by itself (policy)" : ""}.`;
}

/** Finished words of a plan in which whoever is undone is mentioned. */
export function withMentions(finished: string, mention: Mention): string {
  return (finished.match(undoneBy) ?? []).reduce(
    (said, id) => said.replace(`you undo @${id},`, `you undo ${mention(id)},`),
    finished,
  );
}

/** Mentions only those whom docc itself has named, never what looks like an id in somebody's words. */
export function withPeople(text: string, named: readonly string[]): string {
  // Who is named twice would be called within their own call.
  return [...new Set(named)].reduce(
    (said, id) => said.replaceAll(new RegExp(`@${id}\\b`, "gu"), slackMention(id)),
    text,
  );
}

/** Milliseconds from entering `phase` to the end, or until now. */
export function elapsed({ release, now }: ReleaseView, phase: Phase): number {
  const entered = release.status?.transitions.findLast((transition) => transition.phase === phase);
  const end = Date.parse(release.status?.finishedAt ?? "");
  const start = Date.parse(entered?.at ?? "");
  return Number.isNaN(start) ? 0 : (Number.isNaN(end) ? now : end) - start;
}

/** `2 of 3 ready`, and of what is paused that nothing runs. */
export function sayReady({
  ready,
  wanted,
}: {
  readonly ready: number;
  readonly wanted: number;
}): string {
  return wanted === 0 ? "No copy runs any more" : `${ready} of ${wanted} ready`;
}
