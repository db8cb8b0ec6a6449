import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deployments } from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import { command, say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";
import type { Call } from "../support/proxy/calls.ts";
import { type Fate, pass, type Rule, statusAnswer } from "../support/proxy/fates.ts";
import type { FaultProxy } from "../support/proxy/fault-proxy.ts";

/**
 * What docc promises when its API server is in trouble (docs/faults.md). A fault proxy stands before the
 * embedded cluster; the tests look past it.
 */
describe("faults of the API server", { timeout: 120_000 }, () => {
  let stage: Stage;
  let kube: FaultProxy;
  let ended = 1;
  beforeAll(async () => {
    stage = await openStage({ ...embedded, hasProxies: true }, "socket");
    if (stage.proxies === undefined) throw new Error("the stage has proxies");
    ({ kube } = stage.proxies);
    await uploadManifest(stage, "1-application.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 120_000);
  afterEach(() => kube.follow(() => pass));
  afterAll(() => stage.close(), 60_000);

  const names = async (): Promise<readonly string[]> =>
    (await stage.releases()).map(({ metadata }) => metadata.name);
  /** Deploys to a good end, whatever the rule does on the way. */
  const deploys = async (words: string, rule: Rule): Promise<Release> => {
    kube.follow(rule);
    await command(stage, `/docc deploy kubecon-2017 ${words}`);
    ended += 1;
    const release = await stage.ended(ended);
    expect(say(release)).toBe("succeeded");
    return release;
  };

  it.each([
    ["the request", "POST releases"],
    ["a status", "PUT releases/status"],
    ["the head", "PUT applications/status"],
    ["an object", "PATCH deployments"],
    ["a note of the thread", "PATCH releases/status"],
  ])("read back and decide when the answer to %s is lost", async (_what, kind) => {
    const before = await names();
    let lost = 0;
    const rule = (call: Call): Fate => {
      if (call.kind !== kind || lost >= 1) return pass;
      lost += 1;
      return { type: "lose", how: "reset" };
    };
    const release = await deploys("tag=2016 scale=2", rule);
    expect(lost).toBe(1);
    expect(await names()).toHaveLength(before.length + 1);
    expect(release.status?.revision).toBeGreaterThan(1);
    await deploys("tag=2017 scale=3", () => pass);
  });

  it("look again on a conflict, and go on where only what nobody pinned has moved", async () => {
    const ref = { namespace: stage.apps, name: "kubecon-2017" };
    let rivals = 0;
    let conflicts = 0;
    const release = await deploys("tag=2016 scale=2", async ({ kind }) => {
      if (kind === "PUT releases/status" && conflicts < 2) {
        conflicts += 1;
        return statusAnswer(409, "Conflict");
      }
      if (kind === "PATCH deployments" && rivals < 3) {
        rivals += 1;
        const annotations = { "example.com/rival": String(rivals) };
        await stage.world.api.patch(deployments, ref, { metadata: { annotations } });
      }
      return pass;
    });
    expect({ rivals, conflicts }).toEqual({ rivals: 3, conflicts: 2 });
    const live = await stage.world.api.get(deployments, ref);
    expect(live.metadata.annotations?.["example.com/rival"]).toBe("3");
    expect(live.metadata.annotations?.["docc.dev/release"]).toBe(release.metadata.name);
  });

  it("never force what a rival changed meanwhile: the release ends, and says so", async () => {
    const ref = { namespace: stage.apps, name: "kubecon-2017" };
    let rivals = 0;
    kube.follow(async ({ kind, path }) => {
      if (kind !== "PATCH deployments" || path.includes("dryRun") || rivals > 0) return pass;
      rivals += 1;
      await stage.world.api.patch(deployments, ref, { spec: { minReadySeconds: 7 } });
      return pass;
    });
    await command(stage, "/docc deploy kubecon-2017 tag=2017 scale=3");
    ended += 1;
    expect(say(await stage.ended(ended))).toBe("failed: changed-outside");
    kube.follow(() => pass);
    const { spec } = await stage.world.api.get(deployments, ref);
    expect(spec).toMatchObject({ minReadySeconds: 7, replicas: 2 });
    // Its next plan lists what was changed, and takes it over.
    await deploys("tag=2016 scale=3", () => pass);
    expect((await stage.world.api.get(deployments, ref)).spec?.minReadySeconds).not.toBe(7);
  });

  it("list again when the history is gone, and miss nothing", async () => {
    let gone = 0;
    const rule = ({ isStream }: Call): Fate => {
      if (!isStream || gone >= 6) return pass;
      gone += 1;
      return statusAnswer(410, "Expired");
    };
    kube.follow(rule);
    for (const stream of kube.streams()) stream.reset();
    await deploys("tag=2017", rule);
    expect(gone).toBe(6);
  });

  it("wait as long as the API server asks, and go on", async () => {
    const limited = new Map<string, number>();
    const waits: number[] = [];
    await deploys("tag=2016", ({ kind, path, isStream }) => {
      const key = `${kind} ${path}`;
      const since = limited.get(key);
      if (since !== undefined) {
        if (since > 0) waits.push(performance.now() - since);
        limited.set(key, 0);
        return pass;
      }
      if (isStream) return pass;
      limited.set(key, performance.now());
      return statusAnswer(429, "TooManyRequests", 1);
    });
    expect(waits.length).toBeGreaterThan(5);
    // A timer may be a millisecond early.
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(998);
  });

  it("notice a watch that is silently dead, and take the verdict from a fresh look", async () => {
    const frozen = kube.streams().length;
    expect(frozen).toBeGreaterThan(0);
    for (const stream of kube.streams()) stream.freeze();
    const release = await deploys("tag=2017 scale=3", () => pass);
    expect(release.status?.verdict?.ready).toBe(3);
  });
});
