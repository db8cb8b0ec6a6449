import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { chaos, sum } from "./chaos.ts";
import { missingFrom } from "./writes.ts";

/** A first impression; `.ci/run` has 300 by `npm run chaos`. */
const runs = Number(process.env["DOCC_CHAOS"] ?? 20);

describeOnRealCluster(
  "on the real control plane",
  ({ kubeconfigPath }) => {
    const seed = randomInt(2 ** 32);
    const how = runs === 0 ? "(left out, since DOCC_CHAOS is 0)" : `${runs} times (seed ${seed})`;
    it.skipIf(runs === 0)(
      `docc loses nothing and doubles nothing when it is killed ${how}`,
      { timeout: 10 * 60_000 + runs * 5_000 },
      async () => {
        const lines = [`seed ${seed}`];
        const result = await chaos({
          kubeconfigPath,
          runs,
          seed,
          lanes: 2,
          runsPerRound: Math.min(50, Math.ceil(runs / 2)),
          say: (line) => void lines.push(line),
        });
        expect(sum(result), lines.join("\n")).toBe(`runs ${runs} lost 0 doubled 0 stuck 0`);
        expect(missingFrom(result)).toEqual([]);
      },
    );
  },
  { fakeNodes: true },
);
