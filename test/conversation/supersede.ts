import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, rootSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** One app, several wishes: what was asked last is enough. */
export function supersedeJob(target: Target): void {
  describe(
    `several deploys of one app where newer requests take over on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      beforeAll(async () => {
        stage = await openStage({ ...target, settings: { supersede: true } }, "socket");
        await uploadManifest(stage, "1-application.json", "tag=2016 scale=1");
        await stage.ended(1);
      }, 120_000);
      afterAll(() => stage.close(), 60_000);

      it("end what waits, and never what runs or goes back", async () => {
        await command(stage, "/docc deploy kubecon-2017 tag=2019");
        await stage.until("it runs", async () =>
          (await stage.releases()).find(({ status }) => status?.revision === 2),
        );
        const wishes = [
          "deploy kubecon-2017 tag=2017",
          "rollback kubecon-2017 to=1 scale=2",
          "deploy kubecon-2017 tag=2017 scale=4",
        ];
        for (const [at, wish] of wishes.entries()) {
          await command(stage, `/docc ${wish}`);
          await stage.until("it is accepted", async () => {
            const accepted = (await stage.releases()).filter(({ status }) => status !== undefined);
            return accepted.length === at + 3 ? true : undefined;
          });
        }
        const waiting = (await stage.releases()).find(({ spec }) => spec.words["tag"] === "2017");
        await stage.until("the older wish is superseded at once", async () => {
          const all = await stage.releases();
          return all.find(
            ({ metadata, status }) =>
              metadata.name === waiting?.metadata.name && status?.phase === "superseded",
          );
        });
        await rootSays(stage, 3, /was superseded: release kubecon-2017-[0-9a-f]{12} was asked for/);
        await stage.ended(5);
        const inTurn = (await stage.releases())
          .filter(({ status }) => status?.revision !== undefined)
          .toSorted((a, b) => (a.status?.revision ?? 0) - (b.status?.revision ?? 0));
        expect(inTurn.map(({ spec, status }) => [spec.kind, spec.words, status?.phase])).toEqual([
          ["deploy", { tag: "2016", scale: "1" }, "succeeded"],
          ["deploy", { tag: "2019" }, "succeeded"],
          ["rollback", { scale: "2" }, "succeeded"],
          ["deploy", { tag: "2017", scale: "4" }, "succeeded"],
        ]);
      });
    },
  );
}
