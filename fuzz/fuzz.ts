import { minimised, write } from "./found.ts";
import { type Plan, run } from "./run.ts";
import type { Found, Tally } from "./tally.ts";
import type { Target } from "./target.ts";
import { SLOW_MS } from "./examine.ts";

/** Faults that are minimised and written: where there are more, one cause has many faces. */
const MOST_WRITTEN = 20;

/** Milliseconds for making one input smaller. */
const PATIENCE = 15_000;

/** Milliseconds between two lines of progress. */
const PROGRESS = 30_000;

/** Runs a plan and prints what it came to; 1 when something is wrong, else 0. */
export async function fuzz(target: Target, plan: Plan): Promise<number> {
  const { seed, runs, workers } = plan;
  console.log(`${plan.target}: ${runs} inputs, seed ${seed}, ${workers} workers`);
  const caseOf = target.open(seed);
  const tally = await run(plan, caseOf, progressOf(runs));
  print("made", tally.made);
  print("reached", tally.reached);
  console.log("slowest:");
  for (const { ms, index, made, size } of tally.slowest) {
    console.log(`  ${ms.toFixed(1)} ms  index ${index}, ${made}, ${size} long`);
  }
  for (const found of bySmallestIndex(tally).slice(0, MOST_WRITTEN)) {
    const least = minimised(found, caseOf(found.first.index), { ...plan, patience: PATIENCE });
    console.log(`\n${write(least, plan)}\n${least.description}`);
  }
  console.log(lastLine(plan, tally));
  return tally.found.size > 0 ? 1 : 0;
}

function bySmallestIndex({ found }: Tally): readonly Found[] {
  return [...found.values()].toSorted((left, right) => left.first.index - right.first.index);
}

/** A line now and then: how far, how fast, how many faults. */
function progressOf(runs: number): (tally: Tally) => void {
  const started = performance.now();
  let last = started;
  return ({ inputs, found }) => {
    const now = performance.now();
    if (now - last < PROGRESS) {
      return;
    }
    last = now;
    const rate = Math.round(inputs / ((now - started) / 1_000));
    const share = Math.floor((100 * inputs) / runs);
    console.log(`  ${share} %, ${inputs} inputs, ${rate} per second, ${found.size} faults`);
  };
}

function print(title: string, counts: ReadonlyMap<string, number>): void {
  const sorted = [...counts].toSorted(([, left], [, right]) => right - left);
  console.log(`${title}: ${sorted.map(([name, count]) => `${name} ${count}`).join(", ")}`);
}

/** What a run came to in one line, the same words each time: scripts read it. */
function lastLine({ target, runs, seed }: Plan, { faulty, slowest }: Tally): string {
  const slow = `${faulty.slow} over ${SLOW_MS} ms`;
  const most = `slowest ${Math.ceil(slowest[0]?.ms ?? 0)} ms`;
  const counts = `${faulty.crash} crashes, ${faulty.broken} broken promises, ${slow}, ${most}`;
  return `${target}: ${runs} inputs, seed ${seed}, ${counts}`;
}
