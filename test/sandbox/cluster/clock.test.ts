import { describe, expect, it } from "vitest";
import { request, startCluster } from "./support.ts";

describe("the cluster's clock", () => {
  it("stands still while paused and moves exactly as far as it is stepped", async () => {
    await using cluster = await startCluster();
    cluster.clock.pause();
    const start = cluster.clock.now();
    await request(cluster, "GET", "/version");
    expect(cluster.clock.now()).toBe(start);
    await cluster.clock.step(12_345);
    expect(cluster.clock.now()).toBe(start + 12_345);
  });

  it("fires timers in order at their time, those set meanwhile included, and no cancelled one", async () => {
    await using cluster = await startCluster();
    const { clock } = cluster;
    clock.pause();
    const start = clock.now();
    const fired: string[] = [];
    const note = (name: string) => (): void => void fired.push(`${name}@${clock.now() - start}`);
    clock.after(300, note("c"));
    clock.after(100, () => {
      note("a")();
      clock.after(100, note("b"));
    });
    clock.after(150, note("never"))();
    clock.after(1_000, note("later"));
    await clock.step(500);
    expect(fired).toEqual(["a@100", "b@200", "c@300"]);
  });

  it("lets promises and loopback requests of one instant finish before the next", async () => {
    await using cluster = await startCluster();
    const { clock } = cluster;
    clock.pause();
    const start = clock.now();
    const seen: number[] = [];
    const ask = async (): Promise<void> => {
      await request(cluster, "GET", "/api/v1/namespaces");
      await request(cluster, "GET", "/api/v1/nodes");
      seen.push(clock.now() - start);
    };
    for (const at of [100, 200, 300]) clock.after(at, () => void ask());
    await clock.step(1_000);
    expect(seen).toEqual([100, 200, 300]);
  });

  it("takes delays longer than Node's timers do", async () => {
    await using cluster = await startCluster({ nodes: 1 });
    let fired = false;
    const cancel = cluster.clock.after(60 * 86_400_000, () => (fired = true));
    await request(cluster, "GET", "/version");
    expect(fired).toBe(false);
    cancel();
  });
});
