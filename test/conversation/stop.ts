import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments } from "../../src/k8s/kinds.ts";
import { press } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Once something is applied, cancelling means: stop, and go back to what worked. */
export function stopJob(target: Target): void {
  describe(`stopping a rollout on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    /** Presses the button of a release that will never be ready, once it rolls out. */
    const stopsAt = async (nth: number, label: string): Promise<void> => {
      await stage.until("it rolls out", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "progressing"),
      );
      await rootSays(stage, nth, new RegExp(`\\[${label}\\]$`));
      await press(stage, "developer", nth, label);
    };

    it("ends a first deploy, which has nothing to go back to", async () => {
      await uploadManifest(stage, "2-service.json", "tag=2019 scale=1");
      await stopsAt(1, "Stop");
      const release = await stage.ended(1);
      expect(say(release)).toBe("failed: stopped");
      await threadSays(stage, 1, /^Stopped by @developer\.$/m);
      await rootSays(stage, 1, /it was stopped on the way/);
      expect(await stage.releases()).toHaveLength(1);
    });

    it("goes back to the version that users are on, as a release of who stopped it", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      expect(say(await stage.ended(2))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 tag=2019");
      await stopsAt(3, "Stop and roll back");
      const release = await stage.ended(4);
      expect(say(release)).toBe("succeeded");
      expect(release.spec).toMatchObject({
        kind: "rollback",
        source: { revision: 2 },
        requester: { user: "UDEVELOPER" },
      });
      await rootSays(stage, 3, /it was stopped on the way/);
      await rootSays(stage, 4, /Asked by @developer, release 4: "release 3 was stopped"/);
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      const { spec } = await stage.world.api.get(deployments, ref);
      expect(spec?.template.spec?.containers[0]?.image).toMatch(/:2016$/);
    });

    it("is for whoever may deploy, with a reason, and once", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2019");
      const running = await stage.until("it rolls out", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "progressing"),
      );
      await command(stage, '/docc cancel kubecon-2017 reason="wrong tag"', "maintainer");
      await threadSays(stage, 5, /^Stopped by @maintainer: wrong tag\.$/m);
      await stage.ended(6);
      await command(stage, `/docc cancel ${running.metadata.name}`, "approver");
      await stage.until("the second one hears that it is over", () =>
        stage.slack
          .ephemerals("approver")
          .find((each) => stage.slack.render(each).includes("It is over already: failed.")),
      );
    });
  });
}
