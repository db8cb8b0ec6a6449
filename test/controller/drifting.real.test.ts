import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { lookForDrift } from "../../src/controller/drifting.ts";
import type { Environment } from "../../src/controller/ports.ts";
import { createApi } from "../../src/k8s/api.ts";
import { type Cluster, openCluster } from "../../src/k8s/cluster.ts";
import { connect } from "../../src/k8s/connection.ts";
import { defineKind, namespaces } from "../../src/k8s/kinds.ts";
import type { OpaqueObject } from "../../src/k8s/objects.ts";
import type { KubernetesObject } from "../../src/manifest/objects/objects.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { type ObjectDrift, sayDrift } from "../../src/release/drift.ts";
import { restartManager, restartOf } from "../../src/release/restart.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";
import { inNamespace } from "../manifest/dry-runs.ts";
import { frozenObjects, goldens } from "../manifest/goldens.ts";

const quotas = defineKind<OpaqueObject>("v1", "ResourceQuota", "resourcequotas");
/** Golden files at a time. */
const parallel = 4;

describeOnRealCluster("drift on a real control plane", (cluster) => {
  const places = namespacesOf(cluster);
  const connection = connect({ kubeconfigPath: cluster.kubeconfigPath, clock: systemClock });
  const api = createApi(connection);
  const { clock, random } = connection;
  const clusters: Cluster[] = [];
  const open = (
    namespace: string,
  ): Pick<Environment, "cluster" | "acting" | "name" | "platform"> => {
    const opened = openCluster({ api, namespace, clock, random, onError: () => undefined });
    clusters.push(opened);
    const platform = { ...defaultPlatform, namespace };
    return { name: "production", cluster: opened, acting: undefined, platform };
  };
  afterAll(async () => {
    await Promise.all(clusters.map((each) => each.stop()));
    await connection.close();
  });

  const drift = async (objects: readonly KubernetesObject[], env: ReturnType<typeof open>) => {
    const found = await lookForDrift(objects, env as Environment, []);
    if (found === undefined) throw new Error("they are of this environment");
    return found;
  };
  /** Where docc may do nothing by itself, dry runs included. */
  const blind = (env: ReturnType<typeof open>): typeof env => ({
    ...env,
    acting: { userPrefix: "slack:", groups: [], own: undefined },
  });
  const applyAll = async (objects: readonly KubernetesObject[], to: Cluster): Promise<void> => {
    for (const object of objects) await to.apply(object, { force: true });
  };
  /** Nothing of this matters here but the objects: no pod is made. */
  const withoutPods = async (namespace: string): Promise<void> => {
    const metadata = { name: "none", namespace };
    const spec = { hard: { pods: "0" } };
    await api.create(quotas, { metadata, spec });
  };

  it(
    "is found in none of the golden objects, which are as docc has applied them",
    { timeout: 300_000 },
    async () => {
      const found: [string, readonly string[]][] = [];
      const left = goldens().values();
      const worker = async (): Promise<void> => {
        for (const golden of left) {
          const made = await api.create(namespaces, { metadata: { generateName: "drift-" } });
          const { name } = made.metadata;
          await withoutPods(name);
          const env = open(name);
          const objects = frozenObjects(golden).map((each) => inNamespace(each, name));
          await applyAll(objects, env.cluster);
          found.push([golden.name, sayDrift(await drift(objects, env))]);
          found.push([`${golden.name}, blind`, sayDrift(await drift(objects, blind(env)))]);
          await env.cluster.stop();
          await api.delete(namespaces, { name });
        }
      };
      await Promise.all(Array.from({ length: parallel }, worker));
      expect(found.length).toBe(2 * goldens().length);
      expect(found.filter(([, lines]) => lines.length > 0)).toEqual([]);
    },
  );

  const patch = (place: InNamespace, args: readonly string[], body: string) =>
    place.ok(["patch", ...args, body]);
  const hands: readonly (readonly [
    what: string,
    act: (place: InNamespace) => Promise<unknown>,
    said: readonly RegExp[],
  ])[] = [
    [
      "set image",
      (place) =>
        place.ok(["set", "image", "deployment/kubecon-2017", "kubecon=example.com/other:1"]),
      [
        /^Deployment kubecon-2017: container kubecon: image {2}\S+ -> example.com\/other:1 \(by kubectl-set, \d{4}-\d\d-\d\d \d\d:\d\d UTC\)$/,
      ],
    ],
    [
      "scale",
      (place) => place.ok(["scale", "deployment/kubecon-2017", "--replicas=7"]),
      [/^Deployment kubecon-2017: replicas {2}3 -> 7 \(by kubectl\)$/],
    ],
    [
      "set env, whose value nobody sees",
      (place) => place.ok(["set", "env", "deployment/kubecon-2017", "TOKEN=secret-1"]),
      [
        /^Deployment kubecon-2017: container kubecon: env TOKEN {2}added \(by kubectl-set, .* UTC\)$/,
      ],
    ],
    [
      "removing a field",
      (place) =>
        patch(
          place,
          ["deployment/kubecon-2017", "--type=json", "--patch"],
          '[{"op":"remove","path":"/spec/template/spec/containers/0/securityContext/capabilities"}]',
        ),
      [/^Deployment kubecon-2017: container kubecon: securityContext.* removed.*\(by somebody\)$/],
    ],
    [
      "a sidecar",
      (place) =>
        patch(
          place,
          ["deployment/kubecon-2017", "--patch"],
          '{"spec":{"template":{"spec":{"containers":[{"name":"shell","image":"busybox:1"}]}}}}',
        ),
      [/^Deployment kubecon-2017: container shell .*busybox.* \(by kubectl-patch, .* UTC\)$/],
    ],
    [
      "a pause",
      (place) => place.ok(["rollout", "pause", "deployment/kubecon-2017"]),
      [/^Deployment kubecon-2017: paused {2}added: true \(by kubectl-rollout, .* UTC\)$/],
    ],
    [
      "deleting a Service",
      (place) => place.ok(["delete", "service", "kubecon-2017"]),
      [/^Service kubecon-2017: deleted by somebody$/],
    ],
    [
      "another port of a Service",
      (place) =>
        patch(
          place,
          ["service/kubecon-2017", "--type=json", "--patch"],
          '[{"op":"replace","path":"/spec/ports/0/port","value":8081}]',
        ),
      [/^Service kubecon-2017: ports.*\(by (kubectl-patch.*UTC|somebody)\)$/],
    ],
    [
      "a label that docc sets",
      (place) =>
        place.ok([
          "label",
          "deployment/kubecon-2017",
          "app.kubernetes.io/managed-by=me",
          "--overwrite",
        ]),
      [
        /^Deployment kubecon-2017: label app.kubernetes.io\/managed-by {2}docc -> me \(by kubectl-label, .* UTC\)$/,
      ],
    ],
  ];
  const quiet: readonly (readonly [string, (place: InNamespace) => Promise<unknown>])[] = [
    ["rollout restart", (place) => place.ok(["rollout", "restart", "deployment/kubecon-2017"])],
    [
      "a note of somebody's own",
      (place) => place.ok(["annotate", "service/kubecon-2017", "note=mine"]),
    ],
    [
      "what is set to docc's own value",
      async (place) => {
        await place.ok(["scale", "deployment/kubecon-2017", "--replicas=7"]);
        await place.ok(["scale", "deployment/kubecon-2017", "--replicas=3"]);
      },
    ],
  ];

  const example = goldens().find(({ name }) => name === "talk/4-tls");
  /** An app as docc has applied it, without pods. */
  const applied = async () => {
    const place = await places.create();
    await withoutPods(place.namespace);
    const env = open(place.namespace);
    const all = example === undefined ? [] : frozenObjects(example);
    const objects = all.map((each) => inNamespace(each, place.namespace));
    expect(objects.length).toBeGreaterThan(2);
    await applyAll(objects, env.cluster);
    return { place, env, objects, look: () => drift(objects, env) };
  };

  // Of a scale the API server notes no time.
  it.each(hands)("names %s, with the hand and the time", async (_what, act, said) => {
    const { place, look } = await applied();
    await act(place);
    const found = sayDrift(await look());
    expect(found).toEqual(said.map((each) => expect.stringMatching(each)));
    expect(found.join()).not.toContain("secret-1");
  });

  it("is named without dry runs, as far as docc's own fields go", async () => {
    const { place, env, objects } = await applied();
    for (const [what, act] of hands) {
      if (["set image", "scale", "a label that docc sets", "deleting a Service"].includes(what))
        await act(place);
    }
    expect(sayDrift(await drift(objects, blind(env)))).toEqual([
      "Service kubecon-2017: deleted by somebody",
      expect.stringMatching(/container kubecon: image .* \(by kubectl-set, /),
      "Deployment kubecon-2017: replicas  3 -> 7 (by kubectl)",
      expect.stringMatching(/label app.kubernetes.io\/managed-by .* \(by kubectl-label, /),
    ]);
  });

  it.each(quiet)("is not %s", async (_what, act) => {
    const { place, look } = await applied();
    await act(place);
    expect(sayDrift(await look())).toEqual([]);
  });

  it("is a rollout undo, whatever the annotations say, and not docc's own restart", async () => {
    const { place, env, objects, look } = await applied();
    const deployment = objects.find(({ kind }) => kind === "Deployment");
    if (deployment === undefined) throw new Error("the example has a Deployment");
    const ref = { apiVersion: "apps/v1", ...deployment.metadata, kind: "Deployment" };
    await place.ok(["wait", "--for=create", "replicaset", "--all", "--timeout=20s"]);
    const mark = restartOf(deployment, await env.cluster.find(ref), "r-1");
    if (mark === undefined) throw new Error("there is a mark");
    await env.cluster.apply(mark, { force: true, manager: restartManager });
    expect(sayDrift(await look())).toEqual([]);
    const newer = structuredClone(objects).map((each) =>
      each.kind === "Deployment"
        ? (JSON.parse(
            JSON.stringify(each).replaceAll(/(?<=\/kubecon):\d+/gu, ":2031"),
          ) as KubernetesObject)
        : each,
    );
    await applyAll(newer, env.cluster);
    await expect
      .poll(() => place.ok(["rollout", "history", "deployment/kubecon-2017"]))
      .toMatch(/^3 /m);
    expect(sayDrift(await drift(newer, env))).toEqual([]);
    await place.ok(["rollout", "undo", "deployment/kubecon-2017"]);
    expect(sayDrift(await drift(newer, env))).toEqual([
      expect.stringMatching(
        /^Deployment kubecon-2017: container kubecon: image {2}2031 -> \d+ \(by kubectl, .* UTC\)$/,
      ),
    ]);
  });

  let scaled: readonly ObjectDrift[] | undefined;
  beforeAll(async () => {
    const golden = goldens().find((each) =>
      frozenObjects(each).some(({ kind }) => kind === "HorizontalPodAutoscaler"),
    );
    if (golden === undefined) throw new Error("there is a golden file with an autoscaler");
    const place = await places.create();
    await withoutPods(place.namespace);
    const env = open(place.namespace);
    const objects = frozenObjects(golden).map((each) => inNamespace(each, place.namespace));
    await applyAll(objects, env.cluster);
    await place.ok(["scale", "deployment", "--all", "--replicas=4"]);
    scaled = await drift(objects, env);
  });

  it("is no change of scale under an autoscaler", () => {
    expect(scaled).toEqual([]);
  });
});
