import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DisposableCluster, request, startCluster } from "./support.ts";

const maps = "/api/v1/namespaces/default/configmaps";

let cluster: DisposableCluster;

beforeEach(async () => {
  cluster = await startCluster();
});

afterEach(async () => cluster.stop());

const exists = async (name: string) =>
  (await request(cluster, "GET", `${maps}/${name}`)).status === 200;

describe("a fault", () => {
  it("answers 500 and 429 as often as it was told, to the requests it matches", async () => {
    cluster.faults.add({
      match: { method: "GET", path: /configmaps$/ },
      times: 2,
      kind: "status500",
    });
    cluster.faults.add({ match: { path: /secrets/ }, times: 1, kind: "status429" });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await request(cluster, "GET", maps)).status);
    expect(statuses).toEqual([500, 500, 200]);
    const busy = await fetch(`${cluster.server}/api/v1/secrets`);
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await busy.json()).toMatchObject({
      reason: "TooManyRequests",
      details: { retryAfterSeconds: 1 },
    });
  });

  it("resets the connection before or after the effect", async () => {
    const create = async (name: string) => request(cluster, "POST", maps, { metadata: { name } });
    cluster.faults.add({ match: { method: "POST", path: /configmaps/ }, times: 1, kind: "reset" });
    await expect(create("never")).rejects.toThrow("fetch failed");
    expect(await exists("never")).toBe(false);
    cluster.faults.add({
      match: { method: "POST", path: /configmaps/ },
      times: 1,
      kind: "commit-then-reset",
    });
    await expect(create("done")).rejects.toThrow("fetch failed");
    expect(await exists("done")).toBe(true);
  });

  it("lets a request hang until the client gives up", async () => {
    cluster.faults.add({ match: { path: /configmaps/ }, times: 1, kind: "hang" });
    const waiting = fetch(cluster.server + maps, { signal: AbortSignal.timeout(100) });
    await expect(waiting).rejects.toThrow("timeout");
    expect((await request(cluster, "GET", maps)).status).toBe(200);
  });

  it("delays a request by the cluster's time", async () => {
    cluster.clock.pause();
    cluster.faults.add({ match: { path: /configmaps/ }, times: 1, kind: "delay", ms: 5_000 });
    let answered = false;
    const waiting = request(cluster, "GET", maps).then(() => (answered = true));
    await cluster.clock.step(4_000);
    expect(answered).toBe(false);
    await cluster.clock.step(2_000);
    await waiting;
  });
});
