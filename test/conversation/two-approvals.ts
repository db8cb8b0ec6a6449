import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployed, hears, press, waiting } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** @param expires after which time a plan cannot be approved any more; half of it is waited for, twice */
export function twoApprovalsJob(target: Target, expires: string): void {
  describe(`two approvals of several people on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const settings = { approval: { count: 2, from: ["SKUBECON"], expires } };
      stage = await openStage({ ...target, settings }, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    /** What the thread of the nth release has been told that matches. */
    const told = (nth: number, pattern: RegExp): readonly string[] =>
      stage.slack
        .thread("#deploys", stage.roots()[nth - 1]?.ts ?? "")
        .map((each) => stage.read(each))
        .filter((text) => pattern.test(text));
    const asked = (who: string, pattern: RegExp): Promise<unknown> =>
      stage.until(`the direct message to ${who} says ${pattern}`, () =>
        stage.slack.dms(who).find((each) => pattern.test(stage.read(each))),
      );

    it("counts the first, and applies nothing yet", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      await waiting(stage, 1);
      await rootSays(stage, 1, /\[Approve\]/);
      await press(stage, "approver", 1, "Approve");
      await threadSays(stage, 1, /^Approved by @approver \(1 of 2\)\.$/);
      expect((await waiting(stage, 1)).status?.approvals).toHaveLength(1);
      expect(await deployed(stage)).toBeUndefined();
    });

    it("does not count the same person twice (keel: a vote is counted for whoever clicks)", async () => {
      await press(stage, "approver", 1, "Approve");
      await hears(stage, "approver", /You have approved it already: 1 of 2\./);
      await press(stage, "developer", 1, "Approve");
      await hears(stage, "developer", /You asked for this, so somebody else must approve it\./);
      await press(stage, "guest", 1, "Approve");
      await hears(stage, "guest", /not guests/);
      expect((await waiting(stage, 1)).status?.approvals).toHaveLength(1);
    });

    it("applies with the second person's, and names both", async () => {
      await press(stage, "maintainer", 1, "Approve");
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toMatchObject([
        { by: { user: "UAPPROVER" } },
        { by: { user: "UMAINTAINER" } },
      ]);
      await threadSays(stage, 1, /^Approved by @maintainer \(2 of 2\)\.$/);
    });

    it("says no in every direct message once one of them has", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      const { metadata } = await waiting(stage, 2);
      await asked("approver", /2016 -> 2017[^]*\[Approve\] \[Reject\]/);
      await asked("maintainer", /2016 -> 2017[^]*\[Approve\] \[Reject\]/);
      await command(stage, `/docc reject ${metadata.name} reason="not today"`, "maintainer");
      await stage.until("it is rejected", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "rejected"),
      );
      await asked("approver", /Rejected by @maintainer/);
      await asked("maintainer", /Rejected by @maintainer/);
    });

    it("reminds once, when half of the time is over", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      await waiting(stage, 3);
      await rootSays(stage, 3, /\[Approve\]/);
      expect(told(3, /still waiting/)).toEqual([]);
      await threadSays(stage, 3, /^@kubecon-team: still waiting, half of the time is over\./);
      expect((await waiting(stage, 3)).status?.phase).toBe("awaiting-approval");
    });

    it("ends when the time is over, tells it everywhere, and tells the late why", async () => {
      const root = stage.roots()[2];
      if (root === undefined) throw new Error("the third release has a root message");
      const expired = await stage.until("it has expired", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "expired"),
      );
      await threadSays(stage, 3, /^@developer: nobody approved it in time\. Nothing was changed/);
      expect(told(3, /still waiting/)).toHaveLength(1);
      await asked("approver", /2018[^]*[Ee]xpired/);
      await command(stage, `/docc approve ${expired.metadata.name}`, "approver");
      await hears(stage, "approver", /It has expired: ask for the deploy again\./);
      // Slack may still show the buttons of a minute ago.
      await stage.slack.as("maintainer").click(root, "Approve");
      await hears(stage, "maintainer", /It has expired: ask for the deploy again\./);
      expect(await deployed(stage)).toMatch(/:2016$/);
    });
  });
}
