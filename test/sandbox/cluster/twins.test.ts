import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createApi, type KubeApi } from "../../../src/k8s/api.ts";
import { connect, type Connection } from "../../../src/k8s/connection.ts";
import { isKubeError } from "../../../src/k8s/errors.ts";
import { namespaces } from "../../../src/k8s/kinds.ts";
import type { KubeObject, OpaqueObject } from "../../../src/k8s/objects.ts";
import { isRecord } from "../../../src/k8s/redact.ts";
import { parseManifest } from "../../../src/manifest/parse.ts";
import { defaultPlatform, type Platform } from "../../../src/manifest/platform.ts";
import { translate } from "../../../src/manifest/translate.ts";
import type { RealCluster } from "../../cluster/global-setup.ts";
import { type Kubectl, kubectlFor } from "../../cluster/kubectl.ts";
import { describeOnRealCluster } from "../../cluster/real-cluster.ts";
import { namespacesOf } from "../../cluster/support/namespaces.ts";
import {
  autoscaler,
  disruptionBudget,
  fullDeployment,
  httpRoute,
  ingress,
  listenerSet,
  tlsRoute,
} from "../../cluster/support/objects.ts";
import { manifests } from "../../manifest/arbitrary.ts";
import { type DisposableCluster, startCluster } from "./support.ts";

/** One apply: who, what, and whether it is only tried. */
interface Step {
  readonly object: OpaqueObject;
  readonly manager?: string;
  readonly dryRun?: boolean;
}

type Subject = OpaqueObject & { readonly spec: object };

/** Created in a dry run and for good, then changed in turn. */
const history = (first: Subject, ...later: readonly Step[]): readonly Step[] => [
  { object: first, dryRun: true },
  { object: first },
  ...later,
  { object: { ...first, spec: {} }, manager: "nobody", dryRun: true },
];

/** The object with another spec in part: what an apply no longer names, it gives up. */
const changed = (object: Subject, spec: object): Subject => ({
  ...object,
  spec: { ...object.spec, ...spec },
});

const { spec: budgetSpec, ...budget } = disruptionBudget;

/** What docc applies of a Deployment so that its replicas stay when an autoscaler comes. */
const handover = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: {} },
  spec: { replicas: 0 },
};

const histories: readonly (readonly [string, readonly Step[]])[] = [
  [
    "a Deployment with every field",
    history(
      fullDeployment({ replicas: 0 }),
      { object: fullDeployment({ replicas: 0, container: { env: [{ name: "A", value: "1" }] } }) },
      { object: fullDeployment({ replicas: 3 }), manager: "other", dryRun: true },
      { object: handover, manager: "docc-handover-to-hpa" },
      { object: fullDeployment() },
    ),
  ],
  [
    "a HorizontalPodAutoscaler",
    history(
      autoscaler,
      { object: changed(autoscaler, { maxReplicas: 9 }) },
      { object: changed(autoscaler, { metrics: undefined, minReplicas: undefined }) },
      { object: changed(autoscaler, { metrics: [] }), manager: "other", dryRun: true },
    ),
  ],
  [
    "a PodDisruptionBudget",
    history(
      disruptionBudget,
      { object: { ...budget, spec: { ...budgetSpec, maxUnavailable: "50%" } } },
      { object: { ...budget, spec: { selector: { matchLabels: { a: "b" } } } }, manager: "other" },
    ),
  ],
  [
    "an Ingress",
    history(ingress("web", ["a.example.com", "b.example.com"]), {
      object: ingress("web", ["b.example.com"]),
      manager: "other",
    }),
  ],
  [
    "an HTTPRoute",
    history(
      httpRoute("web", ["a.example.com", "b.example.com"]),
      { object: httpRoute("web", ["b.example.com"]) },
      { object: httpRoute("web", ["c.example.com"]), manager: "other" },
      { object: changed(httpRoute("web", []), { rules: undefined, hostnames: undefined }) },
    ),
  ],
  [
    "a TLSRoute",
    history(
      tlsRoute("web", ["a.example.com"]),
      { object: tlsRoute("web", ["b.example.com"]) },
      { object: tlsRoute("web", ["c.example.com"]), manager: "other" },
    ),
  ],
  [
    "a ListenerSet, whose listeners are merged by name",
    history(
      listenerSet("web", ["a.example.com", "b.example.com"]),
      { object: listenerSet("web", ["c.example.com"]), manager: "other" },
      { object: listenerSet("web", ["a.example.com"]) },
    ),
  ],
];

const backEnds: readonly (readonly [string, Platform])[] = [
  ["Ingress", defaultPlatform],
  ["Gateway API", { ...defaultPlatform, gateway: { name: "shared", namespace: "gateways" } }],
];

describeOnRealCluster("the embedded cluster and a real control plane", (cluster) => {
  const kubectl = namespacesOf(cluster);
  let embedded: DisposableCluster;
  let folder = "";
  let connections: readonly Connection[] = [];
  let apis: readonly KubeApi[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "docc-twins-"));
    embedded = await startCluster();
    connections = [
      connect({ kubeconfigText: embedded.kubeconfig, clock: systemClock }),
      connect({ kubeconfigPath: cluster.kubeconfigPath, clock: systemClock }),
    ];
    apis = connections.map((each) => createApi(each));
  });

  afterAll(async () => {
    for (const connection of connections) await connection.close();
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(histories)("answer the same about %s", async (_name, steps) => {
    const { namespace } = await kubectl.create();
    await apis[0]?.create(namespaces, { metadata: { name: namespace } });
    for (const [index, step] of steps.entries()) {
      const [here, there] = await Promise.all(apis.map((api) => answer(api, step, namespace)));
      expect(here, `step ${index}`).toEqual(there);
      if (index < 2) expect(here, "the first is accepted").toHaveProperty("body");
    }
  });

  it.each(backEnds)(
    "answer the same about what a manifest becomes by %s",
    async (_name, platform) => {
      const { namespace } = await kubectl.create();
      await apis[0]?.create(namespaces, { metadata: { name: namespace } });
      // The same manifests in every run: a difference is to be found here, not now and then.
      const objects = fc.sample(manifests, { numRuns: 12, seed: 1 }).flatMap((written) => {
        const { manifest } = parseManifest(JSON.stringify(written), { platform });
        return manifest === undefined ? [] : translate(manifest, platform);
      });
      expect(objects.length).toBeGreaterThan(24);
      for (const object of objects) {
        const step = { object: object as KubeObject, dryRun: true };
        const [here, there] = await Promise.all(apis.map((api) => answer(api, step, namespace)));
        expect(here).toEqual(there);
        expect(here).toHaveProperty("body");
      }
    },
  );

  it("print the same tables, and find the kinds by their short names", async () => {
    const { namespace } = await kubectl.create();
    await apis[0]?.create(namespaces, { metadata: { name: namespace } });
    const place = ["--namespace", namespace];
    const input = around.map((object) => JSON.stringify(object)).join("\n---\n");
    const tables = (await kubectlOfBoth(embedded, cluster, folder)).map(async (run) => {
      expect(await run(["apply", "--server-side", "-f", "-", ...place], { input })).toMatchObject({
        stderr: "",
        code: 0,
      });
      const shown = await run(["get", "hpa,pdb,ing,httproute,tlsroute,lset", ...place]);
      return shown.stdout.replaceAll(/\d+s(?=\n)/g, "now");
    });
    const [here, there] = await Promise.all(tables);
    expect(here).toBe(there);
    expect(here).toContain('["a.example.com","b.example.com"]');
  });
});

const around: readonly OpaqueObject[] = [
  autoscaler,
  disruptionBudget,
  ingress("web", ["a.example.com"]),
  httpRoute("web", ["a.example.com", "b.example.com"]),
  tlsRoute("web", ["c.example.com"]),
  listenerSet("web", ["a.example.com"]),
];

/** A kubectl for each of the two. */
async function kubectlOfBoth(
  embedded: DisposableCluster,
  { kubectlPath, kubeconfigPath }: RealCluster,
  folder: string,
): Promise<readonly Kubectl[]> {
  const embeddedPath = path.join(folder, "kubeconfig");
  await writeFile(embeddedPath, embedded.kubeconfig);
  return [embeddedPath, kubeconfigPath].map((file, index) =>
    kubectlFor(kubectlPath, file, path.join(folder, `cache-${index}`)),
  );
}

async function answer(api: KubeApi, step: Step, namespace: string): Promise<unknown> {
  const { object, manager = "docc", dryRun = false } = step;
  const placed = { ...object, metadata: { ...object.metadata, namespace } };
  try {
    return comparable(await api.apply(placed, { fieldManager: manager, dryRun }));
  } catch (error) {
    if (!isKubeError(error)) throw error;
    const { kind, conflicts } = error;
    return { kind, conflicts: conflicts.toSorted((a, b) => (a.field < b.field ? -1 : 1)) };
  }
}

/** Kinds whose status somebody writes as soon as they are stored. */
const controlled: ReadonlySet<string> = new Set([
  "Deployment",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
]);

/** Without what no two clusters have in common, and without what controllers write. */
function comparable(object: KubeObject): unknown {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { labels, generation, managedFields = [] } = metadata ?? {};
  const owners = managedFields
    .filter(({ operation }) => operation === "Apply")
    .map(({ time: _time, ...owner }) => owner)
    .toSorted((a, b) => ((a.manager ?? "") < (b.manager ?? "") ? -1 : 1));
  const born = metadata?.resourceVersion === "";
  const settled = controlled.has(kind ?? "") && !born ? { ...rest, status: undefined } : rest;
  const body = kind === "Service" ? withoutAddress(settled) : settled;
  return { apiVersion, kind, labels, generation, owners, body };
}

/** A real API server picks an address even in a dry run (docs/fidelity-cluster.md). */
function withoutAddress(service: OpaqueObject): object {
  const spec = isRecord(service.spec) ? service.spec : {};
  return { ...service, spec: { ...spec, clusterIP: undefined, clusterIPs: undefined } };
}
