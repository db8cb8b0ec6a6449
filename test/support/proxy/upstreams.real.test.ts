import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createApi, type KubeApi } from "../../../src/k8s/api.ts";
import { connect, type Connection } from "../../../src/k8s/connection.ts";
import { isKubeError } from "../../../src/k8s/errors.ts";
import { configMaps } from "../../../src/k8s/kinds.ts";
import { namespacesOf } from "../../cluster/support/namespaces.ts";
import { describeOnRealCluster } from "../../cluster/real-cluster.ts";
import { until } from "../until.ts";
import { kubernetes } from "./calls.ts";
import { statusAnswer } from "./fates.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { proxiedKubeconfig } from "./kubeconfig.ts";

describeOnRealCluster("the fault proxy before a real API server", (cluster) => {
  const namespaces = namespacesOf(cluster);
  let proxy: FaultProxy;
  let connection: Connection;
  let api: KubeApi;
  let namespace: string;
  const ref = (name: string) => ({ namespace, name });
  const make = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: ref(name) });

  beforeAll(async () => {
    const kubeconfig = await proxiedKubeconfig({ path: cluster.kubeconfigPath });
    proxy = await startFaultProxy({ upstream: kubeconfig.upstream, dialect: kubernetes });
    connection = connect({ kubeconfigText: kubeconfig.through(proxy.url), clock: systemClock });
    api = createApi(connection);
    ({ namespace } = await namespaces.create());
  });
  afterAll(async () => {
    await connection.close();
    await proxy.close();
  });

  it("speaks TLS to it, with docc's own token", async () => {
    const made = await api.create(configMaps, make("plain"));
    expect((await api.get(configMaps, ref("plain"))).metadata.uid).toBe(made.metadata.uid);
    expect(proxy.calls.map(({ kind }) => kind)).toEqual(["POST configmaps", "GET configmaps"]);
  });

  it("passes a watch on, and its end", async () => {
    const { resourceVersion } = await api.listAll(configMaps, { namespace });
    const seen: string[] = [];
    const watching = (async () => {
      const options = { namespace, resourceVersion, timeoutSeconds: 60, idleMs: 60_000 };
      for await (const event of api.watch(configMaps, options)) seen.push(event.type);
    })();
    await until("the watch is open", () => proxy.streams().length === 1);
    await api.create(configMaps, make("watched"));
    await until("the event has come", () => seen.includes("added"));
    proxy.streams()[0]?.end();
    await watching;
  });

  it("loses the answer of a write that was done", async () => {
    proxy.follow(({ method }) =>
      method === "POST" ? { type: "lose", how: "reset" } : { type: "pass" },
    );
    const failure: unknown = await api.create(configMaps, make("lost")).catch((error) => error);
    expect(isKubeError(failure, "unavailable") && failure.ambiguous).toBe(true);
    expect(await api.find(configMaps, ref("lost"))).toBeDefined();
  });

  it("says what the API server says when it is busy", async () => {
    proxy.follow(() => statusAnswer(409, "Conflict"));
    const failure: unknown = await api.create(configMaps, make("no")).catch((error) => error);
    expect(isKubeError(failure, "conflict")).toBe(true);
  });
});
