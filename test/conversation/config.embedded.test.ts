import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { customResourceDefinitions } from "../../src/k8s/kinds.ts";
import { configJob } from "./config.ts";
import { answerTo, say, uploadManifest } from "./main-job.ts";
import { embedded, openStage, type Stage } from "./stage.ts";

configJob(embedded);

/** The embedded cluster is this test's own: on the real control plane others use the kind as well. */
describe("an installation that has lost the kind", { timeout: 120_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ ...embedded, others: ["staging"] }, "socket");
  }, 120_000);
  afterAll(() => stage.close(), 60_000);

  it("goes on by docc.yaml, and says what an operator can do", async () => {
    const heard = async (typed: string) => stage.slack.render(await answerTo(stage, typed));
    await stage.world.api.delete(customResourceDefinitions, { name: "preferences.docc.dev" });
    expect(await heard("/docc config quiet=on")).toBe(
      "This installation of docc cannot store preferences yet.\nAn operator can mend that with kubectl apply --server-side -k deploy.",
    );
    await uploadManifest(stage, "1-application.json", "tag=2016");
    const release = await stage.ended(1);
    expect(`${release.spec.environment} ${say(release)}`).toBe("staging succeeded");
  });
});
