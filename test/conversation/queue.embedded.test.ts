import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments, releases as releaseKind } from "../../src/k8s/kinds.ts";
import { command, rootSays, uploadManifest } from "./main-job.ts";
import { embedded, openStage, type Stage } from "./stage.ts";

/** One app, several wishes: one at a time, in the order of asking. */
describe("several deploys of one app", { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(embedded, "socket");
    await uploadManifest(stage, "1-application.json");
    await stage.ended(1);
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  it("take their turns, and what was asked last is what runs", async () => {
    const wishes = ["tag=2016", "tag=2017 scale=2", "tag=2016 scale=4"];
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
    const inTurn = ended.toSorted((a, b) => (a.status?.revision ?? 0) - (b.status?.revision ?? 0));
    expect(inTurn.map(({ spec }) => spec.words)).toEqual([
      {},
      { tag: "2016" },
      { tag: "2017", scale: "2" },
      { tag: "2016", scale: "4" },
    ]);
    const ref = { namespace: stage.apps, name: "kubecon-2017" };
    const { spec } = await stage.world.api.get(deployments, ref);
    expect(spec?.replicas).toBe(4);
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

describe("several deploys of one app where newer requests take over", { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ ...embedded, settings: { supersede: true } }, "socket");
    await uploadManifest(stage, "1-application.json", "tag=2016");
    await stage.ended(1);
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  it("end what waits, and never what runs or goes back", async () => {
    const wishes = ["deploy kubecon-2017 tag=2019", "deploy kubecon-2017 tag=2017"];
    const more = ["rollback kubecon-2017 to=1 scale=2", "deploy kubecon-2017 tag=2017 scale=4"];
    for (const [at, wish] of [...wishes, ...more].entries()) {
      await command(stage, `/docc ${wish}`);
      await stage.until("it is accepted", async () => {
        const accepted = (await stage.releases()).filter(({ status }) => status !== undefined);
        return accepted.length === at + 2 ? true : undefined;
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
      ["deploy", { tag: "2016" }, "succeeded"],
      ["deploy", { tag: "2019" }, "succeeded"],
      ["rollback", { scale: "2" }, "succeeded"],
      ["deploy", { tag: "2017", scale: "4" }, "succeeded"],
    ]);
  });
});
