import { describe, expect, it } from "vitest";
import { at, type Json, listAt, stringAt } from "../../../sandbox/cluster/facade/json.ts";
import {
  configuration,
  fullDeployment,
  image,
  pinned,
  pinnedTag,
} from "../../cluster/support/objects.ts";
import { request, startCluster } from "./support.ts";

const apps = "/apis/apps/v1/namespaces/default";
const core = "/api/v1/namespaces/default";

/** A paused cluster whose clock moves a second at a time. */
async function steppedCluster() {
  const cluster = await startCluster({ nodes: 3 });
  cluster.clock.pause();
  const pods = async () => (await request(cluster, "GET", `${core}/pods`)).body.items ?? [];
  return {
    cluster,
    pods,
    configure: async () => {
      for (const object of configuration)
        await request(cluster, "POST", `${core}/${object.kind.toLowerCase()}s`, object);
    },
    apply: async (object: object) => {
      const path = `${apps}/deployments/web?fieldManager=docc`;
      const answer = await request(cluster, "PATCH", path, object, "application/apply-patch+yaml");
      expect([200, 201]).toContain(answer.status);
    },
    count: async (field: "readyReplicas" | "availableReplicas" | "updatedReplicas") => {
      const { body } = await request(cluster, "GET", `${apps}/deployments/web`);
      return at(body, "status", field) ?? 0;
    },
    state: async (): Promise<Json | undefined> =>
      at(listAt((await pods())[0], "status", "containerStatuses")[0], "state"),
    warnings: async () => {
      const { body } = await request(cluster, "GET", `${core}/events`);
      const warnings = (body.items ?? []).filter((event) => event["type"] === "Warning");
      return [...new Set(warnings.map((event) => stringAt(event, "message")))];
    },
    /** How many simulated seconds pass until it holds. */
    seconds: async (what: string, holds: () => Promise<boolean>): Promise<number> => {
      for (let passed = 0; passed < 60; passed++) {
        if (await holds()) return passed;
        await cluster.clock.step(1_000);
      }
      throw new Error(`not within a minute: ${what}`);
    },
    [Symbol.asyncDispose]: async () => cluster.stop(),
  };
}

const only = (probes: object): object => ({
  startupProbe: undefined,
  readinessProbe: undefined,
  livenessProbe: undefined,
  ...probes,
});

describe("a Deployment with every field docc sets", () => {
  it.each([
    ["its tag", image("2017")],
    ["its digest", pinned("2017")],
    ["its tag and digest", pinnedTag("2017")],
  ])("rolls out by %s, available minReadySeconds after it is ready", async (_, reference) => {
    await using rig = await steppedCluster();
    await rig.configure();
    await rig.apply(fullDeployment({ replicas: 2, image: reference }));
    await rig.seconds("ready", async () => (await rig.count("readyReplicas")) === 2);
    expect(await rig.count("availableReplicas")).toBe(0);
    const held = await rig.seconds(
      "available",
      async () => (await rig.count("availableReplicas")) === 2,
    );
    expect(held).toBeGreaterThanOrEqual(4);
    expect(held).toBeLessThanOrEqual(6);
  });

  it("replaces its pods, each of which stays for its preStop pause", async () => {
    await using rig = await steppedCluster();
    await rig.configure();
    await rig.apply(fullDeployment({ replicas: 1, image: image("2016") }));
    await rig.seconds("available", async () => (await rig.count("availableReplicas")) === 1);
    await rig.apply(fullDeployment({ replicas: 1, image: image("2017") }));
    const leaving = async () =>
      (await rig.pods()).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    await rig.seconds("the old pod leaves", async () => (await leaving()).length === 1);
    expect(await rig.count("availableReplicas")).toBe(1);
    const pause = await rig.seconds("it is gone", async () => (await leaving()).length === 0);
    expect(pause).toBeGreaterThanOrEqual(9);
    expect(pause).toBeLessThanOrEqual(12);
  });

  it("waits for the Secret and the ConfigMap of its environment", async () => {
    await using rig = await steppedCluster();
    await rig.apply(fullDeployment({ replicas: 1 }));
    await rig.cluster.clock.step(3_000);
    expect(await rig.state()).toEqual({
      waiting: { reason: "CreateContainerConfigError", message: 'secret "db" not found' },
    });
    await rig.configure();
    await rig.seconds("available", async () => (await rig.count("availableReplicas")) === 1);
  });
});

describe("a probe", () => {
  const own = { command: ["/app/healthy"] };

  it.each([
    ["by HTTP", { httpGet: { path: "/healthz", port: 8080 } }],
    ["by HTTPS", { httpGet: { path: "/healthz", port: "port-8080", scheme: "HTTPS" } }],
    ["of a port's name", { tcpSocket: { port: "port-8080" } }],
    ["by the image's own tool", { exec: own }],
    ["by a tool in a shell", { exec: { command: ["sh", "-c", "curl -f localhost:8080"] } }],
  ])("%s passes once the image serves", async (_, probe) => {
    await using rig = await steppedCluster();
    await rig.configure();
    const container = only({ readinessProbe: { ...probe, periodSeconds: 1 } });
    await rig.apply(fullDeployment({ replicas: 1, image: image("2017"), container }));
    const seconds = await rig.seconds(
      "ready",
      async () => (await rig.count("readyReplicas")) === 1,
    );
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(4);
  });

  it.each([
    [
      "HTTP",
      { httpGet: { path: "/up", port: 8080 } },
      /failed: Get "http:\/\/[\d.]+:8080\/up": dial/,
    ],
    [
      "HTTPS",
      { httpGet: { path: "/", port: 8080, scheme: "HTTPS" } },
      /failed: Get "https:\/\/[\d.]+:8080\/": dial tcp [\d.]+:8080: connect: connection refused$/,
    ],
    ["the image's own tool", { exec: own }, /failed: command exited with code 1$/],
  ])("by %s says why it fails while the image does not serve", async (_, probe, message) => {
    await using rig = await steppedCluster();
    await rig.configure();
    const container = only({ readinessProbe: { ...probe, periodSeconds: 1 } });
    await rig.apply(fullDeployment({ replicas: 1, image: image("2019"), container }));
    await rig.cluster.clock.step(10_000);
    expect(await rig.count("readyReplicas")).toBe(0);
    expect(await rig.warnings()).toEqual([expect.stringMatching(message)]);
  });

  it("at startup ends a container that never serves, and holds the others back", async () => {
    await using rig = await steppedCluster();
    await rig.configure();
    const startupProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 3 };
    await rig.apply(
      fullDeployment({ replicas: 1, image: image("2019"), container: { startupProbe } }),
    );
    const restarts = async () =>
      at(listAt((await rig.pods())[0], "status", "containerStatuses")[0], "restartCount");
    await rig.seconds("a restart", async () => (await restarts()) === 1);
    const warnings = await rig.warnings();
    expect(warnings.every((message) => message?.startsWith("Startup probe failed:"))).toBe(true);
  });
});
