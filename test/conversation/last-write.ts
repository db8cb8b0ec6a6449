import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applications } from "../../src/k8s/kinds.ts";
import type { Call } from "../support/proxy/calls.ts";
import { type Fate, pass } from "../support/proxy/fates.ts";
import { command, say, uploadManifest } from "./main-job.ts";
import { type DoccProcess, spawnOn } from "./process.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** The write that ends a release, and the one after it that lets the next one go. */
const verdict = ({ kind, body }: Call): boolean =>
  kind === "PUT releases/status" && body.includes('"phase":"succeeded"');
const head = ({ kind, body }: Call): boolean =>
  kind === "PUT applications/status" && !body.includes('"inFlight"');

/** docc's process dies at one of the last writes of a release, and another one begins. */
export function lastWriteJob(target: Target): void {
  describe(
    `a process that dies around the last write on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      let docc: DoccProcess;
      let ended = 1;
      const start = async (): Promise<void> => {
        docc = await spawnOn(stage, target);
      };
      beforeAll(async () => {
        stage = await openStage({ ...target, hasProxies: true }, "none");
        await start();
        await uploadManifest(stage, "1-application.json", "tag=2016");
        expect(say(await stage.ended(ended))).toBe("succeeded");
      }, 120_000);
      afterAll(async () => {
        await docc.kill();
        await stage.close();
      }, 60_000);

      it.each<[string, (call: Call) => boolean, Fate]>([
        ["when the verdict is stored, without the answer", verdict, { type: "lose", how: "reset" }],
        ["before the head lets go", head, { type: "refuse" }],
      ])(
        "%s leaves nothing that blocks the next one (argo-cd #29636)",
        async (_when, isIt, fate) => {
          const killed = Promise.withResolvers<void>();
          let hits = 0;
          stage.proxies?.kube.follow(async (call) => {
            if (!isIt(call)) return pass;
            hits += 1;
            // Before it is passed on it dies at once, afterwards as soon as what it never hears is done.
            if (fate.type === "refuse") await docc.kill();
            killed.resolve();
            return hits === 1 ? fate : { type: "refuse" };
          });
          await command(stage, `/docc deploy kubecon-2017 tag=2017 scale=1`);
          await killed.promise;
          await docc.kill();
          stage.proxies?.kube.follow(() => pass);
          await start();
          ended += 1;
          const first = await stage.ended(ended);
          expect(say(first)).toBe("succeeded");
          expect(first.status?.finishedAt).toBeDefined();
          await command(stage, `/docc deploy kubecon-2017 tag=2016 scale=2`);
          ended += 1;
          const next = await stage.ended(ended);
          expect(say(next)).toBe("succeeded");
          expect(next.status?.revision).toBe(ended);
          await stage.until("the head is free", async () => {
            const name = { namespace: stage.home, name: "production.kubecon-2017" };
            const { status } = await stage.world.api.get(applications, name);
            return status !== undefined && !("inFlight" in (status as object)) ? true : undefined;
          });
        },
      );
    },
  );
}
