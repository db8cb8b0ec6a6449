import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Handler, sendJson, startServer, type TestServer } from "../http-server.ts";
import { until } from "../until.ts";
import { kubernetes } from "./calls.ts";
import { type Fate, statusAnswer } from "./fates.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

const lines = ['{"type":"ADDED"}\n', '{"type":"MODIFIED"}\n'];

const upstreamHandler: Handler = ({ url, body }, response) => {
  if (url.searchParams.get("watch") === "true") {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(lines[0]);
    setTimeout(() => response.write(lines[1]), 20);
    return;
  }
  sendJson(response, { path: url.pathname, body });
};

const path = "/api/v1/namespaces/web/pods/web-1";
const watchPath = "/api/v1/namespaces/web/pods?watch=true";

let server: TestServer;
let proxy: FaultProxy;
/** What happened, in order. */
let story: string[];

beforeEach(async () => {
  story = [];
  server = await startServer((request, response) => {
    story.push("upstream");
    upstreamHandler(request, response);
  });
  proxy = await startFaultProxy({
    upstream: { url: server.url },
    dialect: kubernetes,
    after: ({ kind }, { status }) => void story.push(`after ${kind}: ${status}`),
  });
});

afterEach(async () => {
  await proxy.close();
  await server.close();
});

const always = (fate: Fate): void => proxy.follow(() => fate);
const ask = (to = path, init: RequestInit = {}): Promise<Response> => fetch(proxy.url + to, init);

describe("the fault proxy", () => {
  it("passes a request with its body, query and headers, and the answer back", async () => {
    const response = await ask(`${path}?fieldManager=docc`, {
      method: "PATCH",
      body: "a: 1",
      headers: { authorization: "Bearer t", "content-type": "application/apply-patch+yaml" },
    });
    expect(await response.json()).toEqual({ path, body: "a: 1" });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer t",
      "content-type": "application/apply-patch+yaml",
    });
    expect(server.requests[0]?.url.search).toBe("?fieldManager=docc");
    expect(proxy.calls).toMatchObject([{ number: 1, kind: "PATCH pods", body: "a: 1" }]);
  });

  it("keeps connections to the upstream alive", async () => {
    for (let count = 0; count < 5; count += 1) await (await ask()).text();
    expect(server.connections()).toBe(1);
  });

  it("lets a rule act before the call, and tells of the whole answer before docc has it", async () => {
    proxy.follow(async ({ kind }) => {
      story.push(`before ${kind}`);
      await Promise.resolve();
      return { type: "pass" };
    });
    await ask();
    expect(story).toEqual(["before GET pods", "upstream", "after GET pods: 200"]);
  });

  it("holds a call for ever without passing it on", async () => {
    always({ type: "hold" });
    const asked = ask(path, { signal: AbortSignal.timeout(100) });
    await expect(asked).rejects.toThrow(/timeout/);
    expect(server.requests).toHaveLength(0);
  });

  it("delays a call", async () => {
    always({ type: "delay", ms: 80 });
    const started = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(70);
  });

  it("resets a connection before anything is passed on", async () => {
    always({ type: "refuse" });
    await expect(ask()).rejects.toThrow();
    expect(server.requests).toHaveLength(0);
  });

  it("answers itself as the API server would", async () => {
    always(statusAnswer(429, "TooManyRequests", 3));
    const response = await ask();
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("3");
    expect(await response.json()).toMatchObject({ kind: "Status", reason: "TooManyRequests" });
    always(statusAnswer(410, "Expired"));
    expect(await (await ask()).json()).toMatchObject({ code: 410, reason: "Expired" });
    expect(server.requests).toHaveLength(0);
  });

  it("lets a write be done and loses its answer, by a reset or by silence", async () => {
    always({ type: "lose", how: "reset" });
    await expect(ask(path, { method: "PUT", body: "{}" })).rejects.toThrow();
    expect(server.requests).toHaveLength(1);
    always({ type: "lose", how: "freeze" });
    const silent = ask(path, { method: "PUT", body: "{}", signal: AbortSignal.timeout(150) });
    await expect(silent).rejects.toThrow(/timeout/);
    expect(story.filter((each) => each.startsWith("after"))).toHaveLength(2);
  });

  it("breaks an answer off in the middle", async () => {
    always({ type: "break", how: "reset", afterBytes: 4 });
    await expect(ask().then((response) => response.text())).rejects.toThrow();
    always({ type: "break", how: "end", afterBytes: 4 });
    expect(await (await ask()).text()).toHaveLength(4);
  });

  it("is down for a while, and up again at the same address", async () => {
    await (await ask()).text();
    await proxy.down();
    await expect(ask()).rejects.toThrow();
    await proxy.up();
    expect((await ask()).status).toBe(200);
  });
});

describe("a stream through the fault proxy", () => {
  /** What has arrived so far, and how it ended. */
  const watch = async (): Promise<{ text: string; end?: "proper" | "broken" }> => {
    const response = await ask(watchPath);
    const seen: { text: string; end?: "proper" | "broken" } = { text: "" };
    const read = async (): Promise<void> => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk as Buffer);
    };
    read().then(
      () => (seen.end = "proper"),
      () => (seen.end = "broken"),
    );
    return seen;
  };

  it("comes line by line, unbuffered", async () => {
    const seen = await watch();
    await until("the first line alone", () => seen.text === lines[0]);
    await until("both lines", () => seen.text === lines.join(""));
    expect(proxy.streams().map(({ call }) => call.kind)).toEqual(["WATCH pods"]);
    expect(seen.end).toBeUndefined();
  });

  it("is cut after so many bytes", async () => {
    always({ type: "break", how: "reset", afterBytes: 20 });
    const seen = await watch();
    await until("it is cut", () => seen.end === "broken");
    expect(seen.text.length).toBeLessThanOrEqual(20);
  });

  it("freezes and stays open", async () => {
    always({ type: "break", how: "freeze", afterBytes: lines[0]?.length ?? 0 });
    const seen = await watch();
    await until("the first line", () => seen.text === lines[0]);
    expect((await ask(path)).status).toBe(200);
    expect(seen).toEqual({ text: lines[0] });
  });

  it("is frozen, ended or reset by hand", async () => {
    const [ended, broken] = [await watch(), await watch()];
    await until("both are open", () => proxy.streams().length === 2);
    const [first, second] = proxy.streams();
    first?.end();
    second?.freeze();
    await until("one has ended", () => ended.end === "proper");
    second?.reset();
    await until("one is broken", () => broken.end === "broken");
    await until("none is left", () => proxy.streams().length === 0);
  });

  it("is given up at the upstream when docc goes away", async () => {
    const going = new AbortController();
    await ask(watchPath, { signal: going.signal });
    await until("it is open", () => proxy.streams().length === 1);
    going.abort();
    await until("it is gone", () => proxy.streams().length === 0);
  });
});
