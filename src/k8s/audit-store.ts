import type { AuditRecord } from "../audit/record.ts";
import { type Segment, segmentName } from "../audit/segment.ts";
import type { KubeApi } from "./api.ts";
import { isKubeError } from "./errors.ts";
import { auditRecords, auditSegments, type Kind } from "./kinds.ts";
import type { OpaqueObject, Stored } from "./objects.ts";

/** A record that waits to be sealed, as it was read. */
export interface WaitingRecord {
  readonly record: AuditRecord;
  readonly uid: string;
}

/** The audit log in docc's home cluster: records that wait, and segments that hold what was sealed. */
export interface AuditStore {
  /** False when an act of this name is recorded already. */
  createRecord(record: AuditRecord): Promise<boolean>;
  /** Those that wait, at most so many, in no order. */
  waiting(most: number): Promise<readonly WaitingRecord[]>;
  /** Deletes that very record; one that is gone is no error. */
  deleteRecord(waiting: WaitingRecord): Promise<void>;
  /** False when there is a segment of this number already. */
  createSegment(segment: Segment): Promise<boolean>;
  segment(number: number): Promise<Segment | undefined>;
  /** Number of the oldest that is kept; undefined for an empty log. */
  oldest(): Promise<number | undefined>;
  /** All, in the order of their numbers. */
  segments(): AsyncGenerator<Segment, void, undefined>;
}

/** Segments are large: a page of them stays below 5 MB. */
const segmentsPerPage = 20;
const recordsPerPage = 500;

export function createAuditStore(api: KubeApi, namespace: string): AuditStore {
  const create = async (
    kind: Kind<OpaqueObject>,
    name: string,
    spec: Readonly<Record<string, unknown>>,
  ): Promise<boolean> => {
    try {
      await api.create(kind, { metadata: { name, namespace }, spec });
      return true;
    } catch (error) {
      if (isKubeError(error, "already-exists")) return false;
      throw error;
    }
  };
  return {
    createRecord: async ({ name, ...spec }) => create(auditRecords, name, spec),
    waiting: async (most) => {
      let found: WaitingRecord[] = [];
      for await (const page of api.list(auditRecords, { namespace, limit: recordsPerPage })) {
        found = [...(page.first ? [] : found), ...page.items.map(asWaiting)];
        if (found.length >= most) break;
      }
      return found.slice(0, most);
    },
    deleteRecord: async ({ record: { name }, uid }) => {
      try {
        await api.delete(auditRecords, { namespace, name }, { uid });
      } catch (error) {
        // A conflict: another one of that name, which is looked at in its turn.
        if (!isKubeError(error, "not-found", "conflict")) throw error;
      }
    },
    createSegment: async (segment) =>
      create(auditSegments, segmentName(segment.number), { ...segment }),
    segment: async (number) => {
      const found = await api.find(auditSegments, { namespace, name: segmentName(number) });
      return found === undefined ? undefined : asSegment(found);
    },
    oldest: async () => {
      for await (const { items } of api.list(auditSegments, { namespace, limit: 1 })) {
        const [first] = items;
        return first === undefined ? undefined : asSegment(first).number;
      }
      return undefined;
    },
    segments: async function* () {
      // A list that begins anew on the way goes on behind what was given already.
      let given = 0;
      for await (const page of api.list(auditSegments, { namespace, limit: segmentsPerPage })) {
        for (const segment of page.items.map(asSegment)) {
          if (segment.number <= given) continue;
          given = segment.number;
          yield segment;
        }
      }
    },
  };
}

/** The API server has checked these against the CRDs in deploy/crds, whose fields a test ties to src/audit. */
function asWaiting({ metadata, spec }: Stored<OpaqueObject>): WaitingRecord {
  return {
    record: { ...(spec as Omit<AuditRecord, "name">), name: metadata.name },
    uid: metadata.uid,
  };
}

/** Its name counts, which cannot be another one's: the hash tells when its content says another number. */
function asSegment({ metadata, spec }: Stored<OpaqueObject>): Segment {
  const segment = spec as Segment;
  const named = /^segment-(\d{8})$/u.exec(metadata.name)?.[1];
  return named === undefined ? segment : { ...segment, number: Number(named) };
}
