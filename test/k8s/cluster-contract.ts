import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { absent, type Cluster, openCluster } from "../../src/k8s/cluster.ts";
import { connect, type Connection } from "../../src/k8s/connection.ts";
import { deployments, namespaces } from "../../src/k8s/kinds.ts";
import { fullDeployment, httpRoute, ingress, tlsRoute } from "../cluster/support/objects.ts";
import type { ContractTarget } from "./contract.ts";

/** What docc's own view of an environment does on any API server, embedded or real. */
export function clusterContract(getTarget: () => Promise<ContractTarget>): void {
  let target: ContractTarget;
  let connection: Connection;
  let api: KubeApi;
  let cluster: Cluster;
  const namespace = `cluster-${randomUUID().slice(0, 8)}`;
  const elsewhere = `${namespace}-else`;
  /** A host that no other run has. */
  const host = (name: string): string => `${name}.${namespace}.example.com`;

  beforeAll(async () => {
    target = await getTarget();
    connection = connect({ ...target, clock: systemClock });
    api = createApi(connection);
    for (const name of [namespace, elsewhere]) await api.create(namespaces, { metadata: { name } });
    const { clock, random } = connection;
    cluster = openCluster({ api, namespace, clock, random, onError: () => undefined });
  });

  afterAll(async () => {
    await cluster.stop();
    for (const name of [namespace, elsewhere]) await api.delete(namespaces, { name });
    await connection.close();
  });

  const put = async (object: object & { metadata: object }, place: string, labels = {}) =>
    api.apply(
      { ...object, metadata: { ...object.metadata, namespace: place, labels } },
      { fieldManager: "somebody" },
    );

  /** The hosts of this run, sorted. */
  const ownHosts = async () =>
    (await cluster.hosts())
      .filter((taken) => taken.host.endsWith(`${namespace}.example.com`))
      .toSorted((a, b) => `${a.host} ${a.name}`.localeCompare(`${b.host} ${b.name}`));

  describe("the hosts that are taken", () => {
    const needsGateway = (context: TestContext): void =>
      context.skip(target.lacks.includes("gateway"), "this target serves no Gateway API");

    it("are those of every namespace, each with who takes it", async () => {
      const managed = { "app.kubernetes.io/managed-by": "docc" };
      const labels = { ...managed, "app.kubernetes.io/instance": "shop" };
      await put(ingress("web", [host("a"), host("b"), host("a")]), namespace, labels);
      await put(ingress("theirs", [host("b")]), elsewhere);
      const web = { kind: "Ingress", namespace, name: "web", app: "shop" };
      expect(await ownHosts()).toEqual([
        { host: host("a"), ...web },
        { host: host("b"), kind: "Ingress", namespace: elsewhere, name: "theirs" },
        { host: host("b"), ...web },
      ]);
    });

    it("are also those of routes", async (context) => {
      needsGateway(context);
      await put(httpRoute("http", [host("h1"), host("h2")]), elsewhere);
      await put(tlsRoute("tls", [host("t")]), namespace);
      const routes = (await ownHosts()).filter(({ kind }) => kind !== "Ingress");
      expect(routes).toEqual([
        { host: host("h1"), kind: "HTTPRoute", namespace: elsewhere, name: "http" },
        { host: host("h2"), kind: "HTTPRoute", namespace: elsewhere, name: "http" },
        { host: host("t"), kind: "TLSRoute", namespace, name: "tls" },
      ]);
    });
  });

  describe("the objects that docc owns", () => {
    it("are those with its label, in the environment's namespace, with who wrote what", async () => {
      const labels = { "app.kubernetes.io/managed-by": "docc" };
      const service = { apiVersion: "v1", kind: "Service", spec: { ports: [{ port: 80 }] } };
      const named = (name: string) => ({ ...service, metadata: { name } });
      await put(named("ours"), namespace, labels);
      await put(named("theirs"), namespace);
      await put(named("far"), elsewhere, labels);
      const owned = await cluster.owned({ apiVersion: "v1", kind: "Service" });
      expect(owned?.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
        "Service ours",
      ]);
      expect(owned?.[0]?.metadata.managedFields?.map(({ manager }) => manager)).toEqual([
        "somebody",
      ]);
    });
  });

  describe("what is late", () => {
    const wanted = (data: Record<string, string>, name = "late") => ({
      apiVersion: "v1",
      kind: "Service" as const,
      metadata: { name, namespace, annotations: data },
      spec: { selector: { app: name }, ports: [{ port: 80 }] },
    });
    const service = { apiVersion: "v1", kind: "Service", namespace, name: "late" };

    it("makes an object that was absent, but not over one that came meanwhile", async () => {
      await cluster.apply(wanted({ by: "first" }), { force: true, fence: absent });
      const late = cluster.apply(wanted({ by: "second" }), { force: true, fence: absent });
      await expect(late).rejects.toMatchObject({ kind: "conflict" });
      const live = await cluster.find(service);
      expect(live?.metadata.annotations).toEqual({ by: "first" });
    });

    it("removes that very object, and leaves alone one of another uid or of somebody else", async () => {
      const uid = (await cluster.find(service))?.metadata.uid ?? "";
      const isOurs = () => true;
      const other = { uid: "00000000-0000-4000-8000-000000000000", isOurs };
      expect(await cluster.remove(service, other)).toBe(true);
      expect(await cluster.remove(service, { uid, isOurs: () => false })).toBe(false);
      expect((await cluster.find(service))?.metadata.uid).toBe(uid);
      expect(await cluster.remove(service, { uid, isOurs })).toBe(true);
      expect(await cluster.find(service)).toBeUndefined();
      expect(await cluster.remove(service, { uid, isOurs })).toBe(true);
    });

    it("asks whose an object is of the very state that it removes", async () => {
      const live = await cluster.apply(wanted({ by: "docc" }), { force: true, fence: absent });
      const { clock, random } = connection;
      const late = openCluster({
        api: {
          ...api,
          // Somebody takes it over between the look and the delete.
          delete: async (...args) => {
            await cluster.apply(wanted({ by: "other" }), { force: true });
            return api.delete(...args);
          },
        },
        namespace,
        clock,
        random,
        onError: () => undefined,
      });
      const seen: (string | undefined)[] = [];
      const isOurs = (found: typeof live): boolean => {
        const by = found.metadata.annotations?.["by"];
        seen.push(by);
        return by === "docc";
      };
      expect(await late.remove(service, { uid: live.metadata.uid, isOurs })).toBe(false);
      expect(seen).toEqual(["docc", "other"]);
      expect(await cluster.find(service)).toBeDefined();
      await late.stop();
    });
  });

  describe("replicas", () => {
    /** A Deployment that nobody can pull. */
    const wanted = (replicas: number | undefined) => {
      const object = fullDeployment({ replicas, image: "registry.corp.example.com/none:1" });
      return { ...object, metadata: { ...object.metadata, namespace } };
    };
    const live = async () =>
      (await api.get(deployments, { namespace, name: "web" })).spec?.replicas;
    const previewed = async () =>
      (await cluster.preview(wanted(undefined))).object as { spec?: { replicas?: number } };
    const byDocc = { force: false };

    it("would be one again when docc alone lets go of them", async () => {
      await cluster.apply(wanted(5), byDocc);
      expect((await previewed()).spec?.replicas).toBe(1);
      expect(await live()).toBe(5);
    });

    it("stay when another manager has taken them over, and are then the autoscaler's", async () => {
      await cluster.apply(wanted(5), byDocc);
      const { apiVersion, kind } = wanted(5);
      await cluster.apply(
        { apiVersion, kind, metadata: { name: "web", namespace }, spec: { replicas: 5 } },
        { force: false, manager: "docc-handover-to-hpa" },
      );
      expect((await previewed()).spec?.replicas).toBe(5);
      await cluster.apply(wanted(undefined), byDocc);
      expect(await live()).toBe(5);

      const scale = { spec: { replicas: 7 } };
      await api.patch(deployments, { namespace, name: "web" }, scale, { fieldManager: "hpa" });
      const { conflicts, object } = await cluster.preview(wanted(undefined));
      expect(conflicts).toEqual([]);
      expect(object).toMatchObject(scale);
    });
  });
}
