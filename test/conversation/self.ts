import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { press, waiting } from "./deciding.ts";
import { command, rootSays, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

export function selfJob(target: Target): void {
  describe(`approving what one asked for on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      const approval = { count: 1, from: ["UDEVELOPER", "UAPPROVER"], self: true };
      stage = await openStage({ ...target, settings: { approval } }, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("counts where the environment lets it: a second look, by the same person", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      await waiting(stage, 1);
      await rootSays(stage, 1, /\[Approve\]/);
      await stage.until("who asked is asked, too", () =>
        stage.slack.dms("developer").find((each) => stage.read(each).includes("[Approve]")),
      );
      await press(stage, "developer", 1, "Approve");
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toMatchObject([{ by: { user: "UDEVELOPER" } }]);
    });

    it("still takes nobody who is not among those who may", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017", "maintainer");
      await waiting(stage, 2);
      await rootSays(stage, 2, /\[Approve\]/);
      await press(stage, "maintainer", 2, "Approve");
      await stage.until("it is not taken", () =>
        stage.slack
          .ephemerals("maintainer")
          .find((each) =>
            /Those who may: @approver and @developer\./.test(stage.slack.render(each)),
          ),
      );
      expect((await waiting(stage, 2)).status?.approvals).toBeUndefined();
    });
  });
}
