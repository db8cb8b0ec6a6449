import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { phaseOf } from "../../src/release/phases.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { command, rootSays, say, uploadManifest } from "../conversation/main-job.ts";
import { openStage, realTarget, type Stage } from "../conversation/stage.ts";

/** An etcd that stands still holds every request of the API server; nobody says so (docs/faults.md). */
describeOnRealCluster(
  "an etcd that stands still",
  () => {
    let plane: ControlPlane;
    let stage: Stage;
    beforeAll(async () => {
      plane = await startControlPlane();
      stage = await openStage(realTarget({ ...plane, fakeNodes: true }), "socket");
      await uploadManifest(stage, "1-application.json", "tag=2016");
      expect(say(await stage.ended(1))).toBe("succeeded");
    }, 120_000);
    afterEach(() => plane.signal("etcd", "SIGCONT"));
    afterAll(async () => {
      await stage.close();
      await plane.stop();
    }, 60_000);

    it(
      "is told within Slack's 3 s, and what comes through afterwards is told and done once",
      { timeout: 90_000 },
      async () => {
        const from = stage.slack.ephemerals("developer").length;
        const heard = (pattern: RegExp): Promise<unknown> =>
          stage.until(`the developer hears ${pattern}`, () =>
            stage.slack
              .ephemerals("developer")
              .slice(from)
              .find((each) => pattern.test(stage.slack.render(each))),
          );
        plane.signal("etcd", "SIGSTOP");
        // The emulated Slack calls an acknowledgement after 3 s an operation_timeout.
        await command(stage, "/docc deploy kubecon-2017 tag=2017");
        await heard(/^Not accepted: .*in time/);
        plane.signal("etcd", "SIGCONT");
        await heard(/^Accepted: kubecon-2017/);
        expect(say(await stage.ended(2))).toBe("succeeded");
        expect(await stage.releases()).toHaveLength(2);
        await rootSays(stage, 2, /2017 is live/);
      },
    );

    it("in the middle of a rollout is no failure of it", { timeout: 90_000 }, async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      await stage.until("it moves", async () => {
        const phases = (await stage.releases()).map(phaseOf);
        return phases.some((phase) => phase === "progressing" || phase === "verifying")
          ? true
          : undefined;
      });
      plane.signal("etcd", "SIGSTOP");
      // As long as docc's own patience with one attempt.
      const now = performance.now();
      await stage.until("12 s have passed", () =>
        performance.now() - now > 12_000 ? true : undefined,
      );
      plane.signal("etcd", "SIGCONT");
      expect(say(await stage.ended(3))).toBe("succeeded");
      await rootSays(stage, 3, /2016 is live/);
      expect(stage.roots()).toHaveLength(3);
    });
  },
  { fakeNodes: true },
);
