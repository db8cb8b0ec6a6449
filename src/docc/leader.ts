import type { Controller } from "../controller/controller.ts";
import type { LeadersWork } from "../k8s/election/elector.ts";
import type { RecordCache } from "../k8s/record-cache.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { Logger } from "../log.ts";
import type { Voice } from "../slack/app.ts";

export interface LeaderPorts {
  readonly cache: Pick<RecordCache, "refresh" | "releases">;
  /** True when the copy of the records was opened under this very term: nothing older is in it. */
  readonly isFresh: boolean;
  readonly voice: Voice;
  readonly createController: () => Controller;
  readonly startJobs: () => readonly Jobs[];
  readonly log: Logger;
}

/** What only the leader does, from a copy of the records that is newer than its term. */
export interface Leading extends LeadersWork {
  /** A release was stored or changed. */
  touch(name: string): void;
}

/**
 * Begins with everything that is not finished, and says again what finished a short while ago: the
 * process that led before may have died in the middle of a sentence.
 */
export function startLeading(ports: LeaderPorts): Leading {
  const { cache, voice, log } = ports;
  let isOver = false;
  let controller: Controller | undefined;
  let jobs: readonly Jobs[] = [];

  const begin = async (): Promise<void> => {
    // What the last leader wrote a moment ago may not have reached the copy yet.
    if (!ports.isFresh) await cache.refresh();
    if (isOver) return;
    controller = ports.createController();
    jobs = ports.startJobs();
    for (const { metadata } of cache.releases()) controller.touch(metadata.name);
  };
  begin().catch((error: unknown) => log.warn({ err: error }, "the records were not read again"));

  return {
    touch: (name) => controller?.touch(name),
    stop: async (graceMs) => {
      isOver = true;
      await Promise.all(jobs.map((each) => each.stop()));
      const stopped = controller?.stop();
      if (graceMs !== undefined) {
        await stopped;
        await voice.messenger.flush(graceMs);
      }
      // What waits to be told is refused now, and whoever waits for it ends.
      voice.close();
      await stopped;
    },
  };
}
