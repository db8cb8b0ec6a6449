import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Fault } from "./examine.ts";
import { atWork, type Job, newBoard, rest } from "./job.ts";
import { nothing, seenAs, sum, type Tally, tallyOf } from "./tally.ts";
import type { Target } from "./target.ts";

/** What to run. */
export interface Plan {
  /** Address of the module that exports `targets`. */
  readonly module: string;
  readonly target: string;
  readonly seed: number;
  readonly runs: number;
  readonly workers: number;
  /** Milliseconds on one input after which a worker is given up. */
  readonly patience: number;
}

/** A worker's end before its work was done. */
type Death = Pick<Fault, "kind" | "what" | "detail">;

/**
 * Examines all inputs of a plan. An input that a worker hangs on or dies of is a fault like others: a
 * new worker goes on after it.
 *
 * @param caseOf makes the plan's inputs
 * @param progress hears the tally so far, now and then
 */
export async function run(
  plan: Plan,
  caseOf: ReturnType<Target["open"]>,
  progress: (tally: Tally) => void = () => {},
): Promise<Tally> {
  let tally = nothing;
  const tell = (part: Tally): void => {
    tally = sum(tally, part);
    progress(tally);
  };
  const board = newBoard(plan.workers);
  const jobs = Array.from({ length: plan.workers }, (_, worker): Job => {
    const { module, target, seed, runs } = plan;
    return { module, target, seed, runs, worker, board };
  });
  await Promise.all(jobs.map((job) => employ(job, plan.patience, caseOf, tell)));
  return tally;
}

/** Sees that the share of one worker gets done, by as many workers as it takes. */
async function employ(
  job: Job,
  patience: number,
  caseOf: ReturnType<Target["open"]>,
  tell: (part: Tally) => void,
): Promise<void> {
  for (;;) {
    const death = await endOf(job, patience, tell);
    const index = atWork(job);
    if (death === undefined) {
      return;
    }
    if (index === undefined) {
      throw new Error(`A worker cannot work: ${death.what}`, { cause: death.detail });
    }
    const seen = seenAs(index, caseOf(index), { ms: death.kind === "slow" ? patience : 0 });
    tell(tallyOf(seen, { faults: [{ ...death, isDeadly: true }], seen: [] }));
    rest(job);
  }
}

/** Lets one worker work; how it died, or undefined when its work is done. */
async function endOf(
  job: Job,
  patience: number,
  tell: (part: Tally) => void,
): Promise<Death | undefined> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: job });
  worker.on("message", tell);
  const done = new AbortController();
  const ended = new Promise<Death | undefined>((resolve) => {
    worker.once("error", (error) => resolve(deathBy(error)));
    worker.once("exit", () => resolve(atWork(job) === undefined ? undefined : silentDeath));
  });
  const hung = whenHung(job, patience, done.signal);
  const death = await Promise.race([ended, hung]);
  done.abort();
  await worker.terminate();
  return death;
}

const silentDeath: Death = {
  kind: "crash",
  what: "ends the thread",
  detail: "without an error, as process.exit does",
};

function deathBy(error: unknown): Death {
  const name = error instanceof Error && "code" in error ? String(error.code) : "an error";
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "crash", what: `ends the thread by ${name}`, detail };
}

/** Resolves when a worker has been at one input for too long; never once `done`. */
async function whenHung(job: Job, patience: number, done: AbortSignal): Promise<Death> {
  let at: number | undefined;
  do {
    at = atWork(job);
    // oxlint-disable-next-line no-await-in-loop -- it waits and looks again
    await pause(patience, undefined, { signal: done, ref: false }).catch(() => {});
  } while (!done.aborted && (at === undefined || atWork(job) !== at));
  const seconds = Math.round(patience / 1_000);
  return { kind: "slow", what: "does not end", detail: `still busy after ${seconds} s` };
}
