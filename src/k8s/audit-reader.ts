import { type AuditQuery, newest } from "../audit/query.ts";
import { recordsIn } from "../audit/segment.ts";
import type { AuditPage } from "../commands/ports.ts";
import type { AuditStore } from "./audit-store.ts";

/** Looks so many segments back at most: each is a request of up to 256 KiB. */
const mostSegments = 300;
const mostWaiting = 5_000;

/** Reads the log from its end, what waits to be sealed included. */
export function createAuditReader(store: AuditStore): (query: AuditQuery) => Promise<AuditPage> {
  /** The newest segment that this process has seen: the next search begins there. */
  let known = 0;
  return async (query) => {
    // Records first: what is sealed in between is found twice rather than never.
    const waiting = await store.waiting(mostWaiting);
    let found = newest(
      waiting.map(({ record }) => record),
      query,
    );
    const oldest = await store.oldest();
    if (oldest === undefined) return { records: found };
    known = await lastSegment(store, Math.max(oldest, known));
    for (let number = known, read = 0; number >= oldest; number -= 1, read += 1) {
      const segment = await store.segment(number);
      // A hole is for verification to tell.
      if (segment === undefined) continue;
      found = newest([...found, ...recordsIn(segment)], query);
      const isBefore = query.since !== undefined && Date.parse(segment.sealedAt) < query.since;
      if (isBefore || found.length >= query.lines) break;
      if (read + 1 >= mostSegments) return { records: found, lookedBackTo: segment.sealedAt };
    }
    return { records: found };
  };
}

/** Numbers have no gaps, so the last one is found by doubling steps, then by halving them. */
async function lastSegment(store: AuditStore, from: number): Promise<number> {
  const exists = async (number: number) => (await store.segment(number)) !== undefined;
  let last = from;
  let step = 1;
  while (await exists(last + step)) {
    last += step;
    step *= 2;
  }
  while (step > 1) {
    step /= 2;
    if (await exists(last + step)) last += step;
  }
  return last;
}
