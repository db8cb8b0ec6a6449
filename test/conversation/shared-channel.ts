import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** The operator named a channel that another organisation reads, too. */
export function sharedChannelJob(target: Target): void {
  describe(
    `an environment whose channel is shared beyond the workspace on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      beforeAll(async () => {
        stage = await openStage({ ...target, settings: { channel: "CPARTNERS" } }, "socket");
      }, 120_000);
      afterAll(() => stage.close(), 60_000);

      it("has its releases told where they were asked for, and the requester knows why", async () => {
        await uploadManifest(stage, "1-application.json", "tag=2018");
        expect(say(await stage.ended(1))).toBe("failed: crash-loop");
        await rootSays(stage, 1, /2018 failed in production: kubecon exits with code 1 at start/);
        await threadSays(stage, 1, /DATABASE_URL is not set/);
        await stage.until("the requester is told", () =>
          stage.slack
            .dms("developer")
            .map((each) => stage.read(each))
            .find((text) => /cannot tell it in #partners\. This channel is shared/.test(text)),
        );
      });

      it("has its locks told there, too", async () => {
        await command(stage, "/docc lock kubecon-2017");
        await stage.until("#deploys hears of the lock", () =>
          stage
            .roots()
            .find((each) => /kubecon-2017 in production is locked/.test(stage.read(each))),
        );
        expect(stage.slack.messages("#partners")).toEqual([]);
      });
    },
  );
}
