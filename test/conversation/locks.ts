import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Locked by one person, asked for by another. */
export function locksJob(target: Target): void {
  describe(`an app that is locked on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage({ ...target, settings: { channel: "CDEPLOYS" } }, "socket");
      await uploadManifest(stage, "1-application.json", "tag=2016 scale=1");
      await stage.ended(1);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const posted = async (pattern: RegExp): Promise<string> =>
      stage.until(`the channel hears ${pattern}`, () =>
        stage
          .roots()
          .map((each) => stage.read(each))
          .find((text) => pattern.test(text)),
      );
    const hears = async (who: string, pattern: RegExp): Promise<void> => {
      await stage.until(`${who} is told ${pattern}`, () =>
        stage.slack.ephemerals(who).find((each) => pattern.test(stage.slack.render(each))),
      );
    };

    it("is told in its channel, and deployed by nobody but its owner", async () => {
      await command(stage, '/docc lock kubecon-2017 for=2h reason="load test"', "approver");
      await posted(/kubecon-2017 in production is locked by @approver until .* UTC: load test\./);
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      expect(say(await stage.ended(2))).toBe("refused: locked");
      await posted(/^Not deployed: kubecon-2017 is locked by @approver until .*: load test\.$/m);
      await command(stage, "/docc deploy kubecon-2017 tag=2017", "approver");
      expect(say(await stage.ended(3))).toBe("succeeded");
    });

    it("stays locked after its owner's second run (branch-deploy #504), and can be rolled back", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016", "approver");
      expect(say(await stage.ended(4))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      expect(say(await stage.ended(5))).toBe("refused: locked");
      await command(stage, "/docc rollback kubecon-2017");
      expect(say(await stage.ended(6))).toBe("succeeded");
    });

    it("is locked by nobody else meanwhile, nor unlocked", async () => {
      await command(stage, "/docc lock kubecon-2017");
      await hears("developer", /is locked by @approver until .*: load test\./);
      await command(stage, "/docc unlock kubecon-2017");
      await hears("developer", /Only @approver, those who answer for kubecon-2017/);
    });

    it("is unlocked by its maintainer, and whoever locked it is told", async () => {
      await command(stage, "/docc unlock kubecon-2017", "maintainer");
      await posted(/was unlocked by @maintainer; it was locked by @approver until/);
      await stage.until("the owner is told", () =>
        stage.slack
          .dms("approver")
          .find((each) => /Your lock is gone: .* by @maintainer/.test(stage.read(each))),
      );
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      expect(say(await stage.ended(7))).toBe("succeeded");
    });
  });
}
