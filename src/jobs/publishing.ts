import type { Clock } from "../clock.ts";
import { isAbsence } from "../k8s/errors.ts";
import { backOff } from "../k8s/retry.ts";
import type { Logger } from "../log.ts";
import type { Jobs } from "./jobs.ts";

interface PublishingPorts {
  readonly publish: () => Promise<void>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Pick<Logger, "warn">;
}

const limits = { baseMs: 1_000, capMs: 5 * 60_000 };

/**
 * Publishes once what docc.yaml says of its environments, when a term begins: what a terminal knows of it. Tries until it
 * is done; without the right it stays undone, and terminals go by the records as they can.
 */
export function startPublishing({ publish, clock, random, log }: PublishingPorts): Jobs {
  let isStopped = false;
  let cancel: () => void = () => undefined;
  const run = async (failures: number): Promise<void> => {
    try {
      await publish();
    } catch (error) {
      if (isStopped) return;
      log.warn({ err: error }, "what terminals are told of the environments is not published");
      if (isAbsence(error)) return;
      const waitMs = backOff(failures + 1, limits, random);
      cancel = clock.after(waitMs, () => void run(failures + 1));
    }
  };
  void run(0);
  return {
    // A request under way is left behind: it says what the next leader says again.
    stop: () => {
      isStopped = true;
      cancel();
      return Promise.resolve();
    },
  };
}
