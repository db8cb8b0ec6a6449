import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderView } from "../../sandbox/slack/render.ts";
import type { View } from "../../sandbox/slack/types.ts";
import { waiting } from "./deciding.ts";
import { say, uploadManifest } from "./main-job.ts";
import { recordApps } from "./many-apps.ts";
import { heard, readsForm, readsHome } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** The page on which docc is at home: what waits, what is mine, what happened. */
export function homeJob(target: Target): void {
  describe(`the App Home on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const settings = { approval: { count: 1, from: ["maintainers", "SKUBECON"] } };
      stage = await openStage({ ...target, settings, top: { operators: ["UAPPROVER"] } }, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const shows = async (who: string, pattern: RegExp): Promise<View> =>
      stage.until(`the home of the ${who} shows ${pattern}`, () => {
        const view = stage.slack.home(who);
        const text = view === undefined ? "" : renderView(view, stage.slack.names);
        return pattern.test(text) ? view : undefined;
      });

    /** The page once it tells that the release is over. */
    const ended = async (who: string): Promise<string> => {
      await stage.slack.as(who).openHome();
      const pattern = /healthy, 3 of 3[^]*Recent releases\nkubecon-2017 in production[^]*succeeded/;
      return readsHome(stage, await shows(who, pattern));
    };

    it("shows the first steps to who comes first", async () => {
      await stage.slack.as("developer").openHome();
      const home = await shows("developer", /Your first app/);
      expect(readsHome(stage, home)).toMatchInlineSnapshot(`
        "[Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
        Updated TIME UTC. What a button answers, you alone read.
        For you
        Nothing waits for your approval.
        Your first app
        Nothing runs by docc yet. Write a manifest of ten lines, or have \`/docc init\` write it from a few answers, and press Deploy a new app… above, or type \`/docc deploy\` in a channel that may hear of it.
        docc shows what would change, asks whoever must say yes, follows the rollout in one thread, and says whether it is live, or why not."
      `);
    });

    it("shows what waits to who may approve it, not to who asked", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      await waiting(stage, 1);
      await stage.slack.as("developer").openHome();
      const askers = await shows(
        "developer",
        /Nothing waits for your approval\.[^]*awaiting-approval/,
      );
      expect(readsHome(stage, askers)).toMatchInlineSnapshot(`
        "[Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
        Updated TIME UTC. What a button answers, you alone read.
        For you
        Nothing waits for your approval.
        Your first app
        Nothing runs by docc yet. Write a manifest of ten lines, or have \`/docc init\` write it from a few answers, and press Deploy a new app… above, or type \`/docc deploy\` in a channel that may hear of it.
        docc shows what would change, asks whoever must say yes, follows the rollout in one thread, and says whether it is live, or why not.
        Recent releases
        kubecon-2017 in production, 2016, by @developer, SPAN ago
        awaiting-approval"
      `);
      await stage.slack.as("approver").openHome();
      const approvers = await shows("approver", /Approval needed: kubecon-2017/);
      expect(readsHome(stage, approvers)).toMatchInlineSnapshot(`
        "[Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
        Updated TIME UTC. What a button answers, you alone read.
        Waits for your approval (1)
        Approval needed: kubecon-2017 2016 in production, by @developer. 5 changes, no known risk.
        Until TIME UTC.
        [Approve] [Reject] [View diff]
        Your first app
        Nothing runs by docc yet. Write a manifest of ten lines, or have \`/docc init\` write it from a few answers, and press Deploy a new app… above, or type \`/docc deploy\` in a channel that may hear of it.
        docc shows what would change, asks whoever must say yes, follows the rollout in one thread, and says whether it is live, or why not.
        Recent releases
        kubecon-2017 in production, 2016, by @developer, SPAN ago
        awaiting-approval"
      `);
    });

    it("takes the yes there, and the release goes on to its end", async () => {
      const home = await shows("approver", /\[Approve\]/);
      await stage.slack.as("approver").click(home, "Approve");
      const over = await stage.until("the answer stands over the page", () =>
        stage.slack.views("approver").find((view) => renderView(view).includes("Approved: ")),
      );
      expect(readsForm(stage, over)).toMatchInlineSnapshot(`
        "Approve
        Approved: kubecon-2017 in production. Its thread tells the rest.
        [Close]"
      `);
      await shows("approver", /Nothing waits for your approval/);
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toMatchObject([{ by: { user: "UAPPROVER" } }]);
    });

    it("shows the app as the maintainer's own, with its health, and as the asker's", async () => {
      const maintainers = await ended("maintainer");
      expect(maintainers).toMatchInlineSnapshot(`
        "[Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
        Updated TIME UTC. What a button answers, you alone read.
        For you
        Nothing waits for your approval.
        Your apps
        kubecon-2017 in production: healthy, 3 of 3
        2016, revision 1, applied SPAN ago
        [Status] [Logs] [History] [Deploy…]
        Recent releases
        kubecon-2017 in production, 2016, by @developer, SPAN ago
        succeeded"
      `);
      expect(await ended("developer")).toBe(maintainers);
    });

    it("shows what is others' by team, with its health, and lists it at a press", async () => {
      await recordApps(stage, 1, { team: "market", environment: "production" });
      await stage.slack.as("approver").openHome();
      const home = await shows("approver", /market[^]*kubecon-2017 in production, 2016: healthy/);
      expect(readsHome(stage, home)).toMatchInlineSnapshot(`
        "[Deploy a new app…] [In flight] [All apps] [Help] [Refresh]
        Updated TIME UTC. What a button answers, you alone read.
        For you
        Nothing waits for your approval.
        Your apps
        None yet. An app is yours when its manifest names you as maintainer, by e-mail or Slack id, when its team is yours, or when you asked for a release of it in the last 30 days.
        Other apps
        market: market-1 in production, 2017: unhealthy, gone
        [List]
        No team: kubecon-2017 in production, 2016: healthy, 3 of 3
        [List]
        Recent releases
        kubecon-2017 in production, 2016, by @developer, SPAN ago
        succeeded"
      `);
      await stage.slack.as("approver").click(home, "List");
      const over = await stage.until("the list stands over the page", () =>
        stage.slack.views("approver").find((view) => renderView(view).includes("docc runs")),
      );
      expect(readsForm(stage, over)).toMatchInlineSnapshot(`
        "List
        docc runs 1 app with team=market.
        App · Environment · Health · Image · Scale · Revision · Maintainer · Age
        market-1 · production · unhealthy, gone · kubecon:2017 · 3 · 8 · dev@example.com · unknown
        [Close]"
      `);
    });

    it("lists as one's own what one maintains, and not what one only asked for", async () => {
      const typed = "list maintainer=me";
      expect(await heard(stage, typed, "maintainer")).toMatchInlineSnapshot(`
        "docc runs 1 app with maintainer=me.
        App | Environment | Health | Image | Scale | Revision | Maintainer | Age
        kubecon-2017 | production | healthy, 3 of 3 | kubecon:2016 | 3 | 1 | kubecon-team@corp.example.com | SPAN"
      `);
      expect(await heard(stage, typed)).toMatchInlineSnapshot(
        `"docc runs no app with maintainer=me."`,
      );
    });
  });
}
