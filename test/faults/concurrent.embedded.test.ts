import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployments } from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import { command, say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";

const commands = 50;
const quick = { ...embedded, rollout: { timeout: "10m", stable: "1s" } };

/** 50 commands for one app in the same moment (docs/faults.md). */
describe("concurrent deploys: one runs, others queue visibly", { timeout: 300_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openOn({});
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  it("takes all of 50 parallel commands, and shows the queue", async () => {
    await askAll(stage);
    await stage.until("some of them wait, and say behind whom", () =>
      stage.roots().filter((root) => stage.read(root).includes("Waits behind release")).length > 2
        ? true
        : undefined,
    );
    const heard = stage.slack.ephemerals("developer").length;
    await command(stage, "/docc status kubecon-2017");
    await stage.until("the status tells of the queue", () =>
      stage.slack
        .ephemerals("developer")
        .slice(heard)
        .find((each) => /waits/i.test(stage.slack.render(each))),
    );
  });

  it("applies them one at a time, in order, each as a revision of its own", async () => {
    await command(stage, "/docc deploy kubecon-2017 tag=2017 memory=200Mi");
    await allEnded(stage);
    const all = (await stage.releases()).toSorted(byRevision);
    expect(all.map(say)).toEqual(all.map(() => "succeeded"));
    expect(all.map(({ status }) => status?.revision)).toEqual(all.map((_each, at) => at + 1));
    // Those of one and the same moment have no order; docc accepts some a moment later than others.
    expect(all.map(acceptedAt)).toEqual(all.map(acceptedAt).toSorted());
    neverTwo(all);
    expect(await running(stage)).toEqual({ tag: "2017", memory: "200Mi" });
  });
});

describe(
  "concurrent deploys: one runs, others are superseded visibly",
  { timeout: 300_000 },
  () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openOn({ supersede: true });
    }, 60_000);
    afterAll(() => stage.close(), 60_000);

    it("ends what waits, one at a time in order, and the last asked is what runs", async () => {
      await askAll(stage);
      await stage.until("all are accepted", async () => {
        const all = await stage.releases();
        const accepted = all.filter(({ status }) => status !== undefined);
        return accepted.length === commands + 1 ? true : undefined;
      });
      await command(stage, "/docc deploy kubecon-2017 tag=2017 memory=200Mi");
      await allEnded(stage);
      const all = await stage.releases();
      const applied = all
        .filter(({ status }) => status?.revision !== undefined)
        .toSorted(byRevision);
      const others = all.filter(({ status }) => status?.revision === undefined);
      expect(others.length).toBeGreaterThan(commands / 2);
      expect(new Set(others.map(say))).toEqual(new Set(["superseded: newer-request"]));
      expect(applied.map(({ status }) => status?.revision)).toEqual(
        applied.map((_each, at) => at + 1),
      );
      neverTwo(applied);
      expect(await running(stage)).toEqual({ tag: "2017", memory: "200Mi" });
      await stage.until("those who were superseded read it", () =>
        stage.roots().filter((root) => stage.read(root).includes("was superseded")).length ===
        others.length
          ? true
          : undefined,
      );
    });
  },
);

async function openOn(settings: Readonly<Record<string, unknown>>): Promise<Stage> {
  const stage = await openStage({ ...quick, settings }, "socket");
  await uploadManifest(stage, "1-application.json", "tag=2016");
  expect(say(await stage.ended(1))).toBe("succeeded");
  return stage;
}

/** Every one of them asks for something else. */
async function askAll(stage: Stage): Promise<void> {
  const wishes = Array.from({ length: commands }, (_each, at) => `memory=${100 + at}Mi`);
  await Promise.all(wishes.map((wish) => command(stage, `/docc deploy kubecon-2017 ${wish}`)));
}

async function allEnded(stage: Stage): Promise<void> {
  await stage.until("all have ended", async () => {
    const all = await stage.releases();
    const ended = all.filter(({ status }) => status?.finishedAt !== undefined);
    return ended.length === commands + 2 ? true : undefined;
  });
}

function byRevision(a: Release, b: Release): number {
  return (a.status?.revision ?? 0) - (b.status?.revision ?? 0);
}

function acceptedAt({ status }: Release): string {
  return status?.transitions[0]?.at ?? "";
}

/** Each begins to apply only after the one before has ended. */
function neverTwo(inOrder: readonly Release[]): void {
  for (const [at, { status }] of inOrder.entries()) {
    const before = inOrder[at - 1]?.status?.transitions.at(-1)?.at ?? "";
    const began = status?.transitions.find(({ phase }) => phase === "applying")?.at ?? "";
    expect(began >= before, `${began} is after ${before}`).toBe(true);
  }
}

async function running(stage: Stage): Promise<object> {
  const ref = { namespace: stage.apps, name: "kubecon-2017" };
  const { spec } = await stage.world.api.get(deployments, ref);
  const container = spec?.template.spec?.containers[0];
  return {
    tag: container?.image?.split(":").at(-1),
    memory: container?.resources?.limits?.["memory"],
  };
}
