import { describe, expect, it } from "vitest";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import type { Planned } from "../../src/controller/applying.ts";
import { clearTheWay, prune, superfluous } from "../../src/controller/pruning.ts";
import type { Cluster } from "../../src/k8s/cluster.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { createLogger } from "../../src/log.ts";
import type { ObjectRef, PlannedObject } from "../../src/release/release.ts";
import type { Application } from "../../src/release/release.ts";

const ref = (kind: string, name = "shop", namespace = "apps"): ObjectRef => ({
  apiVersion: "v1",
  kind,
  namespace,
  name,
});

const change = (kind: string, action: PlannedObject["action"], name?: string): PlannedObject => ({
  ...ref(kind, name),
  action,
  note: "",
  takesOver: [],
  ...(action === "prune" ? { uid: `uid-of-${kind}` } : {}),
});

const ours = { "app.kubernetes.io/managed-by": "docc", "app.kubernetes.io/instance": "shop" };

/** A cluster that knows what is there, keeps what it must not let go, and notes what was asked. */
function rig(there: readonly (ObjectRef & { readonly labels?: object })[], keeps: string[] = []) {
  const removed: string[] = [];
  let inventory = there.map(({ apiVersion, kind, namespace, name }) => ({
    apiVersion,
    kind,
    namespace,
    name,
  }));
  const head = (): Application =>
    ({
      metadata: { name: "production.shop" },
      spec: { app: "shop", environment: "production" },
      status: { nextRevision: 3, inventory },
    }) as unknown as Application;
  const cluster = {
    find: ({ kind, name }: ObjectRef) => {
      const found = there.find((each) => each.kind === kind && each.name === name);
      const metadata = { name, namespace: "apps", uid: `uid-of-${kind}`, resourceVersion: "1" };
      return Promise.resolve(
        found && { ...found, metadata: { ...metadata, labels: found.labels ?? ours } },
      );
    },
    remove: async (ref: ObjectRef, { uid, isOurs }: Parameters<Cluster["remove"]>[1]) => {
      if (keeps.includes(ref.kind)) throw new KubeError("forbidden", "No right.");
      const live = await cluster.find(ref);
      if (live !== undefined && !isOurs(live as unknown as Parameters<typeof isOurs>[0]))
        return false;
      removed.push(`${ref.kind} ${uid}`);
      return true;
    },
  };
  const ports = {
    log: createLogger("silent"),
    cache: { rememberApplication: () => undefined },
    records: {
      application: () => Promise.resolve(head()),
      writeApplication: (_head: Application, status: { inventory: ObjectRef[] }) => {
        ({ inventory } = status);
        return Promise.resolve(head());
      },
    },
  };
  return {
    env: { name: "production", cluster, platform: { namespace: "apps" } } as unknown as Environment,
    ports: ports as unknown as ControllerPorts,
    head,
    removed,
    inventory: () => inventory.map(({ kind }) => kind),
  };
}

const planned = (changes: readonly PlannedObject[]): Planned =>
  ({ app: "shop", plan: { changes } }) as unknown as Planned;

const asObject = ({ apiVersion, kind, namespace, name }: ObjectRef) => ({
  apiVersion,
  kind,
  metadata: { name, namespace, labels: {} },
  spec: {},
});

describe("what is superfluous", () => {
  it("is what the inventory has and the plan has not, if it is there and docc's for the app", async () => {
    const others = { ...ours, "app.kubernetes.io/instance": "cart" };
    const { env, head } = rig([
      ref("Deployment"),
      ref("Ingress"),
      { ...ref("Service"), labels: others },
      { ...ref("Secret"), labels: {} },
      ref("Certificate", "shop", "elsewhere"),
    ]);
    const found = await superfluous([asObject(ref("Deployment"))], head(), env);
    expect(found.map(({ kind, metadata }) => [kind, metadata.uid])).toEqual([
      ["Ingress", "uid-of-Ingress"],
    ]);
  });
});

describe("pruning", () => {
  it("removes each object by its uid, and forgets it", async () => {
    const { env, ports, removed, inventory } = rig([ref("Deployment"), ref("Ingress")]);
    const release = planned([change("Deployment", "change"), change("Ingress", "prune")]);
    expect(await prune(release, env, ports)).toEqual([]);
    expect(removed).toEqual(["Ingress uid-of-Ingress"]);
    expect(inventory()).toEqual(["Deployment"]);
  });

  it("goes on where the cluster refuses, and remembers what stays", async () => {
    const { env, ports, removed, inventory } = rig([ref("Ingress"), ref("Service")], ["Ingress"]);
    const release = planned([change("Ingress", "prune"), change("Service", "prune")]);
    expect(await prune(release, env, ports)).toEqual([ref("Ingress")]);
    expect(removed).toEqual(["Service uid-of-Service"]);
    expect(inventory()).toEqual(["Ingress"]);
  });

  it("leaves and forgets what somebody has taken over since the plan", async () => {
    const cart = { ...ours, "app.kubernetes.io/instance": "cart" };
    const { env, ports, removed, inventory } = rig([
      { ...ref("Ingress"), labels: { ...ours, "app.kubernetes.io/managed-by": "helm" } },
      { ...ref("Service"), labels: cart },
      { ...ref("HorizontalPodAutoscaler"), labels: {} },
      ref("Certificate"),
    ]);
    const kinds = ["Ingress", "Service", "HorizontalPodAutoscaler", "Certificate"];
    const release = planned(kinds.map((kind) => change(kind, "prune")));
    await clearTheWay(release, env);
    expect(removed).toEqual([]);
    expect(await prune(release, env, ports)).toEqual(kinds.slice(0, 3).map((kind) => ref(kind)));
    expect(removed).toEqual(["Certificate uid-of-Certificate"]);
    expect(inventory()).toEqual([]);
  });

  it("takes an autoscaler out of the way of a fixed scale, and nothing else", async () => {
    const { env, removed } = rig([]);
    await clearTheWay(
      planned([change("HorizontalPodAutoscaler", "prune"), change("Ingress", "prune")]),
      env,
    );
    expect(removed).toEqual(["HorizontalPodAutoscaler uid-of-HorizontalPodAutoscaler"]);
  });

  it("leaves an autoscaler that another one replaces until that one works", async () => {
    const { env, removed } = rig([]);
    await clearTheWay(
      planned([
        change("HorizontalPodAutoscaler", "create", "shop"),
        change("HorizontalPodAutoscaler", "prune", "old"),
      ]),
      env,
    );
    expect(removed).toEqual([]);
  });
});
