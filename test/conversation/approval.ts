import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments } from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import { deployed, hears, named, press, viewDiff, waiting } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { heard } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Nothing is applied before somebody entitled has said yes to this very plan. */
export function approvalJob(target: Target): void {
  describe(`approving on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(
        {
          ...target,
          settings: { approval: { count: 1, from: ["maintainers", "SKUBECON"] } },
          top: { operators: ["UAPPROVER"] },
        },
        "socket",
      );
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("asks before the first object exists, and names who may say yes", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016 scale=2");
      const release = await waiting(stage, 1);
      expect(release.status?.plan?.policy).toMatchObject({ approvals: 1, approvers: ["SKUBECON"] });
      await rootSays(stage, 1, /Any 1 of @kubecon-team, until /);
      await rootSays(stage, 1, /\[Approve\] \[Reject\] .*\[Cancel\]$/);
      await threadSays(stage, 1, /@kubecon-team: Approval needed: kubecon-2017 2016 in production/);
      expect(await deployed(stage)).toBeUndefined();
    });

    it("says in status what is under way, and to whom it waits", async () => {
      expect(await heard(stage, "status", "approver")).toMatchInlineSnapshot(`
        "1 release is not finished, and it waits for your approval.
        To say yes: /docc approve RELEASE
        App | Environment | What | By | State | Release
        kubecon-2017 | production | 2016 scale=2 | @developer | awaiting-approval | RELEASE"
      `);
      expect(await heard(stage, "status")).toMatchInlineSnapshot(`
        "1 release is not finished.
        App | Environment | What | By | State | Release
        kubecon-2017 | production | 2016 scale=2 | @developer | awaiting-approval | RELEASE"
      `);
    });

    it("asks those who may approve in a direct message with the same buttons", async () => {
      const asked = await stage.until("the approver is asked", () =>
        stage.slack.dms("approver").find((each) => stage.read(each).includes("Approval needed")),
      );
      expect(stage.read(asked)).toMatch(/\[Approve\] \[Reject\]/);
      expect(stage.slack.dms("developer")).toEqual([]);
    });

    it("does not take the yes of who asked, nor of somebody who may not say it", async () => {
      await press(stage, "developer", 1, "Approve");
      await hears(stage, "developer", /You asked for this, so somebody else must approve it\./);
      await press(stage, "guest", 1, "Approve");
      await hears(stage, "guest", /not guests/);
      expect((await waiting(stage, 1)).status?.approvals).toBeUndefined();
    });

    it("applies what was approved, and brings every message up to date", async () => {
      await press(stage, "approver", 1, "Approve");
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      const digest = release.status?.plan?.digest;
      expect(release.status?.approvals).toMatchObject([{ by: { user: "UAPPROVER" }, digest }]);
      await threadSays(stage, 1, /^Approved by @approver\.$/m);
      await rootSays(stage, 1, /2016 is live in production/);
      await stage.until("the direct message is decided", () =>
        stage.slack
          .dms("approver")
          .find((each) => stage.read(each).includes("Approved by @approver.")),
      );
    });

    it("tells the second click who was first", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await waiting(stage, 2);
      await rootSays(stage, 2, /\[Approve\]/);
      const root = stage.roots()[1];
      if (root === undefined) throw new Error("the second release has a root message");
      await Promise.all([
        stage.slack.as("approver").click(root, "Approve"),
        stage.slack.as("maintainer").click(root, "Approve"),
      ]);
      const release = await stage.ended(2);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toHaveLength(1);
      await stage.until("one of the two hears of the other", () => {
        const heard = [
          ...stage.slack.ephemerals("approver"),
          ...stage.slack.ephemerals("maintainer"),
        ].map((each) => stage.slack.render(each));
        return heard.find((text) => /Already approved by @(approver|maintainer)\./.test(text));
      });
    });

    it("ends a rejected plan with the reason, and touches nothing", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      await waiting(stage, 3);
      await rootSays(stage, 3, /\[Reject\]/);
      const root = stage.roots()[2];
      if (root === undefined) throw new Error("the third release has a root message");
      await stage.slack.as("approver").click(root, "Reject");
      const view = await stage.until("the form opens", () => stage.slack.views("approver").at(-1));
      await stage.slack.as("approver").submit(view, { reason: 'not before the "keynote"' });
      const release = await stage.ended(3);
      expect(release.status).toMatchObject({
        phase: "rejected",
        closed: { by: { user: "UAPPROVER" }, reason: "not before the 'keynote'" },
      });
      await rootSays(stage, 3, /Rejected by @approver: not before the 'keynote'\. Nothing was/);
      expect(await deployed(stage)).toMatch(/:2017$/);
    });

    it("lets who asked cancel, and refuses a click on what is over", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      await waiting(stage, 4);
      await rootSays(stage, 4, /\[Cancel\]/);
      await press(stage, "developer", 4, "Cancel");
      const release = await stage.ended(4);
      expect(release.status?.phase).toBe("cancelled");
      await command(stage, `/docc approve ${release.metadata.name}`, "approver");
      await hears(stage, "approver", /It is over already: cancelled by @developer\./);
    });

    it("shows the diff over the page, and takes a typed no with its reason", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      const { metadata } = await waiting(stage, 5);
      await rootSays(stage, 5, /\[View diff\]/);
      const { text } = await viewDiff(stage, "approver", 5);
      expect(text).toMatch(/^The plan of kubecon-2017 in production: 2017 -> 2016\.$/m);
      expect(text).toContain("container kubecon: image  2017 -> 2016\n");
      await command(stage, `/docc reject ${metadata.name} reason="not today"`, "maintainer");
      expect((await stage.ended(5)).status).toMatchObject({
        phase: "rejected",
        closed: { by: { user: "UMAINTAINER" }, reason: "not today" },
      });
      await rootSays(stage, 5, /Rejected by @maintainer: not today\./);
    });

    it("makes a new plan when what runs has changed since, and does not count the old yes", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      const before = await waiting(stage, 6);
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      await stage.world.api.patch(deployments, ref, { spec: { replicas: 3 } });
      await rootSays(stage, 6, /\[Approve\]/);
      await press(stage, "approver", 6, "Approve");
      const again = await stage.until("there is another plan", async () => {
        const found = await named(stage, before.metadata.name);
        const isNew = found?.status?.plan?.number === 2;
        return isNew && found.status?.phase === "awaiting-approval" ? found : undefined;
      });
      expect(again.status?.approvals).toBeUndefined();
      expect(again.status?.plan?.digest).not.toBe(before.status?.plan?.digest);
      await threadSays(stage, 6, /This is plan 2: what runs, or the rules, changed/);
      const stale = `/docc approve ${before.metadata.name} plan=${before.status?.plan?.digest ?? ""}`;
      await command(stage, stale, "approver");
      await hears(stage, "approver", /The plan is not the one that you saw any more/);
      await command(stage, "/docc approve kubecon-2017", "maintainer");
      expect(say(await stage.ended(6))).toBe("succeeded");
      expect(await deployed(stage)).toMatch(/:2016$/);
    });

    it("is approved at the first click while an autoscaler and crashing pods move the status", async () => {
      const approved = async (words: string, count: number): Promise<Release> => {
        await command(stage, `/docc deploy kubecon-2017 ${words}`);
        await waiting(stage, count);
        await rootSays(stage, count, /\[Approve\]/);
        await press(stage, "approver", count, "Approve");
        return stage.ended(count);
      };
      expect(say(await approved("scale=2..6", 7))).toBe("succeeded");
      expect(say(await approved("tag=2018", 8))).toBe("failed: crash-loop");
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      const plan = (await waiting(stage, 9)).status?.plan;
      // What an autoscaler does; the pods of 2018 go on crashing meanwhile.
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      await stage.world.api.patch(
        deployments,
        ref,
        { spec: { replicas: 3 } },
        { fieldManager: "horizontal-pod-autoscaler" },
      );
      await rootSays(stage, 9, /\[Approve\]/);
      await press(stage, "approver", 9, "Approve");
      const release = await stage.ended(9);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.plan).toMatchObject({ number: 1, digest: plan?.digest });
      expect(release.status?.verdict?.wanted).toBe(3);
    });

    it("needs no approval to go back to what worked", async () => {
      await command(stage, "/docc rollback kubecon-2017");
      const release = await stage.ended(10);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toBeUndefined();
      expect(await deployed(stage)).toMatch(/:2016$/);
    });
  });
}
