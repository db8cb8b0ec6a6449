import type { App } from "@slack/bolt";
import { webApi } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import type { FaultKind } from "../../../sandbox/slack/faults.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import { systemClock } from "../../../src/clock.ts";
import { startSocketApp } from "./bolt.ts";
import { call, respond, sent } from "./support.ts";

let slack: FakeSlack;

beforeEach(async () => {
  slack = await startFakeSlack({ clock: systemClock });
});

afterEach(async () => {
  await slack.stop();
});

const client = (timeout = 0): webApi.WebClient =>
  new webApi.WebClient(slack.credentials.botToken, {
    timeout,
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: webApi.LogLevel.ERROR,
  });

const post = async (timeout?: number): Promise<unknown> =>
  client(timeout).chat.postMessage({ channel: "CDEPLOYS", text: "a plan" });

const order = (kind: FaultKind, method = "chat.postMessage", times = 1): void =>
  slack.faults.add({ method, kind, times });

describe("an ordered fault of a method", () => {
  it("happens as often as it was ordered, then no more", async () => {
    order("status500", "chat.postMessage", 2);
    await expect(post()).rejects.toThrow(webApi.WebAPIHTTPError);
    await expect(post()).rejects.toThrow(webApi.WebAPIHTTPError);
    await post();
    expect(slack.messages("#deploys")).toHaveLength(1);
    expect(slack.calls().map(({ outcome }) => outcome)).toEqual([
      "fault:status500",
      "fault:status500",
      "ok",
    ]);
  });

  it("can be a rate limit with a time to wait", async () => {
    slack.faults.add({
      method: "chat.postMessage",
      kind: "ratelimited",
      times: 1,
      retryAfterSeconds: 30,
    });
    await expect(post()).rejects.toMatchObject({ retryAfter: 30 });
  });

  it("can be a refusal of blocks or any error code", async () => {
    order("invalid_blocks");
    order("error:internal_error");
    await expect(post()).rejects.toMatchObject({ data: { error: "invalid_blocks" } });
    await expect(post()).rejects.toMatchObject({ data: { error: "internal_error" } });
  });

  it("can be a connection that breaks before the work", async () => {
    order("reset");
    await expect(post()).rejects.toThrow(webApi.WebAPIRequestError);
    expect(slack.messages("#deploys")).toEqual([]);
  });

  it("can be a connection that breaks after the work, so that the caller cannot know", async () => {
    order("accept-then-reset");
    await expect(post()).rejects.toThrow(webApi.WebAPIRequestError);
    expect(slack.messages("#deploys")).toHaveLength(1);
  });

  it("can be silence, which the client ends by its own deadline", async () => {
    order("timeout");
    await expect(post(200)).rejects.toThrow(webApi.WebAPIRequestError);
    expect(slack.messages("#deploys")).toEqual([]);
  });

  it("leaves other methods alone", async () => {
    order("status500", "chat.update");
    await post();
    expect(slack.faults.pending).toHaveLength(1);
    slack.faults.clear();
    expect(slack.faults.pending).toEqual([]);
  });
});

describe("an ordered fault elsewhere", () => {
  it("breaks downloads", async () => {
    const message = await slack.as("developer").uploadToChannel("#random", {
      name: "4-tls.json",
      content: "{}",
    });
    const { body } = await call(slack, "files.info", { file: message.files[0] });
    const url = String((body["file"] as Record<string, unknown>)["url_private_download"]);
    const headers = { authorization: `Bearer ${slack.credentials.botToken}` };
    order("status500", "download");
    order("reset", "download");
    expect((await fetch(url, { headers })).status).toBe(500);
    await expect(fetch(url, { headers })).rejects.toThrow("fetch failed");
    expect(await (await fetch(url, { headers })).text()).toBe("{}");
  });

  it("breaks a response_url before or after the answer was shown", async () => {
    await slack.as("developer").command("#deploys", "/docc status");
    const url = sent(slack, "response_url");
    order("status500", "response_url");
    order("accept-then-reset", "response_url");
    expect((await respond(url, { text: "one" }))[0]).toBe(500);
    await expect(respond(url, { text: "two" })).rejects.toThrow("fetch failed");
    const texts = slack.ephemerals("developer").map(({ text }) => text);
    expect(texts).toEqual(['/docc failed with the error "dispatch_failed"', "two"]);
  });

  it("refuses Socket Mode connections until they are let in", async () => {
    order("status500", "socket", 2);
    const hear = (app: App): void => app.command("/docc", async ({ ack }) => ack());
    const running = await startSocketApp(slack, hear, 20);
    expect(slack.calls("apps.connections.open")).toHaveLength(3);
    await running.stop();
  });

  it("delivers a payload twice", async () => {
    const heard: string[] = [];
    const running = await startSocketApp(slack, (app) =>
      app.command("/docc", async ({ ack, command }) => {
        heard.push(command.trigger_id);
        await ack();
      }),
    );
    order("duplicate", "delivery");
    await slack.as("developer").command("#deploys", "/docc deploy");
    expect(heard).toHaveLength(2);
    expect(new Set(heard).size).toBe(1);
    await running.stop();
  });
});
