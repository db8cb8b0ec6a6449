import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { command, say, uploadManifest } from "../conversation/main-job.ts";
import { embeddedLive, openStage, type Stage } from "../conversation/stage.ts";
import { type Fate, pass, statusAnswer } from "../support/proxy/fates.ts";
import type { FaultProxy } from "../support/proxy/fault-proxy.ts";

/** The durable accept while the API server is in trouble, in the time of the wall (docs/faults.md). */
describe("accepting while the API server is in trouble", { timeout: 60_000 }, () => {
  let stage: Stage;
  let kube: FaultProxy;
  beforeAll(async () => {
    stage = await openStage({ ...embeddedLive, hasProxies: true }, "socket");
    if (stage.proxies === undefined) throw new Error("the stage has proxies");
    ({ kube } = stage.proxies);
    await uploadManifest(stage, "1-application.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 120_000);
  afterEach(() => kube.follow(() => pass));
  afterAll(() => stage.close(), 60_000);

  const names = async (): Promise<readonly string[]> =>
    (await stage.releases()).map(({ metadata }) => metadata.name);
  /** What the developer alone is told after this. */
  const heard = async (pattern: RegExp, from: number): Promise<void> => {
    await stage.until(`the developer hears ${pattern}`, () =>
      stage.slack
        .ephemerals("developer")
        .slice(from)
        .find((each) => pattern.test(stage.slack.render(each))),
    );
  };
  it.each<[what: string, fate: Fate]>([
    ["refuses connections", { type: "refuse" }],
    ["takes 4 s", { type: "delay", ms: 4_000 }],
    ["never answers", { type: "hold" }],
    ["answers 500", statusAnswer(500, "InternalError")],
  ])(
    "never says accepted of what is not stored, within Slack's 3 s: it %s",
    async (_what, fate) => {
      const before = await names();
      const from = stage.slack.ephemerals("developer").length;
      kube.follow(({ kind }) => (kind === "POST releases" ? fate : pass));
      // The emulated Slack calls an acknowledgement after 3 s an operation_timeout.
      await command(stage, "/docc deploy kubecon-2017 tag=2016");
      await heard(/^Not accepted: .*\n.*[Tt]ry again|^Not accepted: .*try again/, from);
      if (fate.type === "delay") {
        // It was stored after all, and they hear of it.
        await heard(/^Accepted: kubecon-2017/, from);
        expect(await names()).toHaveLength(before.length + 1);
      } else {
        expect(await names()).toEqual(before);
      }
    },
  );

  it("tells later what was stored when neither its answer nor reading it back came in time", async () => {
    const before = await names();
    const from = stage.slack.ephemerals("developer").length;
    const slowly: Fate = { type: "delay", ms: 4_000 };
    kube.follow(({ kind }) => {
      if (kind === "POST releases") return { type: "lose", how: "reset" };
      return kind === "GET releases" ? slowly : pass;
    });
    await command(stage, "/docc deploy kubecon-2017 tag=2016");
    await heard(/^Not accepted: .*in time/, from);
    expect(await names()).toHaveLength(before.length + 1);
    await heard(/^Accepted: kubecon-2017/, from);
  });

  it("keeps the time of an acknowledgement while every answer takes a second", async () => {
    const from = stage.slack.ephemerals("developer").length;
    kube.follow(() => ({ type: "delay", ms: 1_000 }));
    await command(stage, "/docc deploy kubecon-2017 tag=2017");
    await heard(/^Accepted: kubecon-2017/, from);
  });
});
