import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderView } from "../../sandbox/slack/render.ts";
import type { View } from "../../sandbox/slack/types.ts";
import { answers, hears, waiting } from "./deciding.ts";
import { command, say, uploadManifest } from "./main-job.ts";
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

    it("shows the first steps to who comes first", async () => {
      await stage.slack.as("developer").openHome();
      await shows("developer", /Your first app/);
    });

    it("shows what waits to who may approve it, not to who asked", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      await waiting(stage, 1);
      await stage.slack.as("developer").openHome();
      await shows("developer", /Nothing waits for your approval\.[^]*awaiting-approval/);
      await stage.slack.as("approver").openHome();
      await shows("approver", /Approval needed: kubecon-2017 2016 in production, by @developer/);
    });

    it("takes the yes there, and the release goes on to its end", async () => {
      const home = await shows("approver", /\[Approve\]/);
      await stage.slack.as("approver").click(home, "Approve");
      await stage.until("the answer stands over the page", () =>
        stage.slack
          .views("approver")
          .find((view) => renderView(view).includes("Approved: kubecon-2017 in production.")),
      );
      await shows("approver", /Nothing waits for your approval/);
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toMatchObject([{ by: { user: "UAPPROVER" } }]);
    });

    it("shows the app as the maintainer's own, with its health, and as the asker's", async () => {
      for (const who of ["maintainer", "developer"]) {
        await stage.slack.as(who).openHome();
        await shows(
          who,
          /Your apps\nkubecon-2017 in production: healthy, 3 of 3\n2016, revision 1/,
        );
        await shows(who, /Recent releases\nkubecon-2017 in production[^]*succeeded/);
      }
    });

    it("lists as one's own what one maintains, and not what one only asked for", async () => {
      await command(stage, "/docc list maintainer=me", "maintainer");
      await hears(stage, "maintainer", /docc runs 1 app with maintainer=me\.[^]*kubecon-2017/);
      await answers(stage, "/docc list maintainer=me", /^docc runs no app with maintainer=me\.$/);
    });
  });
}
