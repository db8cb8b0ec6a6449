import type { AuditRecord } from "./record.ts";
import { byTime } from "./segment.ts";

/** Which records somebody wants to see. */
export interface AuditQuery {
  readonly app?: string;
  readonly environment?: string;
  /** A user id, as it is recorded. */
  readonly by?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** At most so many, the newest. */
  readonly lines: number;
}

/** Those that the query asks for, each once, newest first. */
export function newest(records: readonly AuditRecord[], query: AuditQuery): readonly AuditRecord[] {
  const ofApp = releasesOf(records, query.app);
  const fitting = records.filter((record) => fits(record, query, ofApp));
  const unique = new Map(fitting.map((each) => [each.name, each]));
  return [...unique.values()].toSorted((a, b) => byTime(b, a)).slice(0, query.lines);
}

/** When a file was uploaded nobody knew the app yet; what came of it says so. */
function releasesOf(
  records: readonly AuditRecord[],
  app: string | undefined,
): ReadonlySet<string | undefined> {
  const named = records.filter((record) => record.app === app && record.release !== undefined);
  return new Set(named.map(({ release }) => release));
}

function fits(
  record: AuditRecord,
  { app, environment, by, since }: AuditQuery,
  ofApp: ReadonlySet<string | undefined>,
): boolean {
  return (
    (app === undefined ||
      record.app === app ||
      (record.app === undefined && ofApp.has(record.release))) &&
    (environment === undefined || record.environment === environment) &&
    (by === undefined || record.who.user.toLowerCase() === by.toLowerCase()) &&
    (since === undefined || Date.parse(record.time) >= since)
  );
}

/** What was done, in a few words: `deploy kubecon-2017 in production tag=2018: "new schedule"`. */
export function sayWhat(record: AuditRecord): string {
  const { type, word, app, environment, words = [], reason, release, digest = "" } = record;
  const said = reason === undefined ? "" : `: "${reason}"`;
  const place = [app, environment === undefined ? undefined : `in ${environment}`];
  const parts: Readonly<Record<AuditRecord["type"], readonly (string | undefined)[]>> = {
    command: [word, ...place, ...words],
    decision: [`${word}:`, ...place, release],
    end: [`${word}:`, ...place, release],
    head: ["head posted:", digest],
  };
  return `${parts[type].filter((part) => part !== undefined).join(" ")}${said}`;
}

/** `2017-12-06 09:15:03`, in UTC. */
export function sayWhen({ time }: Pick<AuditRecord, "time">): string {
  return time.slice(0, 19).replace("T", " ");
}
