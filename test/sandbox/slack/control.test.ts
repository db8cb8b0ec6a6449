import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import { systemClock } from "../../../src/clock.ts";
import type { RunningApp } from "./bolt.ts";
import { startSocketApp } from "./bolt.ts";
import { button, modal } from "./support.ts";

let slack: FakeSlack;
let running: RunningApp;

beforeEach(async () => {
  slack = await startFakeSlack({ clock: systemClock });
  running = await startSocketApp(slack, (app) => {
    app.command("/docc", async ({ ack, client, command }) => {
      await client.chat.postMessage({
        channel: command.channel_id,
        text: "a plan",
        blocks: [button("approve")] as never,
      });
      await ack(`planning ${command.text}`);
    });
    app.action("approve", async ({ ack, body, client }) => {
      const trigger_id = "trigger_id" in body ? body.trigger_id : "";
      await client.views.open({ trigger_id, view: form as never });
      await ack();
    });
    app.view("reason", async ({ ack }) => ack());
  });
});

afterEach(async () => {
  await running.stop();
  await slack.stop();
});

const form = modal({
  callback_id: "reason",
  submit: { type: "plain_text", text: "Send" },
  blocks: [
    {
      type: "input",
      block_id: "file",
      label: { type: "plain_text", text: "Manifest" },
      element: { type: "file_input", action_id: "file" },
    },
  ],
});

const get = async (path: string): Promise<unknown> =>
  (await fetch(`${slack.origin}/control/${path}`)).json();

const act = async (path: string, body: object): Promise<unknown> => {
  const url = `${slack.origin}/control/${path}`;
  return (await fetch(url, { method: "POST", body: JSON.stringify(body) })).json();
};

describe("the control API", () => {
  it("lets another process act as people and read what they see", async () => {
    const command = { channel: "#deploys", text: "/docc deploy kubecon-2017" };
    expect(await act("as/developer/command", command)).toMatchObject({
      ack: { ok: true },
      shown: { ephemeral: { text: "planning deploy kubecon-2017" } },
    });
    const messages = (await get("messages?channel=%23deploys")) as { ts: string }[];
    expect(messages).toMatchObject([{ text: "a plan", rendered: "[approve]" }]);
    const ts = messages[0]?.ts;

    const click = { channel: "#deploys", ts, action: "approve" };
    expect(await act("as/approver/click", click)).toMatchObject({ ack: { ok: true } });
    const views = (await get("views?user=approver")) as { id: string }[];
    expect(views).toMatchObject([{ callbackId: "reason" }]);

    const files = { file: [{ name: "a.json", content: "{}" }] };
    const view = views[0]?.id;
    expect(await act("as/approver/submit", { view, files })).toMatchObject({ errors: {} });
    expect(await get("views?user=approver")).toEqual([]);
    expect(await get("calls?method=views.open")).toMatchObject([{ outcome: "ok" }]);
    expect(await get("deliveries")).toMatchObject([{}, {}, { type: "interactive" }]);
  });

  it("tells every change as it happens", async () => {
    const response = await fetch(`${slack.origin}/control/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await act("as/developer/say", { channel: "#random", text: "hello" });
    const { value = "" } = (await reader?.read()) ?? {};
    expect(JSON.parse(value.replace("data: ", ""))).toMatchObject({ type: "message" });
    await reader?.cancel();
  });

  it("orders faults and disconnections", async () => {
    const fault = { method: "chat.postMessage", kind: "status500", times: 2 };
    expect(await act("faults", fault)).toEqual({ pending: [fault] });
    expect(await act("disconnect", { reason: "cut" })).toEqual({});
    await slack.waitFor(() => slack.connections() === 0);
  });

  it("says what is wrong with a request", async () => {
    expect(await act("as/nobody/command", {})).toEqual({ error: "no such person: nobody" });
    expect(await act("as/developer/dance", {})).toEqual({ error: "no such gesture: dance" });
    expect(await act("as/developer/command", { channel: "#deploys" })).toEqual({
      error: "text is missing",
    });
    expect(await act("faults", { method: "chat.update", kind: "fire" })).toEqual({
      error: "no such fault: fire",
    });
    expect(await get("nothing")).toEqual({ error: "nothing to read at nothing" });
  });

  it("answers nobody who came by another name than loopback", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const headers = { host: "evil.example.com" };
      request(`${slack.origin}/control/workspace`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });
});
