import { canonicalJson } from "../manifest/canonical.ts";
import type { AuditRecord } from "./record.ts";

/**
 * A sealed part of the audit log: create-only, numbered from 1 without gaps, each holding the hash of
 * the one before (deploy/crds/auditsegments.docc.dev.yaml).
 */
export interface Segment {
  /** From 1; also in its Kubernetes name, so that there can be one of each number. */
  readonly number: number;
  /** Hash of the segment before; {@link genesis} in the first. */
  readonly previous: string;
  /** RFC 3339 with milliseconds, by the sealing leader's clock. */
  readonly sealedAt: string;
  /** Canonical JSON (RFC 8785) of each record, oldest first. */
  readonly records: readonly string[];
  /** `sha256:` and 64 hex digits over everything above. */
  readonly hash: string;
}

/** Where a chain stands: its last segment's number and hash. */
export interface Head {
  /** 0 for an empty log. */
  readonly number: number;
  readonly hash: string;
}

/** What the first segment follows on. */
export const genesis = `sha256:${"0".repeat(64)}`;
export const emptyHead: Head = { number: 0, hash: genesis };

/** Records of one segment; a record has about 400 bytes, at most some 12,000. */
export const segmentLimits = { records: 500, bytes: 256 * 1024 } as const;

/** `segment-00000012` */
export function segmentName(number: number): string {
  return `segment-${String(number).padStart(8, "0")}`;
}

/**
 * The hash that a segment must carry.
 * @param hash hex SHA-256 of a text's UTF-8
 */
export function hashOf(
  { number, previous, sealedAt, records }: Omit<Segment, "hash">,
  hash: (text: string) => string,
): string {
  return `sha256:${hash(canonicalJson({ number, previous, sealedAt, records }))}`;
}

/**
 * The next segment of a chain: of all that wait the oldest, as many as fit. The order does not depend
 * on the order of `waiting`.
 * @param waiting records that no segment holds yet, at least one
 * @param now milliseconds since the epoch
 */
export function seal(
  head: Head,
  waiting: readonly AuditRecord[],
  now: number,
  hash: (text: string) => string,
): { readonly segment: Segment; readonly sealed: readonly AuditRecord[] } {
  const sealed = oldestThatFit(waiting);
  const content = {
    number: head.number + 1,
    previous: head.hash,
    sealedAt: new Date(now).toISOString(),
    records: sealed.map((record) => canonicalJson(record)),
  };
  return { segment: { ...content, hash: hashOf(content, hash) }, sealed };
}

function oldestThatFit(waiting: readonly AuditRecord[]): readonly AuditRecord[] {
  const taken: AuditRecord[] = [];
  let bytes = 0;
  for (const record of waiting.toSorted(byTime)) {
    bytes += new TextEncoder().encode(canonicalJson(record)).length;
    const isFull = taken.length >= segmentLimits.records || bytes > segmentLimits.bytes;
    if (isFull && taken.length > 0) break;
    taken.push(record);
  }
  return taken;
}

/** By time, then by name: the same in every locale. */
export function byTime(left: AuditRecord, right: AuditRecord): number {
  if (left.time !== right.time) return left.time < right.time ? -1 : 1;
  if (left.name === right.name) return 0;
  return left.name < right.name ? -1 : 1;
}

/** The records of a segment, oldest first. Lines that are no record, which docc never wrote, are left out. */
export function recordsIn({ records }: Segment): readonly AuditRecord[] {
  return records.flatMap((line) => {
    const value = parsed(line);
    return isRecordLike(value) ? [value] : [];
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecordLike(value: unknown): value is AuditRecord {
  if (typeof value !== "object" || value === null || !("who" in value)) return false;
  const texts = ["name", "time", "type", "word", "outcome"].map((key): unknown =>
    Reflect.get(value, key),
  );
  const { who } = value;
  const isNamed = typeof who === "object" && who !== null && "user" in who;
  return isNamed && typeof who.user === "string" && texts.every((each) => typeof each === "string");
}
