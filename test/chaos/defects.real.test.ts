import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { chaos } from "./chaos.ts";
import { defects } from "./defects.ts";

/** Enough to find what is wrong from the start. */
const timing = { patienceMs: 1_000, settleMs: 25_000, overdueMs: 0, rolloutTimeout: "10s" };

describeOnRealCluster(
  "the kill test, on a docc that is made to do wrong",
  ({ kubeconfigPath }) => {
    it.each(defects.map((defect) => [defect.name, defect] as const))(
      "finds that %s",
      { timeout: 180_000 },
      async (_, defect) => {
        const seed = randomInt(2 ** 32);
        const lines = [`seed ${seed}`];
        const result = await chaos({
          kubeconfigPath,
          runs: 3,
          seed,
          lanes: 1,
          runsPerRound: 3,
          say: (line) => void lines.push(line),
          timing,
          defect,
        });
        expect(result[defect.fault], lines.join("\n")).toBeGreaterThan(0);
      },
    );
  },
  { fakeNodes: true },
);
