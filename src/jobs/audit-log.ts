import { commandRecord } from "../audit/record.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { AuditLine } from "../commands/dispatch.ts";
import type { Ports } from "../commands/ports.ts";
import type { KubeApi } from "../k8s/api.ts";
import { createAuditReader } from "../k8s/audit-reader.ts";
import { createAuditStore } from "../k8s/audit-store.ts";
import { createAuditWriter } from "../k8s/audit-writer.ts";
import type { Logger } from "../log.ts";
import type { Jobs } from "./jobs.ts";
import { type SealingPorts, type SealingRules, startSealing } from "./sealing.ts";

/** The audit log of one process: every replica writes and reads, the leader seals. */
export interface AuditLog {
  /** Records a command in the process's log and in the cluster; returns at once and never throws. */
  record(line: AuditLine, error?: unknown): void;
  readonly read: Ports["audit"]["read"];
  /** For the leader alone; two at once would be no harm. */
  startSealing(ports: Pick<SealingPorts, "cache" | "tell">, rules: SealingRules): Jobs;
  /** Resolves when everything is recorded, or after `ms`. */
  stop(ms: number): Promise<void>;
}

export function openAuditLog(options: {
  readonly api: KubeApi;
  /** docc's own. */
  readonly namespace: string;
  /** Records and segments bear its time; requests keep the time of the wall. */
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Hex SHA-256. */
  readonly hash: (text: string) => string;
  readonly log: Logger;
}): AuditLog {
  const { api, namespace, clock, random, hash, log } = options;
  const store = createAuditStore(api, namespace);
  const writer = createAuditWriter({
    store,
    clock: systemClock,
    random,
    onError: (error, record, isLost) => {
      if (isLost) log.error({ err: error, record }, "an audit record is lost, but for this line");
      else log.warn({ err: error, record: record.name }, "an audit record waits to be stored");
    },
  });
  return {
    record: (line, error) => {
      if (line.outcome === "internal") log.error({ ...line, err: error }, "a command failed");
      else log.info(line, "command");
      writer.write(commandRecord(line, clock.now(), hash));
    },
    read: createAuditReader(store),
    startSealing: (ports, rules) => startSealing({ ...ports, store, clock, hash, log }, rules),
    stop: (ms) => writer.stop(ms),
  };
}
