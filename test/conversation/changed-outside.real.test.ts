import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Release } from "../../src/release/release.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { command, rootSays, say, uploadManifest } from "./main-job.ts";
import { openStage, realTarget, type Stage } from "./stage.ts";

/** The tag that never gets ready: its rollout lasts until somebody ends it. */
const endless = "2019";

describeOnRealCluster(
  "on the real control plane",
  (cluster) => {
    describe("kubectl in the middle of a rollout", { timeout: 120_000 }, () => {
      let stage: Stage;
      beforeAll(async () => {
        stage = await openStage(realTarget(cluster), "socket");
        await uploadManifest(stage, "1-application.json", "tag=2016");
        expect(say(await stage.ended(1))).toBe("succeeded");
      }, 120_000);
      afterAll(() => stage.close(), 60_000);

      /** Runs kubectl while release `nth` rolls out, and waits for its end. */
      const interrupted = async (nth: number, ...args: readonly string[]): Promise<Release> => {
        await command(stage, `/docc deploy kubecon-2017 tag=${endless}`);
        await stage.until("it rolls out", async () =>
          (await stage.releases()).find(({ status }) => status?.phase === "progressing"),
        );
        await stage.kubectl("--namespace", stage.apps, ...args);
        return stage.ended(nth);
      };
      /** What the Deployment has at a path. */
      const read = (path: string): Promise<string> => {
        const deployment = ["get", "deployment", "kubecon-2017", "--output", `jsonpath={${path}}`];
        return stage.kubectl("--namespace", stage.apps, ...deployment);
      };
      const image = (): Promise<string> => read(".spec.template.spec.containers[0].image");
      const outside = /Deployment kubecon-2017 was changed outside docc while it rolled out/;

      it("is seen when it is rollout undo, which takes docc's annotations back as well", async () => {
        const release = await interrupted(2, "rollout", "undo", "deployment/kubecon-2017");
        expect(say(release)).toBe("superseded: changed-outside");
        await rootSays(stage, 2, outside);
        expect(await image()).toMatch(/:2016$/);
        expect(await read(String.raw`.metadata.annotations.docc\.dev/revision`)).toBe("1");
      });

      it("is seen when it is set image", async () => {
        const repository = (await image()).replace(/:[^:]*$/, "");
        const update = ["set", "image", "deployment/kubecon-2017", `kubecon=${repository}:2017`];
        const release = await interrupted(3, ...update);
        expect(say(release)).toBe("superseded: changed-outside");
        await rootSays(stage, 3, outside);
        expect(await image()).toMatch(/:2017$/);
      });

      it("is put back by the next deploy, which says what it takes over", async () => {
        await command(stage, "/docc deploy kubecon-2017 tag=2016");
        const release = await stage.ended(4);
        expect(say(release)).toBe("succeeded");
        expect(await image()).toMatch(/:2016$/);
        const { changes = [] } = release.status?.plan ?? {};
        expect(changes.flatMap(({ takesOver }) => takesOver).join()).toMatch(/image from kubectl/);
      });
    });
  },
  { fakeNodes: true },
);
