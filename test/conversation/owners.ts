import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hears, named, ownedBy, press, waiting } from "./deciding.ts";
import { command, rootSays, say, threadSays, uploadFile, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

export function ownersJob(target: Target): void {
  describe(
    `who an app answers to, where nobody else is asked, on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      beforeAll(async () => {
        const settings = { deployers: ["UDEVELOPER", "maintainers"] };
        stage = await openStage(
          { ...target, settings, top: { operators: ["SKUBECON"] } },
          "socket",
        );
        await uploadManifest(stage, "4-tls.json", "tag=2016 scale=1");
        expect(say(await stage.ended(1))).toBe("succeeded");
      }, 120_000);
      afterAll(() => stage.close(), 60_000);

      const upload = async (maintainer: string, words: string): Promise<void> =>
        uploadFile(stage, { name: "app.json", content: await ownedBy(maintainer) }, words);

      it("lets the listed people deploy, and nobody else", async () => {
        await command(stage, "/docc deploy kubecon-2017 tag=2017", "approver");
        expect(say(await stage.ended(2))).toBe("refused: not-entitled");
        await rootSays(stage, 2, /only .+ may change applications in production/);
        await command(stage, "/docc deploy kubecon-2017 tag=2017", "maintainer");
        expect(say(await stage.ended(3))).toBe("succeeded");
      });

      it("asks an owner when a stranger would take the app over", async () => {
        await upload("developer@corp.example.com", "tag=2016 scale=1");
        const { status } = await waiting(stage, 4);
        expect(status?.plan?.policy).toMatchObject({
          approvals: 1,
          approvers: ["SKUBECON", "kubecon-team@corp.example.com"],
        });
        await rootSays(stage, 4, /\[Approve\]/);
        // Whom the new manifest names is nobody yet.
        await press(stage, "developer", 4, "Approve");
        await hears(stage, "developer", /You asked for this/);
      });

      it("hands it over once an owner says yes", async () => {
        await press(stage, "maintainer", 4, "Approve");
        const release = await stage.ended(4);
        expect(say(release)).toBe("succeeded");
        expect((await named(stage, release.metadata.name))?.status?.approvals).toMatchObject([
          { by: { user: "UMAINTAINER" } },
        ]);
        await threadSays(stage, 4, /^Approved by @maintainer\.$/);
      });

      it("asks nobody when the owner of now gives it away", async () => {
        await upload("kubecon-team@corp.example.com", "tag=2017 scale=1");
        const release = await stage.ended(5);
        expect(say(release)).toBe("succeeded");
        expect(release.status?.approvals).toBeUndefined();
      });
    },
  );
}
