import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { command, rootSays, say, threadSays, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";

/** What docc promises when Slack, or the way to it, is in trouble (docs/faults.md). */
describe("faults of Slack", { timeout: 120_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(embedded, "socket");
    await uploadManifest(stage, "1-application.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
    await rootSays(stage, 1, /2016 is live/);
  }, 120_000);
  afterEach(() => stage.slack.faults.clear());
  afterAll(() => stage.close(), 60_000);

  it("429, 5xx and silence: the deploy is unaffected, messages come late and coalesced", async () => {
    const edits = stage.slack.calls("chat.update").length;
    for (const method of ["chat.postMessage", "chat.update"]) {
      stage.slack.faults.add({ method, kind: "ratelimited", times: 2, retryAfterSeconds: 1 });
      stage.slack.faults.add({ method, kind: "status500", times: 1 });
      stage.slack.faults.add({ method, kind: "reset", times: 1 });
    }
    await command(stage, "/docc deploy kubecon-2017 tag=2017");
    expect(say(await stage.ended(2))).toBe("succeeded");
    await rootSays(stage, 2, /2017 is live in production\. 3 of 3 ready/);
    await threadSays(stage, 2, /^Applied 1 object; 1 unchanged\.$/m);
    expect(stage.roots()).toHaveLength(2);
    // A rollout of some 70 s of simulated time has far more states than the budget of 40 edits a minute.
    expect(stage.slack.calls("chat.update").length - edits).toBeLessThan(60);
  });

  it("duplicate delivery: exactly one effect, of a command as of a click", async () => {
    await command(stage, "/docc deploy kubecon-2017 tag=2016");
    await Promise.all([stage.slack.redeliver(), stage.slack.redeliver()]);
    expect(say(await stage.ended(3))).toBe("succeeded");
    await rootSays(stage, 3, /\[Roll back to 2017\]/);
    const root = stage.roots()[2];
    if (root === undefined) throw new Error("the third release has a root message");
    await stage.slack.as("developer").click(root, "Roll back to 2017");
    await Promise.all([stage.slack.redeliver(), stage.slack.redeliver()]);
    expect(say(await stage.ended(4))).toBe("succeeded");
    await stage.slack.redeliver();
    await rootSays(stage, 4, /2017 is live/);
    expect(await stage.releases()).toHaveLength(4);
    expect(stage.roots()).toHaveLength(4);
  });

  it("socket drop: what was acked has its effect once, and docc is there again", async () => {
    const developer = stage.slack.as("developer");
    for (let drop = 0; drop < 3; drop += 1) {
      stage.slack.disconnect("cut");
      await stage.until("a command is answered again", async () => {
        const { ack } = await developer.command("#deploys", "/docc status kubecon-2017");
        return ack.ok ? true : undefined;
      });
    }
    stage.slack.disconnect("cut");
    await stage.until("a deploy is accepted", async () => {
      const { ack } = await developer.command("#deploys", "/docc deploy kubecon-2017 tag=2016");
      return ack.ok ? true : undefined;
    });
    expect(say(await stage.ended(5))).toBe("succeeded");
    expect(await stage.releases()).toHaveLength(5);
  });
});
