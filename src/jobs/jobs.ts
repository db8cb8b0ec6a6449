import { schedule } from "node-cron";
import type { Clock } from "../clock.ts";
import type { AskedStore } from "../k8s/asked-store.ts";
import type { RecordCache } from "../k8s/record-cache.ts";
import type { Records } from "../k8s/records.ts";
import type { Logger } from "../log.ts";
import { outdated, outdatedAsked, type RetentionRules } from "./retention.ts";

export interface Jobs {
  stop(): Promise<void>;
}

export interface JobPorts {
  readonly clock: Clock;
  readonly records: Records;
  readonly cache: RecordCache;
  readonly asked: AskedStore;
  readonly log: Logger;
}

/** Starts what runs by the calendar, in UTC. */
export function startJobs(
  ports: JobPorts,
  rules: RetentionRules & { readonly schedule: string },
): Jobs {
  const both = async (): Promise<void> => {
    await cleanUp(ports, rules);
    await cleanUpAsked(ports, rules);
  };
  const task = schedule(rules.schedule, both, {
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

/** Deletes what came from outside Slack and was answered long ago. */
export async function cleanUpAsked(
  { clock, asked, log }: Pick<JobPorts, "clock" | "asked" | "log">,
  rules: Pick<RetentionRules, "answered">,
): Promise<number> {
  let deleted = 0;
  try {
    const old = outdatedAsked(await asked.all(), rules, clock.now());
    for (const each of old) {
      try {
        await asked.delete(each);
        deleted += 1;
      } catch (error) {
        const { kind, metadata } = each;
        log.warn({ err: error, [kind.kind]: metadata.name }, "a record is kept longer");
      }
    }
    if (old.length > 0) log.info({ deleted, of: old.length }, "retention of what was answered");
  } catch (error) {
    log.warn({ err: error }, "what was answered is kept longer");
  }
  return deleted;
}
