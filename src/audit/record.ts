import type { Identity } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";

/** Who acted: a person by the identity that the edge knows, or docc itself; the user is never empty. */
export type Who = Identity;

/**
 * `command`: what somebody asked for, refused or not. `decision`: what counted for a release, such as
 * an approval. `end`: what became of it. `head`: the log's own head was posted to its channel.
 */
export const recordTypes = ["command", "decision", "end", "head"] as const;
export type RecordType = (typeof recordTypes)[number];

/** One line of the audit log, as it is stored (deploy/crds/auditrecords.docc.dev.yaml). */
export interface AuditRecord {
  /** The Kubernetes name: the same act has the same name, so that it is recorded once. */
  readonly name: string;
  /** RFC 3339 with milliseconds, by docc's clock. */
  readonly time: string;
  readonly type: RecordType;
  /** The command's word, what was decided, the phase that a release ended in, or `head`. */
  readonly word: string;
  readonly who: Who;
  /** `ok`, or the stable code of why not. */
  readonly outcome: string;
  readonly app?: string;
  readonly environment?: string;
  /** Slack channel id where it was asked. */
  readonly channel?: string;
  /** Stable id of Slack's delivery. */
  readonly delivery?: string;
  /** Name of the Release that it made or decided on. */
  readonly release?: string;
  /** Digest of the plan that it decided on, or of the log's head. */
  readonly digest?: string;
  /** Why, as the person gave it. */
  readonly reason?: string;
  /** `tag=2018`; only the key of what may be secret: `env.PASSWORD=`. */
  readonly words?: readonly string[];
  /** True when the leader made it of the Release itself. */
  readonly derived?: true;
}

/** What dispatch tells of every command, refusals and crashes included. */
export interface CommandAct {
  readonly command: string;
  readonly provider: Identity["provider"];
  readonly team: string;
  readonly user: string;
  readonly channel: string | undefined;
  readonly delivery: string;
  /** `ok`, or the reason code of the refusal. */
  readonly outcome: string;
  readonly app?: string;
  readonly environment?: string;
  readonly release?: string;
  readonly digest?: string;
  readonly reason?: string;
  readonly words?: readonly string[];
}

/** What stands for a person whom a payload does not name. */
const nobody = "unknown";

/**
 * The record of a command.
 * @param now milliseconds since the epoch
 * @param hash hex SHA-256
 */
export function commandRecord(
  act: CommandAct,
  now: number,
  hash: (text: string) => string,
): AuditRecord {
  const { command, provider, team, user, channel, ...rest } = act;
  return fit({
    ...rest,
    name: commandName(act, hash),
    time: new Date(now).toISOString(),
    type: "command",
    word: command,
    who: { provider, team, user },
    ...(channel === undefined ? {} : { channel }),
  });
}

/**
 * A command that stored a Release has the name that the leader would give it when it finds the Release
 * without a record. A form may be sent several times under one id, until it is accepted; everything
 * else that comes twice is the same delivery twice.
 */
function commandName(
  { delivery, outcome, release }: CommandAct,
  hash: (text: string) => string,
): string {
  const id = hash(delivery);
  // As src/release/names.ts makes it.
  if (release?.endsWith(`-${id.slice(0, 12)}`) === true) return requestName(release);
  const isForm = delivery.startsWith("view:");
  return `command-${(isForm ? hash(`${delivery} ${outcome}`) : id).slice(0, 32)}`;
}

/** The name of the record of the command that stored a Release. */
export function requestName(release: string): string {
  return `request-${release}`;
}

/** The record that the log's head was posted: once a day. */
export function headRecord(head: string, channel: string, now: number): AuditRecord {
  return fit({
    name: headName(now),
    time: new Date(now).toISOString(),
    type: "head",
    word: "head",
    who: byDocc,
    outcome: "ok",
    channel,
    digest: head,
  });
}

/** `head-20171206`, by the day in UTC. */
export function headName(now: number): string {
  return `head-${new Date(now).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

export const byDocc: Who = { provider: "docc", team: "", user: "docc" };

/** As much as the CRD takes of each text; a test ties the two together. */
export const longest = {
  word: 63,
  team: 64,
  user: 253,
  outcome: 63,
  app: 63,
  environment: 63,
  channel: 64,
  delivery: 300,
  release: 253,
  digest: 80,
  reason: 300,
  words: 60,
  oneWord: 120,
} as const;

/** The record as the CRD takes it: one-line texts without what hides or reorders, none too long. */
export function fit(record: AuditRecord): AuditRecord {
  const { name, time, type, who, words, derived } = record;
  const text = (value: string, key: keyof typeof longest): string =>
    cap(oneLine(value), longest[key]);
  const named = (value: string, key: keyof typeof longest): string => text(value, key) || nobody;
  const optional = (
    ["app", "environment", "channel", "delivery", "release", "digest", "reason"] as const
  ).flatMap((key) => {
    const value = text(record[key] ?? "", key);
    return value === "" ? [] : [[key, value] as const];
  });
  return {
    name,
    time,
    type,
    word: named(record.word, "word"),
    who: {
      provider: who.provider,
      team: text(who.team, "team"),
      user: named(who.user, "user"),
    },
    outcome: named(record.outcome, "outcome"),
    ...Object.fromEntries(optional),
    ...(words === undefined || words.length === 0
      ? {}
      : { words: words.slice(0, longest.words).map((word) => text(word, "oneWord")) }),
    ...(derived === undefined ? {} : { derived }),
  };
}
