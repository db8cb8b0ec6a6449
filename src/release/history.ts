import { sayDuration } from "../text/duration.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { phaseOf } from "./phases.ts";
import type { ApplicationStatus, Identity, Phase, Release, Source } from "./release.ts";

/** One line of an app's history. */
export interface HistoryRow {
  /** Undefined for a release that applied nothing. */
  readonly revision?: number;
  /** RFC 3339: when it was applied, else when it ended or was accepted. */
  readonly at: string;
  readonly by: Identity;
  /** `2016 -> 2017`, `scale=5`, `rollback to 7`, `restart` */
  readonly what: string;
  /** Its phase, and why in few words. */
  readonly outcome: string;
  /** From the apply to the end; empty while it goes on, and where nothing was applied. */
  readonly took: string;
  readonly mark?: "live" | "rollback returns here";
}

/** Revisions whose records are not kept any more, from and to included. */
export interface HistoryGap {
  readonly gap: readonly [from: number, to: number];
}

const longest = 80;

/**
 * What happened to an app, newest first, from the records that are kept.
 * @param target revision that a rollback returns to now
 */
export function historyOf(
  releases: readonly Release[],
  head: ApplicationStatus | undefined,
  target: number | undefined,
): readonly (HistoryRow | HistoryGap)[] {
  const rows: (HistoryRow | HistoryGap)[] = [];
  let expected = head === undefined ? 0 : head.nextRevision - 1;
  for (const release of newestFirst(releases)) {
    const { revision } = release.status ?? {};
    if (revision !== undefined) {
      if (revision < expected) rows.push({ gap: [revision + 1, expected] });
      expected = revision - 1;
    }
    rows.push(row(release, head, target));
  }
  if (expected > 0) rows.push({ gap: [1, expected] });
  return rows;
}

/** In the order of a history. */
export function newestFirst(releases: readonly Release[]): readonly Release[] {
  return releases.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
}

function row(
  release: Release,
  head: ApplicationStatus | undefined,
  target: number | undefined,
): HistoryRow {
  const { metadata, spec, status } = release;
  const { revision } = status ?? {};
  const isLive = head?.applied?.release === metadata.name;
  const isTarget = revision !== undefined && revision === target;
  return {
    ...(revision === undefined ? {} : { revision }),
    at: timeOf(release),
    by: spec.requester,
    what: sayRequest(release),
    outcome: sayOutcome(release),
    took: sayTook(release),
    ...(isLive ? { mark: "live" } : isTarget ? { mark: "rollback returns here" } : {}),
  };
}

/** What was asked, in few words: `2016 -> 2017`, `scale=5`, `rollback to 7`, `restart`. */
export function sayRequest({ spec, status }: Release): string {
  if (spec.source.type === "release") return `rollback to ${spec.source.revision}`;
  if (spec.kind === "restart" || spec.kind === "delete") return spec.kind;
  const { from = "", to = "" } = status?.plan ?? {};
  const versions = to === "" ? "" : from === "" || from === to ? to : `${from} -> ${to}`;
  const origin = originOf(spec.source);
  // A tag is said by the versions; a variable's value may be secret.
  const others = Object.entries(spec.words)
    .filter(([key]) => to === "" || !/(^|\.)tag$/u.test(key))
    .map(([key, value]) => (/(^|\.)env\./u.test(key) ? `${key}=...` : `${key}=${value}`));
  const said = from !== to || others.length === 0 ? [versions, ...others] : others;
  const words = [...said, origin].filter((word) => word !== "").join(" ");
  return cap(oneLine(words === "" ? "a manifest" : words), longest);
}

function originOf(source: Source): string {
  if (source.type === "promotion") return `from ${source.from.environment}`;
  return source.type === "adoption" ? "taken over" : "";
}

/** Its phase, and why in few words: `failed: kubecon exits with code 1 at start`. */
export function sayOutcome({ status }: Release): string {
  const phase = status?.phase ?? "accepted";
  const why = status?.verdict?.cause?.sentence ?? status?.closed?.reason ?? "";
  return cap(oneLine(why === "" ? phase : `${phase}: ${why}`), longest);
}

function sayTook(release: Release): string {
  const start = entered(release, "applying");
  const end = release.status?.finishedAt;
  if (start === undefined || end === undefined) return "";
  return sayDuration(Date.parse(end) - Date.parse(start));
}

/** RFC 3339. What was applied is told by when it was: revisions stand in their order then. */
export function timeOf(release: Release): string {
  const { metadata, status } = release;
  return (
    entered(release, "applying") ??
    status?.finishedAt ??
    status?.transitions[0]?.at ??
    metadata.creationTimestamp
  );
}

function entered({ status }: Release, phase: Phase): string | undefined {
  return status?.transitions.find((transition) => transition.phase === phase)?.at;
}

/** Those of one app that may not act yet, oldest first: what waits behind the one in flight. */
export function waitingOf(
  releases: readonly Release[],
  inFlight: string | undefined,
): readonly Release[] {
  return unfinished(releases).filter(
    (release) => release.metadata.name !== inFlight && phaseOf(release) !== "awaiting-approval",
  );
}

/** Those that have not ended, in the order in which they take their turns. */
export function unfinished(releases: readonly Release[]): readonly Release[] {
  const age = ({ metadata, status }: Release): string =>
    `${status?.transitions[0]?.at ?? metadata.creationTimestamp} ${metadata.name}`;
  return releases
    .filter(({ status }) => status?.finishedAt === undefined)
    .toSorted((a, b) => age(a).localeCompare(age(b)));
}
