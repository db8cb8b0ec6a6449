import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answers } from "./deciding.ts";
import { command, say, uploadManifest } from "./main-job.ts";
import { embedded, openStage, type Stage } from "./stage.ts";

/** What the cluster tells of an app that has come up once, and then does not start. */
describe("events on the embedded cluster", { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(embedded, "socket");
    await uploadManifest(stage, "1-application.json", "tag=2017");
    expect(say(await stage.ended(1))).toBe("succeeded");
    await command(stage, "/docc deploy kubecon-2017 tag=2018");
    expect(say(await stage.ended(2))).toMatch(/^failed/);
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  it("are shown grouped, of Deployment and pods alike", async () => {
    await answers(stage, "/docc events kubecon-2017", /Normal ScalingReplicaSet.*\(Deployment /);
    await answers(stage, "/docc events kubecon-2017", /Warning BackOff.*\(Pod kubecon-2017-/);
  });

  it("are of one kind where one asks so", async () => {
    await answers(
      stage,
      "/docc events kubecon-2017 kind=pod",
      /^Recent events of kind Pod of kubecon-2017 in production, newest first\.(?![^]*\(Deployment )/,
    );
    await answers(stage, "/docc events kubecon-2017 kind=Ingress", /has no recent events of kind/);
    await answers(stage, "/docc events kubecon-2017 kind=Pdo", /Did you mean kind=Pod\?/);
  });

  it("are not older than one asks for", async () => {
    const wide = "/docc events kubecon-2017 since=7d kind=Deployment";
    await answers(stage, wide, /in the last 7d, newest first/);
    await answers(stage, "/docc events kubecon-2017 since=soon", /since= takes a duration/);
  });
});
