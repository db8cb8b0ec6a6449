import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { chaos, sum } from "./chaos.ts";

const runs = 300;

const isWanted = process.env["DOCC_CHAOS"] === "1";

if (!isWanted) {
  describe.skip("the kill test [takes minutes on two cores: DOCC_CHAOS=1 runs it]", () =>
    undefined);
} else
  describeOnRealCluster(
    "on the real control plane",
    ({ kubeconfigPath }) => {
      const seed = randomInt(2 ** 32);
      it(
        `docc loses nothing and doubles nothing when it is killed ${runs} times (seed ${seed})`,
        { timeout: 30 * 60_000 },
        async () => {
          const lines = [`seed ${seed}`];
          const result = await chaos({
            kubeconfigPath,
            runs,
            seed,
            lanes: 3,
            runsPerRound: 50,
            say: (line) => void lines.push(line),
          });
          expect(sum(result), lines.join("\n")).toBe(`runs ${runs} lost 0 doubled 0 stuck 0`);
        },
      );
    },
    { fakeNodes: true },
  );
