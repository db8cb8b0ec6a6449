import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, pods } from "../../src/k8s/kinds.ts";
import { answers, command, rootSays, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** A few words change what runs; pause and resume keep its scale in mind. */
export function updateJob(target: Target): void {
  describe(`updating on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "1-application.json", "tag=2016");
      expect(say(await stage.ended(1))).toBe("succeeded");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const deployment = async () => {
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      const { spec } = await stage.world.api.get(deployments, ref);
      return { replicas: spec?.replicas, env: spec?.template.spec?.containers[0]?.env };
    };

    it("changes what is named and nothing else", async () => {
      await answers(
        stage,
        "/docc update kubecon-2017 scale=2 env.LOG=debug",
        /Accepted: kubecon-2017 in production changes\./,
      );
      const release = await stage.ended(2);
      expect(say(release)).toBe("succeeded");
      expect(release.spec).toMatchObject({ kind: "update", source: { type: "stored" } });
      const { replicas, env } = await deployment();
      expect(replicas).toBe(2);
      expect(env).toContainEqual({ name: "LOG", value: "debug" });
      await rootSays(stage, 2, /2016 is live in production\. 2 of 2 ready/);
    });

    it("pauses: no pod runs, and that is a success", async () => {
      await command(stage, "/docc update kubecon-2017 pause");
      expect(say(await stage.ended(3))).toBe("succeeded");
      expect((await deployment()).replicas).toBe(0);
      const { items } = await stage.world.api.listAll(pods, { namespace: stage.apps });
      expect(items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toEqual([]);
      await rootSays(stage, 3, /kubecon-2017 is paused in production: no copy runs\./);
      await answers(stage, "/docc list", /kubecon-2017 \| production \| paused/);
      await answers(stage, "/docc update kubecon-2017 pause", /is paused already/);
    });

    it("resumes at the scale of before", async () => {
      await answers(stage, "/docc update kubecon-2017 resume", /resumes at scale 2\./);
      expect(say(await stage.ended(4))).toBe("succeeded");
      expect((await deployment()).replicas).toBe(2);
      await rootSays(stage, 4, /2 of 2 ready/);
    });
  });
}
