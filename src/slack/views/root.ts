import { sayDuration } from "../../text/duration.ts";
import { phaseOf } from "../../release/phases.ts";
import type { Release, ReleaseKind, Verdict } from "../../release/release.ts";
import type { ReleaseView } from "../../release/story.ts";
import { isDeletion } from "../../release/deletion.ts";
import { clean } from "../../text/clean.ts";
import { context, preformatted, section } from "../blocks.ts";
import { link } from "../escape.ts";
import { fit } from "../fit.ts";
import type { Block, Message } from "../message.ts";
import { buttons } from "./buttons.ts";
import { deletionState, preposition } from "./deletion.ts";
import {
  appOf,
  elapsed,
  approvedBy,
  closedBy,
  environmentOf,
  goesBack,
  inline,
  namesOf,
  need,
  personOf,
  releaseOf,
  sayReady,
  sentence,
  versionOf,
  withPeople,
} from "./phrases.ts";
import type { Mention } from "./phrases.ts";
import { planLines } from "./plan-lines.ts";
import { steps } from "./steps.ts";

/** What one phase has to say. */
interface Story {
  /** The message's `text`, where the app's name and the state are not the sentence. */
  readonly text?: string;
  /** The state in one finished sentence; with the app's name it is the message's `text`. */
  readonly state: string;
  /** Further finished mrkdwn lines under it. */
  readonly lines?: readonly string[];
  /** Lines that prove it, raw. */
  readonly evidence?: readonly string[];
  /** Blocks after the words. */
  readonly blocks?: readonly Block[];
}

/**
 * The root message of a release: the one message that is edited through its life, in the tone of
 * transcripts.md. Pure.
 */
export function rootMessage(view: ReleaseView, mention: Mention): Message {
  const { release } = view;
  const story = tell(view, mention);
  const title = isDeletion(release)
    ? `Delete ${appOf(release)} from ${environmentOf(release)}`
    : `${appOf(release)} -&gt; ${environmentOf(release)}`;
  const lines = [`*${title}*${heading(release)}`, story.state, ...(story.lines ?? [])];
  return fit({
    text:
      story.text ??
      `${kinds[release.spec.kind]} of ${appOf(release)} ${preposition(release)} ${environmentOf(release)}: ${story.state}`,
    blocks: [
      section(lines.join("\n")),
      ...evidence(story.evidence ?? []),
      ...(story.blocks ?? []),
      context(askedBy(release, mention)),
      ...buttons(view),
    ],
  });
}

const kinds: Readonly<Record<ReleaseKind, string>> = {
  deploy: "Deploy",
  update: "Update",
  rollback: "Rollback",
  restart: "Restart",
  delete: "Deletion",
};

function tell(view: ReleaseView, mention: Mention): Story {
  const { release } = view;
  const version = versionOf(release);
  const verdict = release.status?.verdict;
  const phase = phaseOf(release);
  const ending = deletionState(view, phase);
  if (ending !== undefined) return { state: ending };
  switch (phase) {
    case "accepted":
      return { state: accepted(view) };
    case "planned":
      return {
        state: accepted(view, "Planned; applying comes next."),
        lines: planLines(release, mention),
      };
    case "awaiting-approval":
      return {
        text: need(release, mention),
        state: "Waiting for approval.",
        lines: [...planLines(release, mention), askedOf(release, mention)],
      };
    case "approved":
      return {
        state: accepted(
          view,
          `Approved by ${approvedBy(release, mention) || "docc"}; applying comes next.`,
        ),
        lines: planLines(release, mention),
      };
    case "applying":
      return { state: `Applying ${version}.`, blocks: [steps(view, phase)] };
    case "progressing":
      return { state: progressing(view), lines: waitingFor(view), blocks: [steps(view, phase)] };
    case "verifying":
      return { state: verifying(view), blocks: [steps(view, phase)] };
    case "succeeded":
      return { state: succeeded(view), lines: verdict?.urls.map(link) ?? [] };
    case "failed":
      return failed(view);
    case "unknown":
      return withCause(
        verdict,
        isDeletion(release)
          ? `Whether ${appOf(release)} is gone from ${environmentOf(release)} is not known`
          : `The outcome of ${version} in ${environmentOf(release)} is not known`,
      );
    case "refused":
      return { ...withCause(verdict, notDone(release)), evidence: verdict?.cause?.evidence ?? [] };
    case "superseded":
      return withCause(verdict, `${isDeletion(release) ? "The deletion" : version} was superseded`);
    case "expired":
      return { state: "Expired before it was applied. Nothing was changed." };
    case "rejected":
    case "cancelled":
      return closed(release, phase, mention);
    default:
      return unreachable(phase);
  }
}

/** `Any 1 of @kubecon-team, until 03:12` */
function askedOf(release: Release, mention: Mention): string {
  const { policy, expiresAt } = release.status?.plan ?? {};
  if (policy === undefined) return "";
  const given = approvedBy(release, mention);
  const names = namesOf(policy.approvers, mention, { most: mostNamed, between: ", " });
  const who = `Any ${policy.approvals} of ${names}`;
  const outside = policy.outsideSlack ? ", at least one of them by docc approve in a terminal" : "";
  const until = expiresAt === undefined ? "" : `, until ${when(expiresAt)}`;
  const so = given === "" ? "" : ` Approved so far by ${given}.`;
  return `${who}${outside}${until}.${so}`;
}

const mostNamed = 8;

/** In the reader's own time zone. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
function when(time: string): string {
  const utc = new Date(time).toISOString();
  return `<!date^${Math.floor(Date.parse(time) / 1_000)}^{date_short_pretty} {time}|${utc.slice(11, 16)} UTC>`;
}

function closed(release: Release, phase: "rejected" | "cancelled", mention: Mention): Story {
  const by = release.status?.closed ?? { by: itself, reason: "" };
  return { state: `${closedBy(phase, by, mention)} Nothing was changed.` };
}

/** Of a record that does not say who it was. */
const itself = { provider: "docc", team: "", user: "docc" } as const;

function accepted({ behind }: ReleaseView, otherwise = "Accepted; docc is planning it."): string {
  return behind === undefined ? otherwise : `Waits behind release ${inline(behind, 80)}.`;
}

function progressing(view: ReleaseView): string {
  const { release, progress } = view;
  const ready = progress === undefined ? "" : `${progress.ready} of ${progress.wanted} ready, `;
  const doing = release.spec.kind === "restart" ? "Restarting" : "Rolling out";
  return `${doing} ${versionOf(release)}: ${ready}${sayDuration(elapsed(view, "applying"))}.`;
}

function waitingFor({ progress }: ReleaseView): readonly string[] {
  const line = inline(progress?.waitingFor ?? "");
  return line === "" ? [] : [line];
}

function verifying(view: ReleaseView): string {
  const { progress } = view;
  const ready = progress === undefined ? "All pods ready" : sayReady(progress);
  const window = sayDuration(view.stableMs);
  return `${ready}. Watching ${window} before the verdict, ${sayDuration(elapsed(view, "verifying"))} so far.`;
}

function succeeded(view: ReleaseView): string {
  const { release } = view;
  const verdict = release.status?.verdict;
  const took = sayDuration(elapsed(view, "applying"));
  if (verdict?.wanted === 0) {
    return `${appOf(release)} is paused in ${environmentOf(release)}: no copy runs. ${took}.`;
  }
  const ready =
    verdict === undefined ? "" : ` ${verdict.ready} of ${verdict.wanted} ready and stable,`;
  return `${versionOf(release)} is live in ${environmentOf(release)}.${ready} ${took}.`;
}

function failed({ release, followUp }: ReleaseView): Story {
  const what = isDeletion(release)
    ? `${appOf(release)} is not gone from ${environmentOf(release)}`
    : `${versionOf(release)} failed in ${environmentOf(release)}`;
  const story = withCause(release.status?.verdict, what);
  return followUp === undefined
    ? story
    : { ...story, lines: [goesBack(followUp), ...(story.lines ?? [])] };
}

function notDone({ spec }: Release): string {
  if (spec.kind === "restart") return "Not restarted";
  if (spec.kind === "delete") return "Not deleted";
  if (spec.source.type === "adoption") return "Not taken over";
  if (spec.kind === "update") return "Not updated";
  return spec.kind === "rollback" ? "Not rolled back" : "Not deployed";
}

/** What happened and why, then who is affected, then what to do. */
function withCause(verdict: Verdict | undefined, what: string): Story {
  const cause = verdict?.cause;
  return {
    state:
      cause === undefined
        ? `${what}.`
        : `${what}: ${withPeople(sentence(cause.sentence), cause.named ?? [])}`,
    lines: [
      sentence(verdict?.affected ?? ""),
      cause === undefined || cause.next === "" ? "" : `Next: ${sentence(cause.next)}`,
    ].filter((line) => line !== ""),
  };
}

/** `   2016 -> 2017`; of a rollback `   2018 -> 2017, back to revision 7`, of a promotion `, from staging`. */
function heading(release: Release): string {
  const said = versions(release);
  const way = wayOf(release);
  if (way === "") return said;
  return `${said === "" ? "   " : `${said}, `}${way}`;
}

function wayOf({ spec: { source } }: Release): string {
  if (source.type === "release") return `back to revision ${source.revision}`;
  if (source.type === "adoption") return "taken over as it runs";
  if (source.type !== "promotion") return "";
  return `from ${inline(source.from.environment)}, revision ${source.from.revision}`;
}

function versions({ spec, status }: Release): string {
  const from = inline(status?.plan?.from ?? "", 128);
  // What was refused before it had a plan, or has none yet, is told by the tag that was asked for.
  const to = inline(status?.plan?.to ?? spec.words["tag"] ?? "", 128);
  if (to === "") return "";
  return from === "" || from === to ? `   ${to}` : `   ${from} -&gt; ${to}`;
}

function askedBy(release: Release, mention: Mention): string {
  const { emergency, reason, requester, tell } = release.spec;
  const whom = tell === undefined ? "" : ` for ${inline(tell, 254)}`;
  const why = reason === undefined ? "" : `: "${inline(reason)}"`;
  // Approval and freeze are missed by who reads it later.
  const past = emergency === undefined ? "" : `, an emergency: "${inline(emergency)}"`;
  return `Asked by ${personOf(requester, mention)}${whom}, ${releaseOf(release)}${why}${past}`;
}

function evidence(lines: readonly string[]): readonly Block[] {
  return lines.length === 0 ? [] : [preformatted(clean(lines.join("\n")))];
}

function unreachable(phase: never): never {
  throw new TypeError(`unknown phase ${String(phase)}`);
}
