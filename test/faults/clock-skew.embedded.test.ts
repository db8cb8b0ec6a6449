import { describe, expect, it } from "vitest";
import { phaseOf } from "../../src/release/phases.ts";
import { command, rootSays, say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";
import { clockSkewTest, skewed } from "./clock-skew.ts";

clockSkewTest(embedded);

describe("an approval expires by docc's own clock alone", { timeout: 90_000 }, () => {
  /** Shorter than the clocks are apart: by the cluster's clock it is over already, or never. */
  const approval = { count: 1, from: ["maintainers", "SKUBECON"], expires: "5m" };
  const expiring = {
    ...embedded,
    settings: { approval },
    top: { operators: ["UAPPROVER"] },
  };
  const waiting = async (stage: Stage, count: number): Promise<void> => {
    await stage.until("it waits for a yes", async () => {
      const release = (await stage.releases()).at(count - 1);
      return release !== undefined && phaseOf(release) === "awaiting-approval" ? true : undefined;
    });
  };

  it.each([
    ["ahead of", 600_000],
    ["behind", -600_000],
  ])("ten minutes %s the cluster's", async (_how, skewMs) => {
    const stage = await openStage(skewed(expiring, skewMs), "socket");
    try {
      await uploadManifest(stage, "1-application.json", "tag=2016");
      await waiting(stage, 1);
      await rootSays(stage, 1, /\[Approve\]/);
      const [root] = stage.roots();
      if (root === undefined) throw new Error("there is a root message");
      await stage.slack.as("approver").click(root, "Approve");
      expect(say(await stage.ended(1))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await waiting(stage, 2);
      const release = await stage.ended(2);
      expect(say(release)).toBe("expired");
      const { plan, transitions = [] } = release.status ?? {};
      const asked = Date.parse(transitions[0]?.at ?? "");
      const ended = Date.parse(transitions.at(-1)?.at ?? "");
      expect(ended - asked).toBeGreaterThanOrEqual(300_000);
      const late = ended - Date.parse(plan?.expiresAt ?? "");
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(10_000);
    } finally {
      await stage.close();
    }
  });
});
