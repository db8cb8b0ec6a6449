/**
 * `npm run chaos`: kills docc at every call that it makes, on a real control plane of its own, and
 * says what was lost.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runIssuer } from "../../sandbox/cluster/issuer.ts";
import { startControlPlane } from "../cluster/control-plane.ts";
import { chaos, sum } from "./chaos.ts";
import { missingFrom } from "./writes.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3000" },
    seed: { type: "string", default: String(randomInt(2 ** 32)) },
    lanes: { type: "string", default: "3" },
    round: { type: "string", default: "50" },
    minutes: { type: "string", default: "1000" },
  },
});

const seed = wholeNumber("seed", values.seed);
const runs = wholeNumber("runs", values.runs);
console.log(`seed ${seed}`);
const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    console.log(`${name}: ending docc and the control plane`);
    interrupted.abort(new Error(`ended by ${name}`));
  });
}
const cluster = await startControlPlane({
  // Real back-offs would only make the runs wait: 2 s instead of 10.
  kubelet: { crashBackoffMs: 2_000 },
  controllers: [runIssuer],
});
try {
  const result = await chaos({
    kubeconfigPath: cluster.kubeconfigPath,
    runs,
    seed,
    lanes: wholeNumber("lanes", values.lanes),
    runsPerRound: wholeNumber("round", values.round),
    timeMs: wholeNumber("minutes", values.minutes) * 60_000,
    say: (line) => console.log(line),
    signal: interrupted.signal,
  });
  const missing = missingFrom(result);
  for (const line of missing) console.log(line);
  console.log(`seed ${seed}`);
  console.log(sum(result));
  const isClean = result.lost + result.doubled + result.stuck === 0 && missing.length === 0;
  process.exitCode = isClean ? 0 : 1;
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  console.log("interrupted");
  process.exitCode = 130;
} finally {
  await cluster.stop();
}
// Everything is over. Node's own clean-up of handles has been seen to turn for ever here after hundreds of
// children, with no line of ours left to run.
process.exit();

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}`);
  return Number(text);
}
