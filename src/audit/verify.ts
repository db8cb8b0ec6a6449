import { canonicalJson } from "../manifest/canonical.ts";
import type { AuditRecord } from "./record.ts";
import { genesis, hashOf, type Head, recordsIn, type Segment } from "./segment.ts";

export interface VerifyOptions {
  /** A head that was noted elsewhere: only it shows that the end was cut off or all was rewritten. */
  readonly head?: string | undefined;
  /** Hash of the last segment that was taken out of the cluster into an archive. */
  readonly after?: string | undefined;
  /** Hex SHA-256 of a text's UTF-8. */
  readonly hash: (text: string) => string;
}

/** How far a chain was followed, segment by segment. */
export interface Progress {
  readonly head: Head;
  readonly segments: number;
  readonly records: number;
  /** The newest segment, undefined before the first. */
  readonly last?: Segment;
  /** Whether `head` of the options was seen. */
  readonly hasHead: boolean;
  /** The first place that does not hold, in one sentence. */
  readonly problem?: string;
}

export type Verdict =
  | {
      readonly ok: true;
      readonly head: Head;
      readonly segments: number;
      readonly records: number;
      /** Records that wait to be sealed: nothing proves these yet. */
      readonly unsealed: number;
    }
  | { readonly ok: false; readonly problem: string };

export function begin({ after = genesis, head }: VerifyOptions): Progress {
  return {
    head: { number: 0, hash: after },
    segments: 0,
    records: 0,
    hasHead: head === undefined || head === after,
  };
}

/**
 * Follows the chain by one segment, in the order of their numbers. The first problem is kept; the head
 * goes on past it, so that nothing is ever sealed under a number that is taken.
 */
export function follow(progress: Progress, segment: Segment, options: VerifyOptions): Progress {
  const problem = progress.problem ?? problemOf(progress, segment, options);
  return {
    head: { number: segment.number, hash: segment.hash },
    segments: progress.segments + 1,
    records: progress.records + segment.records.length,
    last: segment,
    hasHead: progress.hasHead || segment.hash === options.head,
    ...(problem === undefined ? {} : { problem }),
  };
}

function problemOf(
  { head, segments }: Progress,
  segment: Segment,
  { after, hash }: VerifyOptions,
): string | undefined {
  const { number, previous } = segment;
  const isFirst = segments === 0;
  if (!isFirst && number !== head.number + 1) {
    return `Segment ${head.number + 1} is missing: segment ${number} comes next.`;
  }
  if (isFirst && after === undefined && number !== 1) {
    return `Segment 1 is missing: the log begins with segment ${number}.`;
  }
  if (previous !== head.hash) {
    return isFirst
      ? `Segment ${number} does not follow on ${after === undefined ? "an empty log" : "the archive's last segment"}: what came before it was cut off or replaced.`
      : `Segment ${number} does not follow on segment ${head.number}: one of them was replaced.`;
  }
  if (hashOf(segment, hash) !== segment.hash) {
    return `Segment ${number} was changed: its content has another hash than it says.`;
  }
  return undefined;
}

/**
 * The verdict over a whole log.
 * @param unsealed the records that are there beside the segments
 */
export function finish(
  progress: Progress,
  unsealed: readonly AuditRecord[],
  { head }: VerifyOptions,
): Verdict {
  const { problem, hasHead, last, segments, records } = progress;
  if (problem !== undefined) return { ok: false, problem };
  const replaced = replacedIn(last, unsealed);
  if (replaced !== undefined) return { ok: false, problem: replaced };
  if (!hasHead) {
    const end =
      last === undefined ? "there is no segment at all" : `it ends with segment ${last.number}`;
    return {
      ok: false,
      problem: `The head ${head ?? ""} is not in the log: ${end}, so it was cut off or rewritten.`,
    };
  }
  // A log that was deleted as a whole must not pass for one that holds.
  if (last === undefined) return { ok: false, problem: "There is no segment: nothing is sealed." };
  const sealed = new Set(recordsIn(last).map(({ name }) => name));
  const waiting = unsealed.filter(({ name }) => !sealed.has(name)).length;
  return { ok: true, head: progress.head, segments, records, unsealed: waiting };
}

/** A record that is sealed and still there must be the one that was sealed. */
function replacedIn(
  last: Segment | undefined,
  unsealed: readonly AuditRecord[],
): string | undefined {
  if (last === undefined) return undefined;
  const sealed = new Map(recordsIn(last).map((record) => [record.name, canonicalJson(record)]));
  const other = unsealed.find(
    (record) => sealed.has(record.name) && sealed.get(record.name) !== canonicalJson(record),
  );
  return other === undefined
    ? undefined
    : `The record ${other.name} was replaced: segment ${last.number} has sealed another one.`;
}
