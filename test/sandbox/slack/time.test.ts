import type { App } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SteppedClock } from "../../../sandbox/clock.ts";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import type { RunningApp } from "./bolt.ts";
import { startHttpApp, startSocketApp } from "./bolt.ts";
import { button, call, respond, sent } from "./support.ts";

type Listen = (app: App) => void;

let slack: FakeSlack;
let clock: SteppedClock;
let running: RunningApp | undefined;

beforeEach(async () => {
  clock = new SteppedClock();
  slack = await startFakeSlack({ clock });
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await slack.stop();
});

describe("three seconds to acknowledge", () => {
  const never = async (): Promise<void> => {};

  it.each([
    { mode: "Socket Mode", start: async (app: Listen) => startSocketApp(slack, app) },
    { mode: "signed HTTP", start: async (app: Listen) => startHttpApp(slack, app) },
  ])(
    "are all that a command gets over $mode, and the person sees the failure",
    async ({ start }) => {
      running = await start((app) => app.command("/docc", never));
      const pending = slack.as("developer").command("#deploys", "/docc deploy");
      clock.step(2_999);
      expect(clock.nextDue).toBe(clock.now() + 1);
      clock.step(1);
      expect(await pending).toMatchObject({ error: "operation_timeout", ack: { ok: false } });
      expect(slack.ephemerals("developer")).toMatchObject([
        { kind: "error", text: '/docc failed with the error "operation_timeout"' },
      ]);
    },
  );

  it("hold for a click as well", async () => {
    running = await startSocketApp(slack, (app) => app.action("approve", never));
    await call(slack, "chat.postMessage", { channel: "CDEPLOYS", blocks: [button("approve")] });
    const [message] = slack.messages("#deploys");
    if (message === undefined) {
      throw new Error("nothing was posted");
    }
    const pending = slack.as("approver").click(message, "approve");
    clock.step(3_000);
    expect(await pending).toMatchObject({ error: "operation_timeout" });
  });

  it("are not even waited for when no app is connected", async () => {
    const gesture = await slack.as("developer").command("#deploys", "/docc deploy");
    expect(gesture.error).toBe("dispatch_failed");
  });

  it("end a redelivery by its own time, whatever an earlier attempt still does", async () => {
    running = await startHttpApp(slack, (app) => app.command("/docc", never));
    const first = slack.as("developer").command("#deploys", "/docc deploy");
    clock.step(2_000);
    const second = slack.redeliver();
    clock.step(1_000);
    await first;
    clock.step(2_000);
    expect(await second).toEqual({ ok: false, error: "operation_timeout" });
  });
});

describe("a response_url", () => {
  const url = async (): Promise<string> => {
    await slack.as("developer").command("#deploys", "/docc deploy");
    return sent(slack, "response_url");
  };

  it("is good for five uses", async () => {
    const target = await url();
    const answers = [];
    for (let use = 1; use <= 6; use += 1) {
      answers.push((await respond(target, { text: `answer ${use}` }))[0]);
    }
    expect(answers).toEqual([200, 200, 200, 200, 200, 404]);
    expect(await respond(target, { text: "a" })).toEqual([404, '{"ok":false,"error":"used_url"}']);
  });

  it("is good for 30 minutes", async () => {
    const target = await url();
    clock.step(30 * 60_000);
    expect((await respond(target, { text: "in time" }))[0]).toBe(200);
    clock.step(1);
    const late = await respond(target, { text: "late" });
    expect(late).toEqual([404, '{"ok":false,"error":"expired_url"}']);
  });

  it("answers one person unless the answer is for the channel, where the bot need not be", async () => {
    await slack.as("developer").command("#random", "/docc deploy");
    const target = sent(slack, "response_url");
    await respond(target, { text: "invite @docc" });
    await respond(target, { text: "for all", response_type: "in_channel" });
    expect(slack.ephemerals("developer").at(-1)).toMatchObject({
      kind: "message",
      text: "invite @docc",
      channel: "CRANDOM",
    });
    expect(slack.messages("#random").map(({ text }) => text)).toEqual(["for all"]);
  });

  it("refuses what a message may not be", async () => {
    const target = await url();
    expect(await respond(target, { blocks: [{ type: "x" }] })).toMatchObject([400, {}]);
    expect((await respond(target, {}))[1]).toContain("no_text");
    expect((await respond(`${target}x`, { text: "a" }))[0]).toBe(404);
  });

  it("of a click replaces or deletes the message that was clicked, ephemeral ones as well", async () => {
    const developer = slack.as("developer");
    await respond(await url(), { text: "not shown", blocks: [button("retry")] });
    const [private1] = slack.ephemerals("developer").filter(({ kind }) => kind === "message");
    if (private1 === undefined) {
      throw new Error("nothing was shown");
    }
    await developer.click(private1, "retry");
    const target = sent(slack, "response_url");
    await respond(target, { replace_original: true, text: "retried" });
    const shown = (): string[] =>
      slack
        .ephemerals("developer")
        .filter(({ kind }) => kind === "message")
        .map(({ text }) => text);
    expect(shown()).toEqual(["retried"]);
    await respond(target, { delete_original: true });
    expect(shown()).toEqual([]);
  });
});

describe("rate limits", () => {
  let limited: FakeSlack;

  beforeEach(async () => {
    limited = await startFakeSlack({ clock });
  });

  afterEach(async () => {
    await limited.stop();
  });

  const statuses = async (times: number, method: string, args: object): Promise<number[]> => {
    const results = [];
    for (let turn = 0; turn < times; turn += 1) {
      results.push((await call(limited, method, args)).status);
    }
    return results;
  };

  it("let three posts a second burst into a channel, then one a second", async () => {
    const args = { channel: "CDEPLOYS", text: "a" };
    expect(await statuses(4, "chat.postMessage", args)).toEqual([200, 200, 200, 429]);
    const elsewhere = { channel: "CPARTNERS", text: "a" };
    expect(await statuses(1, "chat.postMessage", elsewhere)).toEqual([200]);
    const { headers, body } = await call(limited, "chat.postMessage", args);
    expect([headers.get("retry-after"), body["error"]]).toEqual(["3", "ratelimited"]);
    clock.step(3_000);
    expect(await statuses(1, "chat.postMessage", args)).toEqual([200]);
  });

  it("give 50 updates a minute over all channels, and say how long to wait", async () => {
    const { body } = await call(limited, "chat.postMessage", { channel: "CDEPLOYS", text: "a" });
    const args = { channel: "CDEPLOYS", ts: body["ts"], text: "b" };
    expect(new Set(await statuses(50, "chat.update", args))).toEqual(new Set([200]));
    clock.step(20_000);
    const refused = await call(limited, "chat.update", args);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "40"]);
    clock.step(40_000);
    expect(await statuses(1, "chat.update", args)).toEqual([200]);
  });

  it("are off only where that is asked for", async () => {
    const unlimited = await startFakeSlack({ clock, rateLimits: "off" });
    try {
      for (let turn = 0; turn < 10; turn += 1) {
        const args = { channel: "CDEPLOYS", text: "a" };
        expect((await call(unlimited, "chat.postMessage", args)).status).toBe(200);
      }
    } finally {
      await unlimited.stop();
    }
  });
});
