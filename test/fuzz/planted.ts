import { Random } from "../../fuzz/random.ts";
import type { Source, Target, Verdict } from "../../fuzz/target.ts";

/** Targets with faults that a fuzzer must find; a module of its own, since workers load it. */

/** What stands in few of the inputs and brings the fault out. */
const needle = "needle";

const sound: Verdict = { broken: [], seen: ["sound"] };

function planted(onNeedle: () => Verdict): Target {
  return {
    open: (seed) => (index) => {
      const random = new Random(seed, index);
      const lines = random.times(random.int(1, 30), () => `${random.int(0, 1e6)}\n`);
      const at = random.int(0, lines.length);
      const isSpoilt = index % 50 === 33;
      return {
        made: "lines",
        source: lines.toSpliced(at, 0, ...(isSpoilt ? [`a ${needle} b\n`] : [])).join(""),
        around: "none",
        check: (source: Source) => (String(source).includes(needle) ? onNeedle() : sound),
      };
    },
  };
}

/** Keeps the processor busy: milliseconds of its time, however many others want some too. */
function busyFor(milliseconds: number): Verdict {
  const used = (): number => process.threadCpuUsage().user / 1_000;
  const until = used() + milliseconds;
  while (used() < until);
  return sound;
}

export const targets: ReadonlyMap<string, Target> = new Map([
  [
    "throws",
    planted(() => {
      throw new TypeError("planted");
    }),
  ],
  ["breaks", planted(() => ({ broken: [{ promise: "planted", detail: "here" }], seen: [] }))],
  ["dawdles", planted(() => busyFor(120))],
  ["hangs", planted(() => busyFor(Infinity))],
  ["exits", planted(() => process.exit(0))],
]);
