import * as k8s from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeObject } from "../../../sandbox/cluster/facade/json.ts";
import {
  type DisposableCluster,
  eventually,
  kubeConfigOf,
  request,
  startCluster,
} from "./support.ts";

interface Event {
  readonly type: string;
  readonly object: KubeObject & { readonly code?: number };
}

const maps = "/api/v1/namespaces/default/configmaps";

let cluster: DisposableCluster;

beforeEach(async () => {
  cluster = await startCluster();
});

afterEach(async () => cluster.stop());

/** Opens a watch and collects its events; `ended` settles when the server ends it. */
async function open(query: string): Promise<{ events: Event[]; ended: Promise<void> }> {
  const response = await fetch(`${cluster.server}${maps}?watch=true&${query}`);
  const events: Event[] = [];
  const read = async (): Promise<void> => {
    let rest = "";
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      const parts = (rest + Buffer.from(chunk).toString()).split("\n");
      rest = parts.pop() ?? "";
      events.push(...parts.map((part) => JSON.parse(part) as Event));
    }
  };
  return { events, ended: read() };
}

const create = async (name: string, labels = {}) =>
  request(cluster, "POST", maps, { metadata: { name, labels } });

const names = (events: readonly Event[]): string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`);

const revision = async (): Promise<string> =>
  (await request(cluster, "GET", maps)).body.metadata.resourceVersion ?? "";

describe("a watch", () => {
  it("starts with what exists when no resourceVersion is given, and goes on from one otherwise", async () => {
    await create("old");
    const from = await revision();
    const all = await open("");
    const later = await open(`resourceVersion=${from}`);
    await create("new");
    await request(cluster, "DELETE", `${maps}/old`);
    await eventually(
      "both heard",
      async () => all.events.length === 3 && later.events.length === 2,
    );
    expect(names(all.events)).toEqual(["ADDED old", "ADDED new", "DELETED old"]);
    expect(names(later.events)).toEqual(["ADDED new", "DELETED old"]);
    const versions = all.events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  });

  it("adds and deletes objects as they enter and leave its selection", async () => {
    await create("a");
    const { events } = await open(`resourceVersion=${await revision()}&labelSelector=on%3Dyes`);
    const label = async (value: string | null) =>
      request(
        cluster,
        "PATCH",
        `${maps}/a`,
        { metadata: { labels: { on: value } } },
        "application/merge-patch+json",
      );
    await label("yes");
    await request(
      cluster,
      "PATCH",
      `${maps}/a`,
      { data: { x: "y" } },
      "application/merge-patch+json",
    );
    await label("no");
    await eventually("three events", async () => events.length === 3);
    expect(names(events)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
  });

  it("sends a bookmark every minute to those who ask, and ends after timeoutSeconds of the cluster's time", async () => {
    cluster.clock.pause();
    const from = await revision();
    const asked = await open(`resourceVersion=${from}&allowWatchBookmarks=true&timeoutSeconds=90`);
    const silent = await open(`resourceVersion=${from}&timeoutSeconds=90`);
    await request(cluster, "POST", "/api/v1/namespaces/default/secrets", {
      metadata: { name: "elsewhere" },
    });
    await cluster.clock.step(60_000);
    expect(asked.events).toMatchObject([{ type: "BOOKMARK", object: { kind: "ConfigMap" } }]);
    expect(Number(asked.events[0]?.object.metadata.resourceVersion)).toBeGreaterThan(Number(from));
    await cluster.clock.step(31_000);
    await Promise.all([asked.ended, silent.ended]);
    expect(silent.events).toEqual([]);
  });

  it("marks the end of the initial events", async () => {
    await create("a");
    const { events } = await open(
      "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
    );
    await eventually("the mark", async () => events.length === 2);
    expect(events).toMatchObject([
      { type: "ADDED" },
      {
        type: "BOOKMARK",
        object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } },
      },
    ]);
  });

  it("is an ERROR event with 410 when history before it is gone", async () => {
    const from = await revision();
    await create("a");
    await create("b");
    await cluster.compact();
    const { events, ended } = await open(`resourceVersion=${from}`);
    await ended;
    expect(events).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
  });

  it("can be refused with HTTP 410", async () => {
    cluster.faults.add({ match: { path: /configmaps\?watch/ }, times: 1, kind: "status410" });
    const response = await fetch(`${cluster.server}${maps}?watch=true&resourceVersion=1`);
    expect(response.status).toBe(410);
    expect(await response.json()).toMatchObject({ kind: "Status", reason: "Expired" });
  });

  it("goes on for client-node's informer across dropped connections and compaction", async () => {
    const config = kubeConfigOf(cluster);
    const core = config.makeApiClient(k8s.CoreV1Api);
    const namespace = "default";
    const seen = new Set<string>();
    const informer = k8s.makeInformer(config, maps, async () =>
      core.listNamespacedConfigMap({ namespace }),
    );
    informer.on("add", (object) => void seen.add(object.metadata?.name ?? ""));
    informer.on("error", () => void informer.start());
    await informer.start();
    try {
      await create("one");
      await eventually("the first", async () => seen.has("one"));
      await create("two");
      await cluster.compact();
      cluster.dropWatches();
      await create("three");
      await eventually("all of them", async () => seen.has("two") && seen.has("three"));
    } finally {
      await informer.stop();
    }
  });
});
