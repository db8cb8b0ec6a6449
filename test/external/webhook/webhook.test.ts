import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createWebhook, type WebhookOptions } from "../../../src/external/webhook/webhook.ts";
import { readSecret } from "../../../src/external/webhook/signature.ts";
import type { Notice } from "../../../src/release/notices.ts";
import { type Handler, startServer } from "../../support/http-server.ts";
import { verifies } from "./standard-webhooks.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const next = "whsec_plJ3nmyCDGBKInavdOK15jsl+g5Z3N5q";
const now = Date.UTC(2017, 11, 6, 9, 0, 0, 999);
const notice: Notice = {
  key: "2017-12-06T09:00:00.000Z/failed",
  id: "uid-failed-1512550800000",
  at: "2017-12-06T09:00:00.000Z",
  data: {
    release: "kubecon-2017-0123456789ab",
    app: "kubecon-2017",
    environment: "production",
    kind: "deploy",
    phase: "failed",
    by: "docc",
    requester: { provider: "slack", team: "T0", user: "U0" },
    times: { requested: "2017-12-06T08:59:00Z", at: "2017-12-06T09:00:00.000Z" },
  },
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

function open(url: string, options: Partial<WebhookOptions> = {}) {
  const keys = [secret].map(readSecret).filter((key) => key !== undefined);
  const webhook = createWebhook({
    name: "paging",
    url,
    events: undefined,
    environments: undefined,
    giveUpMs: 60_000,
    keys,
    home: "docc",
    clock: systemClock,
    timeoutMs: 300,
    ...options,
  });
  closing.push(() => webhook.close());
  return webhook;
}

async function receiver(handler: Handler) {
  const server = await startServer(handler);
  closing.push(() => server.close());
  return server;
}

const stay = new AbortController().signal;
const deliver = (webhook: ReturnType<typeof open>, signal = stay) =>
  webhook.deliver(notice, { now, signal });

describe("a delivery", () => {
  it("is a CloudEvent in structured mode, signed", async () => {
    const server = await receiver((_request, response) => response.writeHead(202).end());
    expect(await deliver(open(`${server.url}/docc?from=docc`))).toEqual({ state: "delivered" });
    const [{ method, url, headers, body } = { headers: {}, body: "" }] = server.requests;
    expect([method, url?.pathname, url?.search]).toEqual(["POST", "/docc", "?from=docc"]);
    expect(headers).toMatchObject({
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": notice.id,
      "webhook-timestamp": "1512550800",
    });
    expect(verifies(secret, headers, body)).toBe(true);
    expect(JSON.parse(body)).toEqual({
      specversion: "1.0",
      id: notice.id,
      source: "/apis/docc.dev/v1alpha1/namespaces/docc/releases/kubecon-2017-0123456789ab",
      type: "dev.docc.release.failed",
      subject: "production/kubecon-2017",
      time: notice.at,
      datacontenttype: "application/json",
      data: notice.data,
    });
  });

  it("is signed by both secrets while one is replaced", async () => {
    const server = await receiver((_request, response) => response.end());
    const keys = [next, secret].map(readSecret).filter((key) => key !== undefined);
    await deliver(open(server.url, { keys }));
    const [{ headers, body } = { headers: {}, body: "" }] = server.requests;
    expect(verifies(secret, headers, body)).toBe(true);
    expect(verifies(next, headers, body)).toBe(true);
  });

  it.each([200, 201, 202, 204, 299])("has arrived with HTTP %d", async (status) => {
    const server = await receiver((_request, response) => response.writeHead(status).end());
    expect(await deliver(open(server.url))).toEqual({ state: "delivered" });
  });

  it.each([400, 401, 404, 409, 500, 502])("has failed with HTTP %d", async (status) => {
    const server = await receiver((_request, response) => response.writeHead(status).end("no"));
    expect(await deliver(open(server.url))).toEqual({ state: "failed", why: `HTTP ${status}` });
  });

  it.each([
    [429, "120", 120_000],
    [503, new Date(now + 60_000).toUTCString(), 59_001],
    [503, "soon", undefined],
    [500, "120", undefined],
  ])("honours HTTP %d with Retry-After: %s", async (status, header, retryAfterMs) => {
    const server = await receiver((_request, response) =>
      response.writeHead(status, { "retry-after": header }).end(),
    );
    const outcome = await deliver(open(server.url));
    expect(outcome).toEqual({
      state: "failed",
      why: `HTTP ${status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  });

  it("is wanted no more with HTTP 410", async () => {
    const server = await receiver((_request, response) => response.writeHead(410).end());
    expect(await deliver(open(server.url))).toEqual({ state: "gone" });
  });

  it.each([301, 302, 303, 307, 308])("follows no redirect, HTTP %d", async (status) => {
    const elsewhere = await receiver((_request, response) => response.end());
    const server = await receiver((_request, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/private` }).end(),
    );
    expect(await deliver(open(server.url))).toEqual({ state: "failed", why: `HTTP ${status}` });
    expect(elsewhere.requests).toEqual([]);
  });

  it("fails when there is no answer in time", async () => {
    const server = await receiver(() => undefined);
    expect(await deliver(open(server.url))).toEqual({ state: "failed", why: "no answer in time" });
  });

  it("fails when the connection breaks after the event was read", async () => {
    const server = await receiver((_request, response) => response.destroy());
    expect(await deliver(open(server.url))).toEqual({ state: "failed", why: "UND_ERR_SOCKET" });
    expect(server.requests).toHaveLength(1);
  });

  it("fails when nobody listens, without a word about where", async () => {
    const server = await startServer(() => undefined);
    await server.close();
    expect(await deliver(open(server.url))).toEqual({ state: "failed", why: "ECONNREFUSED" });
  });

  it("takes no notice of an answer that never ends", async () => {
    let written = 0;
    const server = await receiver((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(64 * 1_024))) written += 64 * 1_024;
        response.once("drain", more);
      };
      more();
    });
    const webhook = open(server.url, { timeoutMs: 10_000 });
    const started = performance.now();
    expect(await deliver(webhook)).toEqual({ state: "delivered" });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await deliver(webhook)).toEqual({ state: "delivered" });
    expect(written).toBeLessThan(32 * 1_024 * 1_024);
  });

  it("fails on headers beyond measure", async () => {
    const server = await receiver((_request, response) =>
      response.writeHead(200, { "x-much": "x".repeat(15_000), "x-more": "x".repeat(15_000) }).end(),
    );
    expect(await deliver(open(server.url))).toMatchObject({ state: "failed" });
  });

  it("ends at once when docc stops", async () => {
    const server = await receiver(() => stopping.abort());
    const stopping = new AbortController();
    const outcome = await deliver(open(server.url, { timeoutMs: 60_000 }), stopping.signal);
    expect(outcome).toMatchObject({ state: "failed" });
  });

  it("opens four connections at most", async () => {
    const waiting: (() => void)[] = [];
    const server = await receiver((_request, response) => {
      waiting.push(() => response.end());
      if (waiting.length >= 4) for (const answer of waiting.splice(0)) answer();
    });
    const webhook = open(server.url, { timeoutMs: 5_000 });
    const all = Array.from({ length: 20 }, () => deliver(webhook));
    expect(new Set((await Promise.all(all)).map(({ state }) => state))).toEqual(
      new Set(["delivered"]),
    );
    expect(server.connections()).toBeLessThanOrEqual(4);
  });
});

describe("what a webhook wants", () => {
  it("is the events and environments that docc.yaml names", () => {
    const webhook = open("http://127.0.0.1:1", {
      events: ["failed"],
      environments: ["production"],
    });
    expect(webhook.wants(notice.data)).toBe(true);
    expect(webhook.wants({ ...notice.data, phase: "succeeded" })).toBe(false);
    expect(webhook.wants({ ...notice.data, environment: "staging" })).toBe(false);
    expect(open("http://127.0.0.1:1").wants({ ...notice.data, environment: "staging" })).toBe(true);
  });
});
