import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import { systemClock } from "../../../src/clock.ts";
import { until } from "../until.ts";
import { slack as dialect } from "./calls.ts";
import { slackAnswer } from "./fates.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

const opened = z.object({ url: z.string() });
const envelope = z.looseObject({
  envelope_id: z.string(),
  payload: z.looseObject({ response_url: z.string() }),
});

let slack: FakeSlack;
let proxy: FaultProxy;
let docc: WebSocket;
const frames: string[] = [];

beforeEach(async () => {
  frames.length = 0;
  slack = await startFakeSlack({ clock: systemClock });
  proxy = await startFaultProxy({
    upstream: { url: slack.origin },
    dialect,
    rewritesOrigin: true,
  });
  const response = await fetch(`${proxy.url}/api/apps.connections.open`, {
    method: "POST",
    headers: { authorization: `Bearer ${slack.credentials.appToken}` },
  });
  const { url } = opened.parse(await response.json());
  expect(new URL(url).host).toBe(new URL(proxy.url).host);
  docc = new WebSocket(url);
  docc.on("error", () => undefined);
  docc.on("message", (data: Buffer) => frames.push(data.toString()));
  await until("the greeting", () => frames.some((frame) => frame.includes('"hello"')));
});

afterEach(async () => {
  docc.terminate();
  await proxy.close();
  await slack.stop();
});

async function delivered(): Promise<z.infer<typeof envelope>> {
  await until("a delivery", () => frames.some((frame) => frame.includes("envelope_id")));
  return envelope.parse(JSON.parse(frames.at(-1) ?? ""));
}

describe("the fault proxy before Slack", () => {
  it("leads sockets and response URLs through itself, and sees acknowledgements", async () => {
    const typed = slack.as("developer").command("#deploys", "/docc help");
    const { envelope_id: id, payload } = await delivered();
    expect(new URL(payload.response_url).host).toBe(new URL(proxy.url).host);
    docc.send(JSON.stringify({ envelope_id: id }));
    expect((await typed).ack.ok).toBe(true);
    await fetch(payload.response_url, { method: "POST", body: '{"text":"hello"}' });
    expect(proxy.calls.map(({ kind }) => kind)).toEqual([
      "apps.connections.open",
      "GET link",
      "ack",
      "POST respond",
    ]);
    expect(slack.ephemerals("developer")).toHaveLength(1);
  });

  it("keeps an acknowledgement back", async () => {
    proxy.follow(() => ({ type: "hold" }));
    const typed = slack.as("developer").command("#deploys", "/docc help");
    const { envelope_id: id } = await delivered();
    docc.send(JSON.stringify({ envelope_id: id }));
    expect((await typed).ack).toMatchObject({ ok: false, error: "operation_timeout" });
  });

  it("says what Slack says when it is busy", async () => {
    proxy.follow(() => slackAnswer(429, "ratelimited", 7));
    const response = await fetch(`${proxy.url}/api/chat.update`, { method: "POST" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await response.json()).toEqual({ ok: false, error: "ratelimited" });
    expect(slack.calls("chat.update")).toHaveLength(0);
  });

  it("drops the socket when its proxy goes down", async () => {
    await proxy.down();
    await until("the socket is gone", () => docc.readyState === WebSocket.CLOSED);
    await until("Slack sees it, too", () => slack.connections() === 0);
  });
});
