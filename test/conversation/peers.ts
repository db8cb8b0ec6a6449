import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deployed, hears, press, waiting } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";
import { pass } from "../support/proxy/fates.ts";

/** What other tools get wrong in a conversation; docs/faults.md names where their other defects are tested. */
export function peersJob(target: Target): void {
  describe(`defects of the peers on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const settings = { approval: { count: 1, from: ["UMAINTAINER"] } };
      stage = await openStage({ ...target, settings, hasProxies: true }, "socket");
      await uploadManifest(stage, "1-application.json", "tag=2016");
      await waiting(stage, 1);
      await rootSays(stage, 1, /\[Approve\]/);
    }, 120_000);
    afterEach(() => stage.proxies?.kube.follow(() => pass));
    afterAll(() => stage.close(), 60_000);

    it("any member of the channel could approve (hermes-agent #6735)", async () => {
      // A full member who reads the channel, has not asked for it, and is not among those who may.
      await press(stage, "approver", 1, "Approve");
      await hears(
        stage,
        "approver",
        /You may not decide on this plan\. Those who may: @maintainer/,
      );
      expect((await waiting(stage, 1)).status?.approvals).toBeUndefined();
      expect(await deployed(stage)).toBeUndefined();
    });

    it("the click is acknowledged only after work that may block (keel)", async () => {
      // Nothing that docc asks of the API server is answered.
      stage.proxies?.kube.follow(() => ({ type: "delay", ms: 5_000 }));
      // The emulated Slack calls an acknowledgement after 3 s an operation_timeout, and press wants a good one.
      await press(stage, "maintainer", 1, "Approve");
      expect((await waiting(stage, 1)).status?.approvals).toBeUndefined();
      stage.proxies?.kube.follow(() => pass);
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toMatchObject([{ by: { user: "UMAINTAINER" } }]);
    });

    it("the thread is lost when the process starts anew (notifications-engine #462)", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await waiting(stage, 2);
      await rootSays(stage, 2, /\[Approve\]/);
      await stage.restart({});
      await press(stage, "maintainer", 2, "Approve");
      expect(say(await stage.ended(2))).toBe("succeeded");
      await threadSays(stage, 2, /^Approved by @maintainer\.$/m);
      await rootSays(stage, 2, /2017 is live/);
      expect(stage.roots()).toHaveLength(2);
    });
  });
}
