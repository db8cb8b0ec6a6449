import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { isAmbiguous } from "../../src/k8s/errors.ts";
import { configMaps, deployments, namespaces, pods, releases } from "../../src/k8s/kinds.ts";
import { createRecords } from "../../src/k8s/records.ts";
import { sendJson } from "../support/http-server.ts";
import { until } from "../support/until.ts";
import {
  connectTo,
  startTarget,
  statusBody,
  stepUntilSettled,
  stored,
  watchOutcome,
} from "./target.ts";

const ref = { namespace: "web", name: "a" };
const configMap = { metadata: { name: "a", namespace: "web" }, data: { key: "value" } };

const leaks: unknown[] = [];
const catchLeak = (error: unknown): void => void leaks.push(error);
process.on("uncaughtExceptionMonitor", catchLeak);
afterEach(() => expect(leaks).toEqual([]));

describe("requests", () => {
  it("send identity, media types and path, and read the object back", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, stored("a", "7", { data: { key: "value" } })),
    );
    await expect(target.api.create(configMaps, configMap)).resolves.toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "web", uid: "uid-a", resourceVersion: "7" },
      data: { key: "value" },
    });
    const [request] = target.server.requests;
    expect(request).toMatchObject({
      method: "POST",
      headers: {
        authorization: "Bearer test-token",
        "content-type": "application/json",
        "user-agent": "docc",
      },
    });
    expect(request?.url.pathname).toBe("/api/v1/namespaces/web/configmaps");
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
      fieldValidation: "Strict",
    });
    expect(JSON.parse(request?.body ?? "")).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      ...configMap,
    });
  });

  it("apply sends server-side apply with its manager, force and dry run", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, stored("a", "7")),
    );
    const object = { apiVersion: "v1", kind: "ConfigMap", ...configMap };
    await target.api.apply(object, { fieldManager: "docc", force: true, dryRun: true });
    const [request] = target.server.requests;
    expect(request?.method).toBe("PATCH");
    expect(request?.headers["content-type"]).toBe("application/apply-patch+yaml");
    expect(request?.url.pathname).toBe("/api/v1/namespaces/web/configmaps/a");
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
      fieldManager: "docc",
      fieldValidation: "Strict",
      force: "true",
      dryRun: "All",
    });
  });

  it("apply refuses a kind that docc does not know", async () => {
    await using target = await startTarget((_request, response) => sendJson(response, {}));
    const object = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" } };
    await expect(target.api.apply(object, { fieldManager: "docc" })).rejects.toThrow("kind Job");
    expect(target.server.requests).toHaveLength(0);
  });

  it("replace and patch reach the status subresource", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, stored("a", "8")),
    );
    const status = { phase: "planned" };
    const metadata = { ...ref, resourceVersion: "7" };
    await target.api.replace(releases, { metadata, status }, { subresource: "status" });
    await target.api.patch(releases, ref, { status }, { subresource: "status" });
    expect(
      target.server.requests.map(({ method, url, headers }) => [
        method,
        url.pathname.split("/").slice(-2).join("/"),
        headers["content-type"],
      ]),
    ).toEqual([
      ["PUT", "a/status", "application/json"],
      ["PATCH", "a/status", "application/merge-patch+json"],
    ]);
  });

  it("replace refuses an object that was never read", async () => {
    await using target = await startTarget((_request, response) => sendJson(response, {}));
    const metadata = { ...ref, resourceVersion: "" };
    await expect(target.api.replace(configMaps, { metadata })).rejects.toThrow("resource version");
    expect(target.server.requests).toHaveLength(0);
  });

  it("delete carries its preconditions", async () => {
    await using target = await startTarget((_request, response) => sendJson(response, {}));
    await target.api.delete(deployments, ref, { uid: "u", propagationPolicy: "Background" });
    expect(JSON.parse(target.server.requests[0]?.body ?? "")).toEqual({
      apiVersion: "v1",
      kind: "DeleteOptions",
      preconditions: { uid: "u" },
      propagationPolicy: "Background",
    });
  });

  it("find says undefined for an object that is not there, and throws for a kind that is not", async () => {
    await using target = await startTarget(({ url }, response) =>
      url.pathname.includes("releases")
        ? response.writeHead(404).end("404 page not found\n")
        : sendJson(response, statusBody(404, "NotFound", "no", { name: "a" }), 404),
    );
    await expect(target.api.find(configMaps, ref)).resolves.toBeUndefined();
    await expect(target.api.find(releases, ref)).rejects.toMatchObject({ kind: "not-served" });
  });

  it("a dry run that creates has the empty resource version", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, { metadata: { name: "a", uid: "u" } }, 201),
    );
    const created = await target.api.create(configMaps, configMap, { dryRun: true });
    expect(created.metadata.resourceVersion).toBe("");
  });
});

describe("deadlines and retries", () => {
  it("a server that never answers costs a read its whole patience, and no more", async () => {
    await using target = await startTarget(() => undefined);
    const began = target.clock.now();
    const call = target.api.get(configMaps, ref);
    await expect(stepUntilSettled(target.clock, call)).rejects.toMatchObject({
      kind: "timeout",
      reason: "timeout",
    });
    expect(target.clock.now() - began).toBeLessThanOrEqual(31_000);
    expect(target.server.requests.length).toBeGreaterThan(1);
    expect(target.clock.pending).toBe(0);
  });

  it("a write is asked once, and its timeout is ambiguous", async () => {
    await using target = await startTarget(() => undefined);
    const call = target.api.create(configMaps, configMap);
    const error: unknown = await stepUntilSettled(target.clock, call).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: "timeout", ambiguous: true });
    expect(String(error)).toContain("within 10 s: create configmaps in web");
    expect(target.server.requests).toHaveLength(1);
  });

  it("a write that was committed before the connection broke is asked once and ambiguous", async () => {
    const committed: string[] = [];
    await using target = await startTarget(({ body }, response) => {
      committed.push(body);
      response.destroy();
    });
    const error: unknown = await target.api.create(configMaps, configMap).catch((e: unknown) => e);
    expect(isAmbiguous(error)).toBe(true);
    expect(error).toMatchObject({ kind: "unavailable" });
    expect(committed).toHaveLength(1);
  });

  it("a write answered with 500 is asked once and ambiguous", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, statusBody(500, "InternalError", "etcd is away"), 500),
    );
    const error: unknown = await target.api.create(configMaps, configMap).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: "unavailable", ambiguous: true, message: "etcd is away" });
    expect(target.server.requests).toHaveLength(1);
  });

  it("a dry run is repeated like a read", async () => {
    let left = 1;
    await using target = await startTarget((_request, response) =>
      left-- > 0 ? response.destroy() : sendJson(response, stored("a", "1")),
    );
    const call = target.api.create(configMaps, configMap, { dryRun: true });
    await expect(stepUntilSettled(target.clock, call)).resolves.toBeDefined();
    expect(target.server.requests).toHaveLength(2);
  });

  it.each([
    ["500", (response: ServerResponse) => response.writeHead(500).end()],
    ["a reset", (response: ServerResponse) => response.destroy()],
    [
      "half an answer",
      (response: ServerResponse) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"metadata":', () => response.destroy());
      },
    ],
  ])("a read gets over %s", async (_what, fail) => {
    let left = 2;
    await using target = await startTarget((_request, response) => {
      if (left-- > 0) {
        fail(response);
      } else {
        sendJson(response, stored("a", "1"));
      }
    });
    const call = target.api.get(configMaps, ref);
    await expect(stepUntilSettled(target.clock, call)).resolves.toBeDefined();
    expect(target.server.requests).toHaveLength(3);
  });

  it("429 is waited out as asked, also for a write", async () => {
    let left = 1;
    await using target = await startTarget((_request, response) =>
      left-- > 0
        ? sendJson(response, statusBody(429, "TooManyRequests", "later"), 429, {
            "retry-after": "3",
          })
        : sendJson(response, stored("a", "1")),
    );
    const outcome = watchOutcome(target.api.create(configMaps, configMap));
    await until("the client waits", () => target.clock.nextDue === target.clock.now() + 3_100);
    target.clock.step(3_099);
    expect(target.server.requests).toHaveLength(1);
    target.clock.step(1);
    await until("the write is done", () => outcome.settled);
    expect(outcome.error).toBeUndefined();
  });

  it("a Retry-After date counts from now", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, {}, 503, {
        "retry-after": new Date(target.clock.now() + 60_000).toUTCString(),
      }),
    );
    await expect(target.api.get(configMaps, ref)).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(target.server.requests).toHaveLength(1);
  });

  it("a refused connection is tried again, for a write too, and is not ambiguous", async () => {
    const target = await startTarget(() => undefined);
    await target[Symbol.asyncDispose]();
    const clock = new SteppedClock();
    const connection = connectTo(target.server.url, clock);
    const began = clock.now();
    const call = createApi(connection).create(configMaps, configMap);
    const error: unknown = await stepUntilSettled(clock, call, 100).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: "unavailable", notSent: true, ambiguous: false });
    // Three pauses of half of 200, 400 and 800 ms.
    expect(clock.now() - began).toBeGreaterThanOrEqual(700);
    await connection.close();
  });

  it("a caller's abort ends the request with the caller's reason and leaves no timer", async () => {
    await using target = await startTarget(() => undefined);
    const abort = new AbortController();
    const outcome = watchOutcome(target.api.get(configMaps, ref, { signal: abort.signal }));
    await until("the request arrives", () => target.server.requests.length === 1);
    abort.abort(new Error("no longer wanted"));
    await until("the call ends", () => outcome.settled);
    expect(outcome.error).toEqual(new Error("no longer wanted"));
    expect(target.clock.pending).toBe(0);
  });

  it("a call's own deadline is shorter than the connection's", async () => {
    await using target = await startTarget(() => undefined);
    const began = target.clock.now();
    const call = target.api.create(configMaps, configMap, { timeoutMs: 2_000 });
    await expect(stepUntilSettled(target.clock, call, 100)).rejects.toThrow("within 2 s");
    expect(target.clock.now() - began).toBeLessThanOrEqual(2_100);
  });

  it("reads that hang leave writes their places", async () => {
    await using target = await startTarget(({ method }, response) => {
      if (method === "POST") {
        sendJson(response, stored("a", "1"));
      }
    });
    const reads = Array.from({ length: 40 }, async () =>
      target.api.listAll(pods).catch(() => "failed"),
    );
    await until("reads fill their lane", () => target.server.requests.length >= 12);
    await expect(target.api.create(configMaps, configMap)).resolves.toBeDefined();
    expect(target.server.requests.filter(({ method }) => method === "GET")).toHaveLength(12);
    await target.connection.close();
    await stepUntilSettled(target.clock, Promise.all(reads));
  });

  it("writes that hang leave the durable accept its places, as many as a second brings", async () => {
    const isRelease = (url: URL): boolean => url.pathname.includes("/releases");
    await using target = await startTarget(() => undefined);
    const writes = Array.from({ length: 10 }, async () =>
      target.api.create(configMaps, configMap).catch(() => "failed"),
    );
    await until("writes fill their lane", () => target.server.requests.length >= 4);
    const records = createRecords(target.api, "web");
    const spec = {
      environment: "production",
      kind: "deploy",
      source: { type: "stored" },
      words: {},
      requester: { provider: "slack", team: "T1", user: "U1" },
    } as const;
    const accepts = Array.from({ length: 60 }, async (_, at) =>
      records.createRelease(`shop-${at}`, spec).catch(() => "failed"),
    );
    const arrived = (): number => target.server.requests.filter(({ url }) => isRelease(url)).length;
    await until("all accepts are under way", () => arrived() === 60);
    expect(target.server.requests).toHaveLength(64);
    await target.connection.close();
    await stepUntilSettled(target.clock, Promise.all([...writes, ...accepts]));
  });
});

describe("answers", () => {
  it.each([
    ["a login page", (response: ServerResponse) => response.end("<html>")],
    ["an object without identity", (response: ServerResponse) => response.end("{}")],
    ["a list for an object", (response: ServerResponse) => response.end("[]")],
  ])("that are %s are refused as bad-answer", async (_what, answer) => {
    await using target = await startTarget((_request, response) => answer(response));
    const error: unknown = await target.api.create(configMaps, configMap).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: "bad-answer", ambiguous: true });
  });

  it("beyond 32 MiB are not read to the end", async () => {
    let written = 0;
    await using target = await startTarget((_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 0x20);
      const more = (): void => {
        written += 1;
        if (written <= 200 && !response.destroyed) {
          response.write(chunk, more);
        }
      };
      more();
    });
    const call = target.api.get(namespaces, { name: "web" });
    await expect(call).rejects.toMatchObject({ kind: "too-big" });
    expect(written).toBeLessThan(100);
  });

  it("never bring a body, a header or a secret of the request into an error", async () => {
    const secret = "hunter2-secret";
    await using target = await startTarget((_request, response) =>
      sendJson(
        response,
        {
          ...statusBody(422, "Invalid", `Invalid value: "${secret}": no; webhook saw ${secret}`, {
            causes: [{ field: "data.key", message: `Invalid value: "${secret}": no` }],
          }),
          leaked: secret,
        },
        422,
        { "x-secret": secret, warning: `299 - "${secret}"` },
      ),
    );
    const object = {
      metadata: { name: "s", namespace: "web" },
      spec: { template: { spec: { containers: [{ env: [{ name: "A", value: secret }] }] } } },
    };
    const error = await target.api.create(releases, object).catch((e: unknown) => e as Error);
    const everything = inspect(error, { depth: null, showHidden: true });
    expect(everything).toContain("data.key");
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain("test-token");
  });
});

describe("lists", () => {
  const page = (names: readonly string[], more = ""): object => ({
    metadata: { resourceVersion: "100", continue: more },
    items: names.map((name) => ({
      ...stored(name, "1"),
      metadata: { name, uid: name, resourceVersion: "1", managedFields: [{ manager: "x" }] },
    })),
  });

  it("follow the continue token, fill in the kind and leave managed fields out", async () => {
    await using target = await startTarget(({ url }, response) =>
      sendJson(response, url.searchParams.has("continue") ? page(["c"]) : page(["a", "b"], "next")),
    );
    const { items, resourceVersion } = await target.api.listAll(pods, {
      namespace: "web",
      labelSelector: "app=a,x in (b, c)",
    });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
    expect(items[0]).toMatchObject({ apiVersion: "v1", kind: "Pod" });
    expect(items[0]?.metadata).not.toHaveProperty("managedFields");
    expect(resourceVersion).toBe("100");
    expect(target.server.requests.map(({ url }) => Object.fromEntries(url.searchParams))).toEqual([
      { limit: "100", labelSelector: "app=a,x in (b, c)" },
      { limit: "100", labelSelector: "app=a,x in (b, c)", continue: "next" },
    ]);
  });

  it("keep managed fields when asked", async () => {
    await using target = await startTarget((_request, response) => sendJson(response, page(["a"])));
    const { items } = await target.api.listAll(pods, { keepManagedFields: true });
    expect(items[0]?.metadata.managedFields).toEqual([{ manager: "x" }]);
  });

  it("begin anew when their token expires on the way, without doubling anything", async () => {
    let expired = false;
    await using target = await startTarget(({ url }, response) => {
      if (!url.searchParams.has("continue")) {
        sendJson(response, page(expired ? ["b"] : ["a", "b"], "next"));
      } else if (expired) {
        sendJson(response, page(["c"]));
      } else {
        expired = true;
        sendJson(response, statusBody(410, "Expired", "too old"), 410);
      }
    });
    const { items } = await target.api.listAll(pods);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["b", "c"]);
  });

  it("give up when their token expires again and again", async () => {
    await using target = await startTarget(({ url }, response) =>
      url.searchParams.has("continue")
        ? sendJson(response, statusBody(410, "Expired", "too old"), 410)
        : sendJson(response, page(["a"], "next")),
    );
    await expect(target.api.listAll(pods)).rejects.toMatchObject({ kind: "gone" });
    expect(target.server.requests).toHaveLength(8);
  });

  it("ask for smaller pages when one is too big to read", async () => {
    const limits: number[] = [];
    await using target = await startTarget(({ url }, response) => {
      const limit = Number(url.searchParams.get("limit"));
      limits.push(limit);
      if (limit > 10) {
        response.end(Buffer.alloc(33 * 1024 * 1024, 0x20));
      } else {
        sendJson(response, page(["a"]));
      }
    });
    await expect(target.api.listAll(pods)).resolves.toMatchObject({ resourceVersion: "100" });
    expect(limits).toEqual([100, 25, 7]);
  });
});

describe("watches", () => {
  const line = (name: string): string =>
    `${JSON.stringify({ type: "ADDED", object: stored(name, "1") })}\n`;
  const watch = { resourceVersion: "1", timeoutSeconds: 300, idleMs: 90_000 };

  it("do not take a slow reader for a silent server", async () => {
    let answer: ServerResponse | undefined;
    await using target = await startTarget((_request, response) => {
      answer = response;
      response.write(line("a"));
    });
    const watching = target.api.watch(pods, watch);
    expect((await watching.next()).value).toMatchObject({ object: { metadata: { name: "a" } } });
    target.clock.step(100_000);
    answer?.write(line("b"));
    expect((await watching.next()).value).toMatchObject({ object: { metadata: { name: "b" } } });
    const next = watching.next();
    await until("its silence is timed anew", () => target.clock.pending === 1);
    target.clock.step(90_000);
    await expect(next).rejects.toThrow("within 90 s");
  });
});

describe("logs", () => {
  it("are asked for with all options, and cut at their limit between characters", async () => {
    await using target = await startTarget((_request, response) => response.end("abcé and more"));
    const text = await target.api.readLogs(ref, {
      container: "app",
      tailLines: 5,
      previous: true,
      sinceTime: "2026-01-01T00:00:00Z",
      timestamps: true,
      limitBytes: 4,
    });
    expect(text).toBe("abc");
    expect(Object.fromEntries(target.server.requests[0]?.url.searchParams ?? [])).toEqual({
      container: "app",
      tailLines: "5",
      previous: "true",
      sinceTime: "2026-01-01T00:00:00Z",
      timestamps: "true",
      limitBytes: "4",
    });
  });

  it("that are followed come line by line, whatever the chunks, to the end", async () => {
    await using target = await startTarget((_request, response) => {
      response.write("one\ntw");
      setImmediate(() => response.end("o\nthree"));
    });
    const lines: string[] = [];
    for await (const line of target.api.followLogs(ref)) {
      lines.push(line);
    }
    expect(lines).toEqual(["one", "two", "three"]);
  });

  it("that are followed end quietly when the caller aborts, at any point", async () => {
    await using target = await startTarget((_request, response) => void response.write("one\n"));
    for (const when of ["before", "on a line", "while waiting"]) {
      const abort = new AbortController();
      if (when === "before") {
        abort.abort();
      }
      const lines: string[] = [];
      for await (const line of target.api.followLogs(ref, { signal: abort.signal })) {
        lines.push(line);
        if (when === "on a line") {
          abort.abort();
        } else {
          setImmediate(() => abort.abort());
        }
      }
      expect(lines).toEqual(when === "before" ? [] : ["one"]);
    }
    expect(target.clock.pending).toBe(0);
  });

  it("that are followed throw when the connection breaks", async () => {
    await using target = await startTarget((_request, response) => void response.write("one\n"));
    const lines: string[] = [];
    const follow = async (): Promise<void> => {
      for await (const line of target.api.followLogs(ref)) {
        lines.push(line);
        target.server.cut();
      }
    };
    await expect(follow()).rejects.toMatchObject({ kind: "unavailable", ambiguous: false });
    expect(lines).toEqual(["one"]);
  });

  it("that are followed have no deadline once they are open", async () => {
    await using target = await startTarget((_request, response) => {
      response.write("one\n");
      void until("an hour has passed", () => target.clock.now() >= later).then(() =>
        response.end("two\n"),
      );
    });
    const later = target.clock.now() + 3_600_000;
    const lines: string[] = [];
    for await (const line of target.api.followLogs(ref)) {
      lines.push(line);
      if (line === "one") {
        setImmediate(() => target.clock.step(3_600_000));
      }
    }
    expect(lines).toEqual(["one", "two"]);
  });

  it("that nobody starts to send time out", async () => {
    await using target = await startTarget(() => undefined);
    const first = target.api.followLogs(ref).next();
    await expect(stepUntilSettled(target.clock, first)).rejects.toMatchObject({ kind: "timeout" });
  });
});

describe("health", () => {
  it("version is read", async () => {
    await using target = await startTarget((_request, response) =>
      sendJson(response, { gitVersion: "v1.35.4" }),
    );
    await expect(target.api.version()).resolves.toEqual({ gitVersion: "v1.35.4" });
  });

  it("ready asks once and says no for a server that is not", async () => {
    await using target = await startTarget((_request, response) => response.writeHead(500).end());
    await expect(target.api.ready()).resolves.toBe(false);
    expect(target.server.requests).toHaveLength(1);
  });
});
