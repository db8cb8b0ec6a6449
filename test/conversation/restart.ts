import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, pods, replicaSets } from "../../src/k8s/kinds.ts";
import { command, rootSays, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** The same app, other pods: and the next deploy leaves them alone. */
export function restartJob(target: Target): void {
  describe(`restarting on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "1-application.json", "tag=2016");
      await stage.ended(1);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const ref = () => ({ namespace: stage.apps, name: "kubecon-2017" });
    const uids = async (): Promise<readonly string[]> => {
      const { items } = await stage.world.api.listAll(pods, { namespace: stage.apps });
      const running = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      return running.map(({ metadata }) => metadata.uid).toSorted();
    };
    const sets = async (): Promise<number> =>
      (await stage.world.api.listAll(replicaSets, { namespace: stage.apps })).items.length;

    it("replaces every pod by one of the same image, as a revision of its own", async () => {
      const before = await uids();
      await command(stage, '/docc restart kubecon-2017 reason="stale cache"');
      const release = await stage.ended(2);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.revision).toBe(2);
      expect(release.status?.plan?.changes.map(({ note }) => note).join("")).toBe(
        "restarts 3 pods",
      );
      await rootSays(stage, 2, /2016 is live in production\. 3 of 3 ready/);
      const after = await uids();
      expect(after).toHaveLength(before.length);
      expect(after.filter((uid) => before.includes(uid))).toEqual([]);
      expect(await sets()).toBe(2);
    });

    it("has its mark kept by the next deploy, so that no pod restarts again", async () => {
      const before = await uids();
      await command(stage, "/docc deploy kubecon-2017 scale=4");
      expect(say(await stage.ended(3))).toBe("succeeded");
      expect(await sets()).toBe(2);
      expect((await uids()).filter((uid) => before.includes(uid))).toHaveLength(3);
      const { spec } = await stage.world.api.get(deployments, ref());
      expect(spec?.template.metadata?.annotations).toHaveProperty(["docc.dev/restarted"]);
    });

    it("restarts what was deleted not at all, and makes nothing again", async () => {
      await stage.world.api.delete(deployments, ref());
      await command(stage, "/docc restart kubecon-2017");
      expect(say(await stage.ended(4))).toBe("refused: deleted-outside");
      await rootSays(stage, 4, /^Not restarted: there is no Deployment kubecon-2017 any more/m);
      expect(await stage.world.api.find(deployments, ref())).toBeUndefined();
    });
  });
}
