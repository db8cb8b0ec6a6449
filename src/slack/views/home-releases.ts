import type { HomeData, HomeRelease } from "../../commands/home.ts";
import type { Release } from "../../release/release.ts";
import { sayAge } from "../../text/duration.ts";
import { sayMinute } from "../../text/minute.ts";
import { actions, context, header, section } from "../blocks.ts";
import { capMarkup } from "../escape.ts";
import type { Block } from "../message.ts";
import { approval } from "./buttons.ts";
import { inline, type Mention, need, personOf } from "./phrases.ts";

const mostWaiting = 8;
const mostRecent = 10;
/** Of one row; escaped, the words of people may be five times as long. */
const longestRow = 1_200;

/** What waits for the asker's yes, with the buttons of the request itself. Pure. At most 18 blocks. */
export function waitingReleases(
  { waiting, unsure, now }: Pick<HomeData, "waiting" | "unsure" | "now">,
  mention: Mention,
): readonly Block[] {
  const more = waiting.length - mostWaiting;
  const notes = [
    ...(waiting.length === 0 && unsure === 0 ? ["Nothing waits for your approval."] : []),
    ...(more > 0 ? [`and ${more} more: \`/docc status\``] : []),
    ...(unsure > 0
      ? [`docc could not find out whether ${unsure} more wait for you: Slack did not answer.`]
      : []),
  ];
  return [
    header(waiting.length === 0 ? "For you" : `Waits for your approval (${waiting.length})`),
    ...waiting.slice(0, mostWaiting).flatMap((release) => waitingRelease(release, now, mention)),
    ...(notes.length === 0 ? [] : [context(...notes)]),
  ];
}

function waitingRelease(release: Release, now: number, mention: Mention): readonly Block[] {
  const { expiresAt } = release.status?.plan ?? {};
  const until = Date.parse(expiresAt ?? "");
  const reason = inline(release.spec.reason ?? "");
  const lines = [
    need(release, mention),
    ...(reason === "" ? [] : [`"${reason}"`]),
    ...(expiresAt === undefined || !(until > now) ? [] : [`Until ${sayMinute(expiresAt)} UTC.`]),
  ];
  const buttons = approval(release).filter((each) => each !== undefined);
  return [
    section(capMarkup(lines.join("\n"), longestRow)),
    ...(buttons.length === 0 ? [] : [actions(...buttons)]),
  ];
}

/** What happened last, whoever asked for it. Pure. At most 11 blocks. */
export function recentReleases(
  { recent, now }: Pick<HomeData, "recent" | "now">,
  mention: Mention,
): readonly Block[] {
  if (recent.length === 0) return [];
  const rows = recent.slice(0, mostRecent).map((each) => recentRelease(each, now, mention));
  return [header("Recent releases"), ...rows];
}

/** `*web* in staging, 2016 -> 2017, by @developer, 3h ago` and, below, `succeeded` */
function recentRelease(
  { app, environment, what, outcome, by, at }: HomeRelease,
  now: number,
  mention: Mention,
): Block {
  const said = [`*${inline(app, 63)}* in ${inline(environment, 63)}`, inline(what, 80)];
  const ago = Number.isFinite(at) ? [`${sayAge(now - at)} ago`] : [];
  const first = [...said, `by ${personOf(by, mention)}`, ...ago].join(", ");
  return context(capMarkup(`${first}\n${inline(outcome, 80)}`, longestRow));
}
