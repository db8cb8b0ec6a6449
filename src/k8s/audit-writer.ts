import type { AuditRecord } from "../audit/record.ts";
import { type Clock, sleep } from "../clock.ts";
import type { AuditStore } from "./audit-store.ts";
import { isKubeError } from "./errors.ts";
import { backOff } from "./retry.ts";

export interface AuditWriterOptions {
  readonly store: Pick<AuditStore, "createRecord">;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Hears of each failed write, and whether the record is lost by it. */
  readonly onError: (error: unknown, record: AuditRecord, isLost: boolean) => void;
}

/** What one process has to record, written one after the other while the commands go on. */
export interface AuditWriter {
  /** Returns at once and never throws. */
  write(record: AuditRecord): void;
  /** Resolves when all is written, or after `ms`; nothing is written after that. */
  stop(ms: number): Promise<void>;
}

/** Some 5 MB; at a hundred commands a minute docc outlives an hour without its API server. */
const mostQueued = 10_000;
const backOffLimits = { baseMs: 500, capMs: 30_000 };
/** One write may take so long; then it is tried again. */
const patienceMs = 10_000;

export function createAuditWriter(options: AuditWriterOptions): AuditWriter {
  const { store, clock, random, onError } = options;
  const queue: AuditRecord[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;
  let working: Promise<void> | undefined;

  /** True when there is nothing more to do for this record. */
  const attempt = async (record: AuditRecord): Promise<boolean> => {
    try {
      await store.createRecord(record);
      return true;
    } catch (error) {
      // What the schema refuses once it refuses always; everything else passes.
      const isLost = isKubeError(error, "invalid", "too-big") || !isKubeError(error);
      onError(error, record, isLost);
      return isLost;
    }
  };

  const work = async (): Promise<void> => {
    let failures = 0;
    for (let [record] = queue; record !== undefined && !signal.aborted; [record] = queue) {
      if (await attempt(record)) {
        queue.shift();
        failures = 0;
      } else {
        failures += 1;
        const delay = Math.min(patienceMs, backOff(failures, backOffLimits, random));
        await sleep(clock, delay, signal).catch(() => undefined);
      }
    }
    working = undefined;
  };

  return {
    write: (record) => {
      if (queue.length >= mostQueued || signal.aborted) {
        onError(new Error("the audit queue takes no more"), record, true);
        return;
      }
      queue.push(record);
      // The command that is recorded goes first: its answer is on its way by then.
      working ??= Promise.resolve().then(work);
    },
    stop: async (ms) => {
      const deadline = Promise.withResolvers<void>();
      const cancel = clock.after(ms, deadline.resolve);
      await Promise.race([working ?? Promise.resolve(), deadline.promise]);
      cancel();
      stopping.abort(new Error("stopped"));
      for (const record of queue.splice(0)) onError(new Error("docc stopped"), record, true);
    },
  };
}
