import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployed, named, press, waiting } from "./deciding.ts";
import { rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

export function rulesChangeJob(target: Target): void {
  describe(
    `rules that change while a release waits on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      beforeAll(async () => {
        const settings = { approval: { count: 1, from: ["SKUBECON"] } };
        stage = await openStage({ ...target, settings }, "socket");
      }, 120_000);
      afterAll(() => stage.close(), 60_000);

      it("plan anew under the rules of a docc that was started again", async () => {
        await uploadManifest(stage, "4-tls.json", "tag=2016");
        const { metadata } = await waiting(stage, 1);
        await rootSays(stage, 1, /\[Approve\]/);
        await stage.restart({
          settings: { approval: { count: 1, from: ["UDEVELOPER"], self: true } },
        });
        const again = await stage.until("there is another plan", async () => {
          const found = await named(stage, metadata.name);
          return found?.status?.plan?.number === 2 ? found : undefined;
        });
        expect(again.status?.plan?.policy).toMatchObject({ approvers: ["UDEVELOPER"], self: true });
        await threadSays(stage, 1, /^This is plan 2: what runs, or the rules, changed/);
        await rootSays(stage, 1, /Any 1 of @developer[^]*\[Approve\]/);
        await press(stage, "developer", 1, "Approve");
        expect(say(await stage.ended(1))).toBe("succeeded");
        expect(await deployed(stage)).toMatch(/:2016$/);
      });
    },
  );
}
