import { schedule } from "node-cron";
import type { Clock } from "../clock.ts";
import type { RecordCache } from "../k8s/record-cache.ts";
import type { Records } from "../k8s/records.ts";
import type { Logger } from "../log.ts";
import { outdated, type RetentionRules } from "./retention.ts";

export interface Jobs {
  stop(): Promise<void>;
}

export interface JobPorts {
  readonly clock: Clock;
  readonly records: Records;
  readonly cache: RecordCache;
  readonly log: Logger;
}

/** Starts what runs by the calendar, in UTC. */
export function startJobs(
  ports: JobPorts,
  rules: RetentionRules & { readonly schedule: string },
): Jobs {
  const task = schedule(rules.schedule, () => cleanUp(ports, rules), {
    name: "retention",
    timezone: "UTC",
    noOverlap: true,
  });
  return {
    stop: async () => {
      await task.destroy();
    },
  };
}

/** Deletes the records that retention no longer keeps; workloads are never owned by them. */
export async function cleanUp(
  { clock, records, cache, log }: JobPorts,
  rules: RetentionRules,
): Promise<number> {
  const old = outdated(cache.releases(), cache.applications(), rules, clock.now());
  let deleted = 0;
  for (const release of old) {
    try {
      await records.deleteRelease(release);
      deleted += 1;
    } catch (error) {
      log.warn({ err: error, release: release.metadata.name }, "a release is kept longer");
    }
  }
  if (old.length > 0) log.info({ deleted, of: old.length }, "retention");
  return deleted;
}
