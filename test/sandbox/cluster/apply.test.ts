import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { at, type Json } from "../../../sandbox/cluster/facade/json.ts";
import { type DisposableCluster, request, startCluster } from "./support.ts";

// The expected answers are those of a kube-apiserver 1.35 given the same requests (docs/fidelity-cluster.md).

let cluster: DisposableCluster;
let count = 0;
let namespace = "";

beforeAll(async () => {
  cluster = await startCluster();
});

beforeEach(async () => {
  namespace = `apply-${++count}`;
  await request(cluster, "POST", "/api/v1/namespaces", { metadata: { name: namespace } });
});

afterAll(async () => cluster.stop());

const path = (): string => `/apis/apps/v1/namespaces/${namespace}/deployments/web`;

/** A Deployment nobody can pull, so that no controller writes much to it. */
const web = (container: object = {}, spec: object = {}, metadata: object = {}): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { app: "web" }, ...metadata },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "a:1", ...container }] },
    },
    ...spec,
  },
});

const apply = async (manager: string, body: object, query = "") =>
  request(
    cluster,
    "PATCH",
    `${path()}?fieldManager=${manager}${query}`,
    body,
    "application/apply-patch+yaml",
  );

const merge = async (manager: string, body: object, place = path()) =>
  request(
    cluster,
    "PATCH",
    `${place}?fieldManager=${manager}`,
    body,
    "application/merge-patch+json",
  );

const live = async () => (await request(cluster, "GET", path())).body;

const container = (object: Json | undefined): Json | undefined => {
  const containers = at(object, "spec", "template", "spec", "containers");
  return Array.isArray(containers) ? containers[0] : undefined;
};

const owned = async (manager: string): Promise<Json | undefined> =>
  (await live()).metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;

describe("server-side apply in the embedded cluster", () => {
  it("creates with 201, fills in defaults, and owns only what was applied", async () => {
    const first = await apply(
      "docc",
      web({ ports: [{ containerPort: 8080 }], env: [{ name: "A", value: "1" }] }),
    );
    expect(first.status).toBe(201);
    expect(at(first.body, "spec", "progressDeadlineSeconds")).toBe(600);
    expect(first.body.metadata.managedFields).toMatchObject([
      { manager: "docc", operation: "Apply", apiVersion: "apps/v1", fieldsType: "FieldsV1" },
    ]);
    expect(await owned("docc")).toEqual({
      "f:metadata": { "f:labels": { "f:app": {} } },
      "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:template": {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": {
            "f:containers": {
              'k:{"name":"web"}': {
                ".": {},
                "f:env": { 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } },
                "f:image": {},
                "f:name": {},
                "f:ports": {
                  'k:{"containerPort":8080,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
                },
              },
            },
          },
        },
      },
    });
  });

  it("changes nothing when the same is applied again", async () => {
    await merge("setup", {});
    await apply("docc", web());
    const before = (await request(cluster, "GET", `/api/v1/namespaces/${namespace}`)).body.metadata
      .resourceVersion;
    const generation = (await live()).metadata.generation;
    const again = await apply("docc", web());
    expect([again.status, again.body.metadata.generation]).toEqual([200, generation]);
    expect(before).toBeDefined();
  });

  it("removes what its manager no longer applies and defaults it anew", async () => {
    await apply(
      "docc",
      web(
        {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
          args: ["x"],
        },
        { revisionHistoryLimit: 3 },
      ),
    );
    const { body } = await apply("docc", web({ env: [{ name: "A", value: "1" }] }));
    expect(at(container(body), "env")).toEqual([{ name: "A", value: "1" }]);
    expect(at(container(body), "args")).toBeUndefined();
    expect(at(body, "spec", "revisionHistoryLimit")).toBe(10);
    expect(body.metadata.generation).toBe(2);
  });

  it("refuses to take a field from somebody else, in the API server's words", async () => {
    await apply("docc", web());
    await merge("kubectl", { spec: { replicas: 5 } });
    const refused = await apply("docc", web());
    expect(refused).toMatchObject({
      status: 409,
      body: {
        kind: "Status",
        reason: "Conflict",
        message:
          'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
        details: {
          causes: [
            {
              reason: "FieldManagerConflict",
              message: 'conflict with "kubectl" using apps/v1',
              field: ".spec.replicas",
            },
          ],
        },
      },
    });
    expect(at(await live(), "spec", "replicas")).toBe(5);
  });

  it("names every manager and field when there are several", async () => {
    await apply("docc", web());
    await merge("kubectl", { spec: { replicas: 5 } }, `${path()}/scale`);
    const containers = [{ name: "web", image: "b:2" }];
    await apply(
      "bob",
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: { template: { spec: { containers } } },
      },
      "&force=true",
    );
    const { body } = await apply("docc", web());
    expect(body.message).toBe(
      [
        'Apply failed with 2 conflicts: conflicts with "bob":',
        '- .spec.template.spec.containers[name="web"].image',
        'conflicts with "kubectl" with subresource "scale" using apps/v1:',
        "- .spec.replicas",
      ].join("\n"),
    );
  });

  it("takes the field by force, and the other manager loses it", async () => {
    await apply("docc", web());
    await merge("kubectl", { spec: { replicas: 5 } });
    expect((await apply("docc", web(), "&force=true")).status).toBe(200);
    expect(at(await live(), "spec", "replicas")).toBe(2);
    expect(await owned("kubectl")).toBeUndefined();
  });

  it("keeps a field that another manager still applies", async () => {
    await apply("docc", web());
    const co = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { replicas: 2 },
    };
    expect((await apply("autoscaler", co)).status).toBe(200);
    await apply("docc", web({}, { replicas: undefined }));
    expect(at(await live(), "spec", "replicas")).toBe(2);
    await apply("autoscaler", { ...co, spec: {} });
    expect(at(await live(), "spec", "replicas")).toBe(1);
  });

  it("keeps a sidecar that another manager added", async () => {
    await apply("docc", web());
    const containers = [{ name: "mesh", image: "m:1" }];
    await apply("mesh", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { template: { spec: { containers } } },
    });
    const { body } = await apply("docc", web({ image: "a:2" }));
    const names = at(body, "spec", "template", "spec", "containers");
    expect(names).toMatchObject([{ name: "web", image: "a:2" }, { name: "mesh" }]);
  });

  it("answers a dry run with the merged object and stores nothing", async () => {
    expect((await apply("docc", web(), "&dryRun=All")).status).toBe(201);
    expect((await request(cluster, "GET", path())).status).toBe(404);
    await apply("docc", web());
    const dry = await apply("docc", web({ image: "a:9" }), "&dryRun=All");
    expect([at(container(dry.body), "image"), dry.body.metadata.generation]).toEqual(["a:9", 2]);
    expect(at(container(await live()), "image")).toBe("a:1");
  });

  it.each([
    ["an outdated resourceVersion", { resourceVersion: "1" }, 409, "Conflict"],
    ["another uid", { uid: "other" }, 422, "Invalid"],
  ])("takes %s as a precondition", async (_name, metadata, status, reason) => {
    await apply("docc", web());
    expect(await apply("docc", web({ image: "a:2" }, {}, metadata), "&force=true")).toMatchObject({
      status,
      body: { reason },
    });
  });

  it("does not create what is expected to exist under a uid", async () => {
    const { status, body } = await apply("docc", web({}, {}, { uid: "gone" }));
    expect(status).toBe(409);
    expect(body.message).toContain(
      "uid mismatch: the provided object specified uid gone, and no existing object was found",
    );
  });

  it("wants a manager", async () => {
    const { status, body } = await request(
      cluster,
      "PATCH",
      path(),
      web(),
      "application/apply-patch+yaml",
    );
    expect([status, body.message]).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
  });

  it("reads YAML", async () => {
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n";
    const place = `/api/v1/namespaces/${namespace}/configmaps/c?fieldManager=docc`;
    expect(
      await request(cluster, "PATCH", place, yaml, "application/apply-patch+yaml"),
    ).toMatchObject({
      status: 201,
      body: { data: { a: "b" } },
    });
  });

  it("keeps spec and status apart", async () => {
    await apply("docc", web());
    await merge("st", { spec: { replicas: 9 }, status: { collisionCount: 7 } }, `${path()}/status`);
    await merge("st", { status: { collisionCount: 8 } });
    const object = await live();
    expect([at(object, "spec", "replicas"), at(object, "status", "collisionCount")]).toEqual([
      2, 7,
    ]);
    expect(object.metadata.generation).toBe(1);
  });
});
