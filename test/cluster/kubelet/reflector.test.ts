import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { afterEach, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { connect, type KubernetesObject } from "../api-client.ts";
import { portOf } from "../ports.ts";
import { reflect } from "./reflector.ts";

const object = (name: string, resourceVersion: string): KubernetesObject => ({
  metadata: { name, uid: name, resourceVersion },
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Answer = (query: URLSearchParams, response: ServerResponse) => void;

/** A server that gives its answers one after the other; the last one repeats. */
async function serve(answers: readonly Answer[]): Promise<{ url: string; queries: string[] }> {
  const queries: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://test");
    const answer = answers[Math.min(queries.length, answers.length - 1)];
    queries.push(decodeURIComponent(url.search.slice(1)));
    answer?.(url.searchParams, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, queries };
}

const list =
  (items: KubernetesObject[], resourceVersion: string, more = ""): Answer =>
  (_, response) =>
    void response.end(JSON.stringify({ metadata: { resourceVersion, continue: more }, items }));

const watch =
  (...events: object[]): Answer =>
  (_, response) =>
    void response.end(events.map((event) => `${JSON.stringify(event)}\n`).join(""));

const hang: Answer = (_, response) => response.flushHeaders();

/** Runs a reflector until it has made `calls` calls; returns what it told its handler. */
async function story(answers: readonly Answer[]): Promise<{ told: string[]; queries: string[] }> {
  const { url, queries } = await serve([...answers, hang]);
  const told: string[] = [];
  const stop = new AbortController();
  const api = connect(url, "", "token");
  const done = reflect({
    api,
    clock: systemClock,
    collection: "/api/v1/pods",
    handler: {
      set: ({ metadata }) => told.push(`set ${metadata.name}@${metadata.resourceVersion}`),
      delete: ({ metadata }) => told.push(`delete ${metadata.name}`),
    },
    signal: stop.signal,
  });
  await expect.poll(() => queries.length, { timeout: 5_000 }).toBe(answers.length + 1);
  stop.abort();
  await done;
  await api.close();
  return { told, queries };
}

it("reads every page, then watches from the list's version", async () => {
  const { told, queries } = await story([
    list([object("a", "1")], "9", "next"),
    list([object("b", "2")], "9"),
    watch(
      { type: "MODIFIED", object: object("a", "10") },
      { type: "DELETED", object: object("b", "11") },
    ),
  ]);
  expect(told).toEqual(["set a@1", "set b@2", "set a@10", "delete b"]);
  expect(queries[1]).toContain("continue=next");
  expect(queries[2]).toContain("resourceVersion=9");
  expect(queries[3]).toContain("resourceVersion=11");
});

it("goes on from a bookmark", async () => {
  const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "50" } } };
  const { told, queries } = await story([list([], "9"), watch(bookmark)]);
  expect(told).toEqual([]);
  expect(queries[2]).toContain("resourceVersion=50");
});

it("lists anew after 410 and tells of what went in between", async () => {
  const gone = { type: "ERROR", object: { code: 410, message: "too old resource version" } };
  const { told } = await story([
    list([object("a", "1"), object("b", "2")], "9"),
    watch(gone),
    list([object("b", "2")], "20"),
  ]);
  expect(told).toEqual(["set a@1", "set b@2", "set b@2", "delete a"]);
});

it("tries again after a failed call and a broken connection", async () => {
  const refuse: Answer = (_, response) => void response.writeHead(500).end("{}");
  const reset: Answer = (_, response) => void response.socket?.destroy();
  const { told } = await story([refuse, reset, list([object("a", "1")], "9")]);
  expect(told).toEqual(["set a@1"]);
});
