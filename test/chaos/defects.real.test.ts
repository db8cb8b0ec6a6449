import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { chaos } from "./chaos.ts";
import { defects } from "./defects.ts";

const runs = 6;
/** Enough to find what is wrong from the start. */
const timing = { patienceMs: 1_000, settleMs: 20_000, overdueMs: 0, rolloutTimeout: "10s" };

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
          runs,
          seed,
          lanes: 1,
          runsPerRound: runs,
          size: { environments: 2, apps: 1 },
          // Commands need something that they can change; with no end there is never anything.
          isWarm: defect.fault !== "stuck",
          say: (line) => void lines.push(line),
          timing,
          defect,
        });
        const found = result.findings.filter(({ what }) => defect.what.test(what));
        const faults = new Set(found.map(({ fault }) => fault));
        expect([...faults], lines.join("\n")).toEqual([defect.fault]);
        expect(result[defect.fault]).toBeGreaterThan(0);
      },
    );
  },
  { fakeNodes: true },
);
