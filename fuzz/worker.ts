import { parentPort, workerData } from "node:worker_threads";
import { examine } from "./examine.ts";
import { type Job, takeNext } from "./job.ts";
import { nothing, seenAs, sum, type Tally, tallyOf } from "./tally.ts";
import type { Target } from "./target.ts";

/** Inputs between two messages to the main thread. */
const BATCH = 500;

/** Examines inputs, one index after another, until all are taken. */
async function work(job: Job): Promise<void> {
  const { targets } = (await import(job.module)) as { targets: ReadonlyMap<string, Target> };
  const caseOf = targets.get(job.target)?.open(job.seed);
  if (caseOf === undefined) {
    throw new RangeError(`there is no target ${job.target}`);
  }
  let tally = nothing;
  for (let index = takeNext(job); index !== undefined; index = takeNext(job)) {
    tally = sum(tally, examined(index, caseOf(index)));
    if (tally.inputs >= BATCH || tally.found.size > 0) {
      parentPort?.postMessage(tally);
      tally = nothing;
    }
  }
  parentPort?.postMessage(tally);
}

function examined(index: number, made: ReturnType<ReturnType<Target["open"]>>): Tally {
  const result = examine(made, made.source);
  return tallyOf(seenAs(index, made, result), result);
}

await work(workerData as Job);
