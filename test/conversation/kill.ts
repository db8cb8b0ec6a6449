import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, releases as releaseKind } from "../../src/k8s/kinds.ts";
import { phaseOf } from "../../src/release/phases.ts";
import { create, plain } from "./adoption.ts";
import { press, waiting } from "./deciding.ts";
import { answerTo, rootSays, say, uploadManifest } from "./main-job.ts";
import { type DoccProcess, spawnOn } from "./process.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** docc dies in the middle of a rollout; another process goes on, in the same thread. */
export function killTest(target: Target): void {
  describe(`killing docc on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let docc: DoccProcess;
    const start = async (): Promise<void> => {
      docc = await spawnOn(stage, target);
    };
    beforeAll(async () => {
      stage = await openStage(target, "none");
      await start();
    }, 120_000);
    afterAll(async () => {
      await docc.kill();
      await stage.close();
    }, 60_000);

    it("loses nothing when it is killed while pods roll out, and the same thread goes on (helm: pending-upgrade)", async () => {
      await uploadManifest(stage, "4-tls.json");
      const before = await stage.until("the rollout is under way and told", async () => {
        const [release] = await stage.releases();
        const isTold = release?.status?.slack?.told.includes("applied") === true;
        return isTold && phaseOf(release) === "progressing" ? release : undefined;
      });
      await docc.kill();
      const frozen = await stage.releases();
      expect(frozen[0]?.status?.phase).toBe("progressing");
      await start();
      const after = await stage.ended(1);
      expect(after.status?.phase).toBe("succeeded");
      expect(after.status?.slack).toMatchObject({
        channel: before.status?.slack?.channel,
        ts: before.status?.slack?.ts,
      });
      await stage.until("the verdict is told", () =>
        stage.roots().find((root) => stage.read(root).includes("is live in production")),
      );
      expect(stage.roots()).toHaveLength(1);
      const replies = stage.slack.thread("#deploys", before.status?.slack?.ts ?? "");
      const texts = replies.map((reply) => stage.read(reply));
      expect(texts.filter((text) => text.startsWith("Applied"))).toHaveLength(1);
      expect(new Set(texts).size).toBe(texts.length);
      expect(after.status?.transitions.map(({ phase }) => phase)).toEqual([
        "accepted",
        "planned",
        "applying",
        "progressing",
        "verifying",
        "succeeded",
      ]);
    });

    it("takes up a request that was stored and never looked at", async () => {
      await docc.kill();
      await stage.world.api.create(releaseKind, {
        metadata: { name: "kubecon-2017-0123456789ab", namespace: stage.home },
        spec: {
          app: "kubecon-2017",
          environment: "production",
          kind: "deploy",
          source: { type: "stored" },
          words: { tag: "2016" },
          requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
          channel: "CDEPLOYS",
        },
      });
      await start();
      const release = await stage.ended(2);
      expect(release.status?.phase).toBe("succeeded");
      expect(release.status?.revision).toBe(2);
    });

    it("loses no rollback when it is killed in the middle of one", async () => {
      const { ack } = await stage.slack
        .as("developer")
        .command("#deploys", "/docc rollback kubecon-2017");
      expect(ack.ok).toBe(true);
      const before = await stage.until("the rollback is under way and told", async () => {
        const found = (await stage.releases()).find(({ spec }) => spec.kind === "rollback");
        const isTold = found?.status?.slack?.told.includes("applied") === true;
        return isTold && phaseOf(found) === "progressing" ? found : undefined;
      });
      await docc.kill();
      await start();
      const release = await stage.ended(3);
      expect(release.metadata.name).toBe(before.metadata.name);
      expect(release.status).toMatchObject({
        phase: "succeeded",
        revision: 3,
        slack: { ts: before.status?.slack?.ts },
      });
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      const { spec, metadata } = await stage.world.api.get(deployments, ref);
      expect(spec?.template.spec?.containers[0]?.image).toMatch(/:2017$/);
      expect(metadata.annotations?.["docc.dev/revision"]).toBe("3");
      expect(await stage.releases()).toHaveLength(3);
    });

    it("loses no take-over that it acknowledged before it was killed", async () => {
      await create(stage, plain("shop"));
      const answer = await answerTo(stage, "/docc init from=deployment/shop");
      const { ack } = await stage.slack.as("developer").click(answer, "Adopt");
      await docc.kill();
      expect(ack.ok).toBe(true);
      expect((await stage.releases()).map(({ spec }) => spec.source.type)).toContain("adoption");
      await start();
      await waiting(stage, 4);
      await rootSays(stage, 4, /\[Approve\]/);
      await press(stage, "developer", 4, "Approve");
      expect(say(await stage.ended(4))).toBe("succeeded");
      const ref = { namespace: stage.apps, name: "shop" };
      const { metadata } = await stage.world.api.get(deployments, ref);
      expect(metadata.labels?.["app.kubernetes.io/managed-by"]).toBe("docc");
    });

    it("ends with code 0 when it is asked to, and says nothing of its secrets", async () => {
      expect(await docc.terminate()).toBe(0);
      for (const secret of Object.values(stage.slack.credentials)) {
        expect(docc.log()).not.toContain(secret);
      }
    });
  });
}
