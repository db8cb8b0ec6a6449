import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments } from "../../src/k8s/kinds.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** What docc does by itself after a failure, where the environment wants it. */
export function followUpJob(target: Target): void {
  const settings = { ...target.settings, auto_rollback: true };
  describe(`rolling back by itself on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage({ ...target, settings }, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("has nothing to go back to after a first deploy that failed", async () => {
      await uploadManifest(stage, "1-application.json", "tag=2018");
      expect(say(await stage.ended(1))).toBe("failed: crash-loop");
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      expect(say(await stage.ended(2))).toBe("succeeded");
      expect(await stage.releases()).toHaveLength(2);
    });

    it("follows a failure, says so, and goes past those that wait", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      await stage.until("it rolls out", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "progressing"),
      );
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await stage.ended(5);
      const all = await stage.releases();
      const inTurn = all
        .filter(({ status }) => (status?.revision ?? 0) > 2)
        .toSorted((a, b) => (a.status?.revision ?? 0) - (b.status?.revision ?? 0));
      expect(inTurn.map((each) => [each.spec.kind, each.spec.requester.user, say(each)])).toEqual([
        ["deploy", "UDEVELOPER", "failed: crash-loop"],
        ["rollback", "docc", "succeeded"],
        ["deploy", "UDEVELOPER", "succeeded"],
      ]);
      expect(await rootSays(stage, 3, /^Rolling back to 2016 by itself \(policy\)\.$/m)).toMatch(
        /\n\[Retry\] \[Logs\]$/,
      );
      await threadSays(stage, 3, /Rolling back to 2016 by itself \(policy\)\./);
      const ref = { namespace: stage.apps, name: "kubecon-2017" };
      const { spec } = await stage.world.api.get(deployments, ref);
      expect(spec?.template.spec?.containers[0]?.image).toMatch(/:2017$/);
    });

    it("tells the rollback in a thread of its own, with its reason", async () => {
      const root = stage.roots().find((each) => stage.read(each).includes("Asked by docc"));
      expect(root === undefined ? "" : stage.read(root)).toMatch(
        /Asked by docc, release 4: "automatic rollback of release 3: kubecon exits with code 1/,
      );
    });
  });
}
