import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, ingresses } from "../../src/k8s/kinds.ts";
import { phaseOf } from "../../src/release/phases.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { type DoccProcess, spawnOn } from "./process.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** docc dies while it waits for what a finalizer holds; another process goes on, in the same thread. */
export function deletionKillTest(target: Target): void {
  describe(
    `killing docc in the middle of a deletion on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      let docc: DoccProcess;
      const start = async (): Promise<void> => {
        docc = await spawnOn(stage, target);
      };
      beforeAll(async () => {
        stage = await openStage(target, "none");
        await start();
        await uploadManifest(stage, "4-tls.json", "tag=2016");
        await stage.ended(1);
      }, 120_000);
      afterAll(async () => {
        await docc.kill();
        await stage.close();
      }, 120_000);

      it("loses nothing, deletes nothing twice, and the verdict comes in the same thread", async () => {
        const ref = { namespace: stage.apps, name: "kubecon-2017" };
        const hold = (finalizers: readonly string[] | null) =>
          stage.world.api.patch(ingresses, ref, { metadata: { finalizers } });
        await hold(["example.com/hold"]);
        await command(stage, "/docc delete kubecon-2017 confirm=kubecon-2017");
        const before = await stage.until("the deletion waits, and that is told", async () => {
          const release = (await stage.releases()).find(({ spec }) => spec.kind === "delete");
          const isTold = release?.status?.slack?.told.includes("deleting") === true;
          return isTold && phaseOf(release) === "progressing" ? release : undefined;
        });
        await docc.kill();
        await hold(null);
        await start();
        const after = await stage.ended(2);
        expect(say(after)).toBe("succeeded");
        expect(after.status?.slack?.ts).toBe(before.status?.slack?.ts);
        expect(await stage.world.api.find(deployments, ref)).toBeUndefined();
        await rootSays(stage, 2, /is gone from production: 5 objects deleted\./);
        await threadSays(stage, 2, /is gone from production/);
        const replies = stage.slack.thread("#deploys", before.status?.slack?.ts ?? "");
        const texts = replies.map((reply) => stage.read(reply));
        expect(texts.filter((text) => text.startsWith("Deleting"))).toHaveLength(1);
        expect(stage.roots()).toHaveLength(2);
      });
    },
  );
}
