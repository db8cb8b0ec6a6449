import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, uploadManifest } from "./main-job.ts";
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
        await uploadManifest(stage, "2-service.json", "tag=2016 scale=1");
        await stage.ended(1);
      }, 120_000);
      afterAll(() => stage.close(), 60_000);

      it("end what waits, and never what runs or goes back", async () => {
        await command(stage, "/docc deploy kubecon-2017 tag=slow");
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
        // By its words: the API server's times, to the second, do not tell the wishes apart.
        await stage.until("the older wish is superseded at once", async () => {
          const all = await stage.releases();
          return all.find(
            ({ spec, status }) =>
              spec.words["tag"] === "2017" &&
              spec.words["scale"] === undefined &&
              status?.phase === "superseded",
          );
        });
        await stage.until("its thread says so", () =>
          stage
            .roots()
            .find((root) =>
              /was superseded: release kubecon-2017-[0-9a-f]{12} was asked for/.test(
                stage.read(root),
              ),
            ),
        );
        await stage.ended(5);
        const inTurn = (await stage.releases())
          .filter(({ status }) => status?.revision !== undefined)
          .toSorted((a, b) => (a.status?.revision ?? 0) - (b.status?.revision ?? 0));
        expect(inTurn.map(({ spec, status }) => [spec.kind, spec.words, status?.phase])).toEqual([
          ["deploy", { tag: "2016", scale: "1" }, "succeeded"],
          ["deploy", { tag: "slow" }, "succeeded"],
          ["rollback", { scale: "2" }, "succeeded"],
          ["deploy", { tag: "2017", scale: "4" }, "succeeded"],
        ]);
      });
    },
  );
}
