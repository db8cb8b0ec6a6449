import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refuseMessageBlocks } from "../../sandbox/slack/validate.ts";
import type { Message } from "../../sandbox/slack/types.ts";
import type { Milestone } from "../../src/release/story.ts";
import { type Harness, startHarness } from "./harness.ts";
import { failure, noon, plan, releaseIn, viewOf } from "./releases.ts";

const cause = failure.cause ?? expect.fail("the sample failure has a cause");

describe("a release told in Slack", () => {
  let harness: Harness;
  const root = (): Message =>
    harness.slack.messages("deploys")[0] ?? expect.fail("no root message");
  const read = (message: Message): string => harness.slack.render(message);
  const applied: Milestone = {
    type: "applied",
    key: "applied",
    created: 0,
    changed: 1,
    unchanged: 3,
  };
  const verdict = viewOf(
    releaseIn("failed", {
      status: { plan: { ...plan, from: "2017", to: "2018" }, verdict: failure },
    }),
  );

  beforeEach(async () => {
    harness = await startHarness({ mode: "socket" });
  });
  afterEach(async () => {
    await harness.stop();
  });

  /** Waits as `promise` does while the clock moves on, as it would. */
  async function meanwhile<T>(promise: Promise<T>): Promise<T> {
    const ticking = setInterval(() => harness.clock.step(1_000), 20);
    try {
      return await promise;
    } finally {
      clearInterval(ticking);
    }
  }

  it("is one message, edited through its life, with milestones in its thread", async () => {
    const { slack, edge } = harness;
    const { messenger } = edge;
    const address = await messenger.open("CDEPLOYS", viewOf(releaseIn("accepted")));
    expect(root().text).toBe(
      "Deploy of kubecon-2017 to production: Accepted; docc is planning it.",
    );
    const progress = { ready: 1, wanted: 3, old: 2, waitingFor: "", warnings: [] };
    messenger.edit(address, viewOf(releaseIn("progressing"), { progress, now: noon + 5_000 }), {
      final: false,
    });
    await slack.waitFor(() => root().text.includes("1 of 3 ready"));
    await meanwhile(messenger.reply(address, applied, verdict.release));
    messenger.edit(address, verdict, { final: true });
    await slack.waitFor(() => root().text.includes("failed in production"));
    expect(slack.messages("deploys")).toHaveLength(1);
    expect(slack.thread("deploys", address.ts).map(read)).toEqual([
      "Applied 1 object; 3 unchanged.",
    ]);
    expect(refuseMessageBlocks(root().blocks)).toBeUndefined();
  });

  it("says in the channel itself what has no thread", async () => {
    const { slack, edge } = harness;
    const place = { app: "kubecon-2017", environment: "production" };
    const mended: Milestone = { type: "mended", key: "mended", leftovers: false, ...place };
    await meanwhile(edge.messenger.reply({ channel: "CDEPLOYS" }, mended, verdict.release));
    const last = slack.messages("deploys").at(-1);
    expect(last?.threadTs).toBeUndefined();
    expect(last === undefined ? "" : read(last)).toBe(
      "kubecon-2017 in production is as docc left it again.",
    );
  });

  it("shouts a failure in the channel, to the people it is for", async () => {
    const { slack, edge } = harness;
    const address = await edge.messenger.open("CDEPLOYS", verdict);
    const failed: Milestone = {
      type: "failed",
      key: "failed",
      cause,
      changed: "image 2017 -> 2018 only",
      requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
      maintainers: ["kubecon-team@corp.example.com"],
    };
    await meanwhile(edge.messenger.reply(address, failed, verdict.release));
    const [reply] = slack.thread("deploys", address.ts);
    expect(reply?.isBroadcast).toBe(true);
    expect(reply === undefined ? "" : read(reply)).toMatchInlineSnapshot(`
      "@developer @maintainer: kubecon exits with code 1 at start.
        DATABASE_URL is not set
      Changed: image 2017 -> 2018 only.
      Next: add DATABASE_URL to env, or roll back."
    `);
  });

  it("shows the logs to who presses the button, and to nobody else", async () => {
    const { slack, edge, audits } = harness;
    await edge.messenger.open("CDEPLOYS", verdict);
    await slack.as("approver").click(root(), "Logs");
    await slack.waitFor(() => slack.ephemerals("approver").length === 1);
    expect(slack.ephemerals("developer")).toEqual([]);
    expect(audits).toMatchObject([{ command: "logs", user: "UAPPROVER", outcome: "ok" }]);
    expect(audits[0]?.delivery).toMatch(/^action:/);
  });

  it("says how to be let in, to the requester, once", async () => {
    const { slack, edge } = harness;
    for (let time = 0; time < 2; time += 1) {
      const opening = meanwhile(edge.messenger.open("CRANDOM", viewOf(releaseIn("accepted"))));
      await expect(opening).rejects.toMatchObject({ reason: "slack-refused" });
    }
    expect(slack.dms("developer").map(read)).toEqual([
      "kubecon-2017 to production goes on, but I cannot tell it in #random. " +
        "docc cannot post in that channel: it is no member. Invite it there with /invite @docc.",
    ]);
  });

  it("is told in no channel that is shared beyond the workspace, and the requester hears so", async () => {
    const { slack, edge } = harness;
    const refused = { reason: "slack-refused" };
    const opening = meanwhile(edge.messenger.open("CPARTNERS", verdict));
    await expect(opening).rejects.toMatchObject(refused);
    expect(slack.dms("developer").map(read)).toEqual([
      "kubecon-2017 to production goes on, but I cannot tell it in #partners. " +
        "This channel is shared beyond docc's workspace. " +
        "Use a channel of your own, or a direct message to docc.",
    ]);
    const reply = edge.messenger.reply({ channel: "CPARTNERS" }, applied, verdict.release);
    await expect(meanwhile(reply)).rejects.toMatchObject(refused);
    await expect(edge.announce("CPARTNERS", "It is locked.")).rejects.toMatchObject(refused);
    expect(slack.messages("partners")).toEqual([]);
  });

  it("goes on in no thread whose channel came to be shared", async () => {
    const { slack, edge, clock } = harness;
    const address = await edge.messenger.open("CDEPLOYS", viewOf(releaseIn("accepted")));
    const deploys = slack.workspace.channels.find(({ id }) => id === "CDEPLOYS");
    slack.workspace.putChannel({ ...(deploys ?? expect.fail("no #deploys")), isShared: true });
    clock.step(60_000);
    const reply = edge.messenger.reply(address, applied, verdict.release);
    await expect(meanwhile(reply)).rejects.toMatchObject({ reason: "slack-refused" });
    expect(slack.thread("deploys", address.ts)).toEqual([]);
  });

  it("waits while Slack cannot say whether a channel is shared, and asks once for many", async () => {
    const { slack, edge } = harness;
    slack.faults.add({ method: "conversations.info", kind: "status500", times: 1 });
    const open = () => edge.messenger.open("CDEPLOYS", viewOf(releaseIn("accepted")));
    await expect(meanwhile(open())).rejects.toMatchObject({ reason: "unavailable" });
    expect(slack.messages("deploys")).toEqual([]);
    await meanwhile(Promise.all([open(), open(), open()]));
    expect(slack.calls("conversations.info")).toHaveLength(2);
  });

  it("falls back to classic blocks where Slack refuses the newer ones", async () => {
    const { slack, edge } = harness;
    slack.faults.add({ method: "chat.postMessage", kind: "invalid_blocks", times: 1 });
    await edge.messenger.open("CDEPLOYS", viewOf(releaseIn("progressing")));
    expect(root().blocks.map(({ type }) => type)).toEqual([
      "section",
      "section",
      "context",
      "actions",
    ]);
  });

  it("does not post twice when the connection is cut after Slack took it", async () => {
    const { slack, edge } = harness;
    slack.faults.add({ method: "chat.postMessage", kind: "accept-then-reset", times: 1 });
    const opening = edge.messenger.open("CDEPLOYS", viewOf(releaseIn("accepted")));
    await expect(opening).rejects.toMatchObject({ reason: "unavailable" });
    expect(slack.messages("deploys")).toHaveLength(1);
  });

  it("delivers a verdict through rate limits and outages", async () => {
    const { slack, edge } = harness;
    const address = await edge.messenger.open("CDEPLOYS", viewOf(releaseIn("accepted")));
    slack.faults.add({
      method: "chat.update",
      kind: "ratelimited",
      times: 2,
      retryAfterSeconds: 3,
    });
    slack.faults.add({ method: "chat.update", kind: "status500", times: 2 });
    slack.faults.add({ method: "chat.update", kind: "accept-then-reset", times: 1 });
    edge.messenger.edit(address, verdict, { final: true });
    await meanwhile(edge.messenger.flush(120_000));
    expect(root().text).toContain("failed in production");
    expect(slack.faults.pending).toEqual([]);
  });

  it("keeps to Slack's rate limits with many releases at once", async () => {
    await harness.stop();
    harness = await startHarness({ mode: "socket" });
    const { slack, edge } = harness;
    // One a second and channel; a post that is put off by a 429 has a minute in all.
    const views = Array.from({ length: 45 }, () => viewOf(releaseIn("accepted")));
    const addresses = await meanwhile(
      Promise.all(views.map((view) => edge.messenger.open("CDEPLOYS", view))),
    );
    for (const address of addresses) {
      for (const ready of [0, 1, 2]) {
        const progress = { ready, wanted: 3, old: 0, waitingFor: "", warnings: [] };
        edge.messenger.edit(address, viewOf(releaseIn("progressing"), { progress }), {
          final: false,
        });
      }
      edge.messenger.edit(address, verdict, { final: true });
    }
    await meanwhile(edge.messenger.flush(600_000));
    expect(
      slack.messages("deploys").filter(({ text }) => !text.includes("failed in production")),
    ).toEqual([]);
    const updates = slack.calls("chat.update");
    expect(updates.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  });
});
