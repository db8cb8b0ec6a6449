import type { Release } from "../release/release.ts";
import { ended } from "../text/ended.ts";
import { type Person, type Summary, summaryOf } from "./summary.ts";

/** Pods of a rollout that are ready, of those wanted. */
export interface Ready {
  readonly ready: number;
  readonly wanted: number;
}

/** Something to tell once: whoever prints it remembers its key. */
export interface News {
  readonly key: string;
  readonly lines: readonly string[];
}

const mostApprovers = 5;
const barWidth = 20;

/**
 * All that a terminal should have been told of a release by now, in order. Pure: what was told already is
 * the caller's to leave out, by key.
 */
export function newsOf(release: Release, ready: Ready | undefined): readonly News[] {
  const summary = summaryOf(release);
  const { phase, plan } = summary;
  return [
    { key: "asked", lines: [`Asked: release ${summary.release}, ${placeOf(summary)}.`] },
    ...(plan === undefined ? [] : [{ key: `plan:${plan.number}`, lines: planLines(summary) }]),
    ...(phase === "awaiting-approval" ? [asks(release, summary)] : []),
    ...(plan?.approvedBy ?? []).map((by, at) => ({
      key: `approved:${plan?.number ?? 0}:${at + 1}`,
      lines: [`Approved by ${nameOf(by)} (${at + 1} of ${plan?.approvals ?? 0}).`],
    })),
    ...(isRolling(phase) && ready !== undefined
      ? [{ key: `ready:${ready.ready}/${ready.wanted}`, lines: [sayReady(ready)] }]
      : []),
    ...(phase === "verifying"
      ? [{ key: "verifying", lines: ["All are ready; docc watches whether it stays so."] }]
      : []),
    ...(summary.finishedAt === undefined ? [] : [{ key: "end", lines: endLines(summary) }]),
  ];
}

/** The line that a terminal redraws while pods come up; undefined while there is nothing to draw. */
export function progressBar({ ready, wanted }: Ready): string {
  const done = wanted === 0 ? barWidth : Math.floor((barWidth * Math.min(ready, wanted)) / wanted);
  return `[${"#".repeat(done)}${"-".repeat(barWidth - done)}] ${sayReady({ ready, wanted })}`;
}

export function isRolling(phase: string): boolean {
  return phase === "applying" || phase === "progressing";
}

/** What a request came to, in one sentence and its evidence. */
function endLines(summary: Summary): readonly string[] {
  const { verdict, closed } = summary;
  const { cause } = verdict ?? {};
  const why = cause === undefined ? "" : `: ${ended(cause.sentence)}`;
  return [
    `${endOf(summary)}${closed === undefined ? why : closedBy(closed)}`,
    ...(verdict === undefined || verdict.affected === "" ? [] : [verdict.affected]),
    ...(cause?.evidence ?? []).map((line) => `  ${line}`),
    ...(cause === undefined || cause.next === "" ? [] : [`Next: ${ended(cause.next)}`]),
    ...(verdict?.urls ?? []),
  ];
}

function endOf(summary: Summary): string {
  const { phase, verdict } = summary;
  const isCounted = verdict !== undefined && summary.kind !== "delete";
  const counts = isCounted ? `, ${sayReady(verdict)}` : "";
  const place = placeOf(summary);
  switch (phase) {
    case "succeeded":
      return `Succeeded: ${place}${counts}.`;
    case "expired":
      return `Expired: nobody approved ${place} in time. Nothing was changed.`;
    default:
      return `${phase.charAt(0).toUpperCase()}${phase.slice(1)}: ${place}`;
  }
}

function closedBy({ by, reason }: NonNullable<Summary["closed"]>): string {
  return ` by ${nameOf(by)}${reason === "" ? "." : `: ${ended(reason)}`} Nothing was changed.`;
}

function placeOf({ app, environment, from, to, kind }: Summary): string {
  if (kind === "delete") return `the deletion of ${app} from ${environment}`;
  const versions =
    to === undefined || to === "" ? "" : from === "" || from === to ? to : `${from} -> ${to}`;
  const what = app === "" ? "a manifest" : app;
  return `${what}${versions === "" ? "" : ` ${versions}`} in ${environment}`;
}

function planLines(summary: Summary): readonly string[] {
  const { plan } = summary;
  if (plan === undefined) return [];
  const what = summary.kind === "delete" ? sayGoing(plan.prune) : sayActions(plan);
  return [
    `Plan${plan.number > 1 ? ` ${plan.number}` : ""}: ${placeOf(summary)}: ${what}.`,
    ...plan.risks.map((risk) => `  Risk: ${risk}`),
    ...plan.warnings.map((warning) => `  Warning: ${warning}`),
  ];
}

function sayActions(plan: NonNullable<Summary["plan"]>): string {
  return (["create", "change", "prune", "unchanged"] as const)
    .filter((action) => plan[action] > 0)
    .map((action) => `${plan[action]} ${action}`)
    .join(", ");
}

function sayGoing(objects: number): string {
  return objects === 1 ? "1 object goes" : `${objects} objects go`;
}

function asks({ status }: Release, { release, plan }: Summary): News {
  const { approvers = [], outsideSlack = false } = status?.plan?.policy ?? {};
  const named = approvers.slice(0, mostApprovers).map((name) => name.replace(/^kubernetes:/u, ""));
  const more = approvers.length > mostApprovers ? `, ${approvers.length - mostApprovers} more` : "";
  const whom = named.length === 0 ? "somebody entitled" : `${named.join(", ")}${more}`;
  const past = outsideSlack ? `, one of them by docc approve ${release}` : "";
  return {
    key: `ask:${plan?.number ?? 0}`,
    lines: [`Waiting for approval (ask ${whom} in Slack${past}).`],
  };
}

function sayReady({ ready, wanted }: Ready): string {
  return `${ready}/${wanted} ready`;
}

function nameOf({ provider, user }: Person): string {
  return provider === "docc" ? "docc itself" : user;
}
