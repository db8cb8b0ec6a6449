import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, releases as releaseKind } from "../../src/k8s/kinds.ts";
import { command, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** One app, several wishes: one at a time, in the order of asking. */
export function queueJob(target: Target): void {
  describe(`several deploys of one app on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "2-service.json", "scale=1");
      await stage.ended(1);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("take their turns, and what was asked last is what runs", async () => {
      const wishes = ["tag=2016", "tag=2017 scale=2", "tag=2016 scale=3"];
      for (const [at, wish] of wishes.entries()) {
        await command(stage, `/docc deploy kubecon-2017 ${wish}`);
        await stage.until("it is accepted", async () => {
          const accepted = (await stage.releases()).filter(({ status }) => status !== undefined);
          return accepted.length === at + 2 ? true : undefined;
        });
      }
      await stage.until("one waits visibly", () =>
        stage.roots().find((root) => stage.read(root).includes("Waits behind release")),
      );
      await stage.ended(4);
      const ended = await stage.releases();
      const inTurn = ended.toSorted(
        (a, b) => (a.status?.revision ?? 0) - (b.status?.revision ?? 0),
      );
      expect(inTurn.map(({ spec }) => spec.words)).toEqual([
        { scale: "1" },
        { tag: "2016" },
        { tag: "2017", scale: "2" },
        { tag: "2016", scale: "3" },
      ]);
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      const { spec } = await stage.world.api.get(deployments, ref);
      expect(spec?.replicas).toBe(3);
      expect(spec?.template.spec?.containers[0]?.image).toMatch(/:2016$/);
    });

    it("are not held up for ever by a record that somebody deleted", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2019");
      const stuck = await stage.until("it is in flight", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "progressing"),
      );
      const { name } = stuck.metadata;
      await stage.world.api.delete(releaseKind, { namespace: stage.home, name });
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await stage.until("the next one is done", async () => {
        const all = await stage.releases();
        return all.find(
          ({ spec, status }) =>
            spec.words["tag"] === "2017" && status?.revision === 6 && status.phase === "succeeded",
        );
      });
    });
  });
}
