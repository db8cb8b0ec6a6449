import * as k8s from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at } from "../../../sandbox/cluster/facade/json.ts";
import { type DisposableCluster, kubeConfigOf, request, startCluster } from "./support.ts";

let cluster: DisposableCluster;
let config: k8s.KubeConfig;

beforeAll(async () => {
  cluster = await startCluster();
  config = kubeConfigOf(cluster);
});

afterAll(async () => cluster.stop());

const group = "shop.example.com";

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `orders.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "orders", kind: "Order", shortNames: ["ord"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        selectableFields: [{ jsonPath: ".spec.customer" }],
        additionalPrinterColumns: [
          { name: "Customer", type: "string", jsonPath: ".spec.customer" },
          {
            name: "Paid",
            type: "string",
            jsonPath: '.status.conditions[?(@.type=="Paid")].status',
          },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  customer: { type: "string" },
                  speed: { type: "string", default: "normal" },
                },
              },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};

/** By plain HTTP: client-node's models rename and drop parts of a schema. */
const define = async () =>
  request(cluster, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);

const order = (name: string, customer: string): object => ({
  apiVersion: `${group}/v1`,
  kind: "Order",
  metadata: { name },
  spec: { customer },
  status: { ignored: true },
});

const problem = (error: unknown): { code: number; reason: unknown } => {
  if (!(error instanceof k8s.ApiException)) throw error;
  const body: unknown = error.body;
  const status: unknown = typeof body === "string" ? JSON.parse(body) : body;
  return { code: error.code, reason: Reflect.get(Object(status), "reason") };
};

describe("client-node against the embedded cluster", () => {
  it("serves a kind from the moment its definition is created", async () => {
    const created = await define();
    expect(at(created.body, "status", "conditions")).toMatchObject([
      { type: "NamesAccepted" },
      { type: "Established", status: "True" },
    ]);

    const custom = config.makeApiClient(k8s.CustomObjectsApi);
    const place = { group, version: "v1", namespace: "default", plural: "orders" };
    const made: unknown = await custom.createNamespacedCustomObject({
      ...place,
      body: order("first", "ana"),
    });
    expect(made).toMatchObject({
      spec: { customer: "ana", speed: "normal" },
      metadata: { generation: 1 },
    });
    expect(made).not.toHaveProperty("status");

    await custom.createNamespacedCustomObject({ ...place, body: order("second", "bo") });
    const chosen: unknown = await custom.listNamespacedCustomObject({
      ...place,
      fieldSelector: "spec.customer=bo",
    });
    expect(chosen).toMatchObject({ kind: "OrderList", items: [{ metadata: { name: "second" } }] });
  });

  it("refuses a replacement of a custom resource without its resourceVersion, and a stale one", async () => {
    const custom = config.makeApiClient(k8s.CustomObjectsApi);
    const place = { group, version: "v1", namespace: "default", plural: "orders", name: "first" };
    const replace = async (metadata: object) =>
      custom
        .replaceNamespacedCustomObject({ ...place, body: { ...order("first", "cy"), metadata } })
        .catch(problem);
    expect(await replace({ name: "first" })).toEqual({ code: 422, reason: "Invalid" });
    expect(await replace({ name: "first", resourceVersion: "1" })).toEqual({
      code: 409,
      reason: "Conflict",
    });
  });

  it("prints a Table with the definition's columns", async () => {
    const path = `/apis/${group}/v1/namespaces/default/orders/first`;
    const conditions = [{ type: "Paid", status: "True" }];
    await request(
      cluster,
      "PATCH",
      `${path}/status`,
      { status: { conditions } },
      "application/merge-patch+json",
    );
    const response = await fetch(cluster.server + path, {
      headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
    });
    expect(await response.json()).toMatchObject({
      kind: "Table",
      columnDefinitions: [{ name: "Name", format: "name" }, { name: "Customer" }, { name: "Paid" }],
      rows: [{ cells: ["first", "ana", "True"], object: { kind: "PartialObjectMetadata" } }],
    });
  });

  it("stops serving a kind when its definition is deleted, objects and all", async () => {
    const extensions = config.makeApiClient(k8s.ApiextensionsV1Api);
    await extensions.deleteCustomResourceDefinition({ name: definition.metadata.name });
    const gone = await fetch(`${cluster.server}/apis/${group}/v1/namespaces/default/orders`);
    expect(gone.status).toBe(404);
    await define();
    const { body } = await request(cluster, "GET", `/apis/${group}/v1/orders`);
    expect(body.items).toEqual([]);
  });

  it("creates, reads, patches and deletes any object through KubernetesObjectApi", async () => {
    const objects = k8s.KubernetesObjectApi.makeApiClient(config);
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "plain", namespace: "default" },
      data: { a: "1" },
    };
    await objects.create(map);
    expect(await objects.create(map).catch(problem)).toEqual({
      code: 409,
      reason: "AlreadyExists",
    });
    const applied = { ...map, data: { b: "2" } };
    await objects.patch(
      applied,
      undefined,
      undefined,
      "docc",
      true,
      k8s.PatchStrategy.ServerSideApply,
    );
    const stored: unknown = await objects.read(map);
    expect(stored).toMatchObject({ data: { a: "1", b: "2" } });
    await objects.delete(map);
    expect(await objects.read(map).catch(problem)).toEqual({ code: 404, reason: "NotFound" });
  });

  it("keeps a Lease by compare-and-swap, with microseconds", async () => {
    const coordination = config.makeApiClient(k8s.CoordinationV1Api);
    const namespace = "default";
    const body = {
      metadata: { name: "leader" },
      spec: { holderIdentity: "a", renewTime: new k8s.V1MicroTime(0) },
    };
    const lease = await coordination.createNamespacedLease({ namespace, body });
    const resourceVersion = lease.metadata?.resourceVersion ?? "";
    const take = async (holderIdentity: string) =>
      coordination.replaceNamespacedLease({
        name: "leader",
        namespace,
        body: { metadata: { name: "leader", resourceVersion }, spec: { holderIdentity } },
      });
    expect((await take("b")).spec?.holderIdentity).toBe("b");
    expect(await take("c").catch(problem)).toEqual({ code: 409, reason: "Conflict" });
    const { body: raw } = await request(
      cluster,
      "GET",
      "/apis/coordination.k8s.io/v1/namespaces/default/leases/leader",
    );
    expect(raw["spec"]).toEqual({ holderIdentity: "b" });
  });

  it("pages through a list at one revision, and 410s a page from before a compaction", async () => {
    const core = config.makeApiClient(k8s.CoreV1Api);
    const namespace = "default";
    for (const name of ["p1", "p2", "p3"]) {
      await core.createNamespacedConfigMap({
        namespace,
        body: { metadata: { name, labels: { page: "yes" } } },
      });
    }
    const first = await core.listNamespacedConfigMap({
      namespace,
      labelSelector: "page=yes",
      limit: 2,
    });
    expect(first.items.map(({ metadata }) => metadata?.name)).toEqual(["p1", "p2"]);
    await core.deleteNamespacedConfigMap({ namespace, name: "p3" });
    const _continue = first.metadata?._continue ?? "";
    const second = await core.listNamespacedConfigMap({
      namespace,
      labelSelector: "page=yes",
      limit: 2,
      _continue,
    });
    expect(second.items.map(({ metadata }) => metadata?.name)).toEqual(["p3"]);
    await cluster.compact();
    expect(
      await core.listNamespacedConfigMap({ namespace, limit: 2, _continue }).catch(problem),
    ).toEqual({
      code: 410,
      reason: "Expired",
    });
  });

  it("waits for finalizers, collects what an object owned, and empties a deleted namespace", async () => {
    const secrets = "/api/v1/namespaces/default/secrets";
    const owner = await request(cluster, "POST", secrets, {
      metadata: { name: "owner", finalizers: ["example.com/hold"] },
    });
    const ownerReferences = [
      { apiVersion: "v1", kind: "Secret", name: "owner", uid: owner.body.metadata.uid },
    ];
    await request(cluster, "POST", secrets, { metadata: { name: "owned", ownerReferences } });
    const held = await request(cluster, "DELETE", `${secrets}/owner`);
    expect(held.body.metadata.deletionTimestamp).toBeDefined();
    expect((await request(cluster, "GET", `${secrets}/owned`)).status).toBe(200);
    await request(
      cluster,
      "PATCH",
      `${secrets}/owner`,
      { metadata: { finalizers: null } },
      "application/merge-patch+json",
    );
    expect((await request(cluster, "GET", `${secrets}/owner`)).status).toBe(404);
    expect((await request(cluster, "GET", `${secrets}/owned`)).status).toBe(404);

    await request(cluster, "POST", "/api/v1/namespaces", { metadata: { name: "brief" } });
    await request(cluster, "POST", "/api/v1/namespaces/brief/secrets", { metadata: { name: "s" } });
    await request(cluster, "DELETE", "/api/v1/namespaces/brief");
    const { body } = await request(
      cluster,
      "GET",
      "/api/v1/secrets?fieldSelector=metadata.namespace%3Dbrief",
    );
    expect(body.items).toEqual([]);
  });

  it("honours delete preconditions", async () => {
    const place = "/api/v1/namespaces/default/configmaps";
    await request(cluster, "POST", place, { metadata: { name: "kept" } });
    const refused = await request(cluster, "DELETE", `${place}/kept`, {
      preconditions: { uid: "other" },
    });
    expect([refused.status, refused.body.reason]).toEqual([409, "Conflict"]);
    expect((await request(cluster, "DELETE", `${place}/kept?dryRun=All`)).status).toBe(200);
    expect((await request(cluster, "GET", `${place}/kept`)).status).toBe(200);
  });
});
