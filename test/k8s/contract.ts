import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { connect, type Connection } from "../../src/k8s/connection.ts";
import {
  configMaps,
  customResourceDefinitions,
  defineKind,
  deployments,
  namespaces,
  nodes,
  pods,
  secrets,
} from "../../src/k8s/kinds.ts";
import type { OpaqueObject, Ref } from "../../src/k8s/objects.ts";
import { reflect } from "../../src/k8s/reflector.ts";
import { eventually, until } from "../support/until.ts";

/** A cluster that the contract may fill: it works in namespaces of its own and removes them. */
export interface ContractTarget {
  readonly kubeconfigPath?: string;
  readonly kubeconfigText?: string;
  /** What this target cannot do, and so cannot prove. */
  readonly lacks: readonly Ability[];
}

type Ability =
  /** Plays the images of sandbox/images.ts. */
  | "pods"
  /** Serves Gateway API's standard channel. */
  | "gateway"
  /** Validates built-in kinds: unknown fields, types, key syntax. */
  | "validation"
  /** Cuts a log at a byte, not at a line, as a kubelet does. */
  | "log bytes";

const widgets = defineKind<OpaqueObject>("contract.docc.dev/v1", "Widget", "widgets");
const foreignUid = "00000000-0000-4000-8000-000000000000";
const image = "registry.corp.example.com/demo/kubecon:2017";

/** What docc relies on of any API server, embedded or real. */
export function kubeApiContract(getTarget: () => Promise<ContractTarget>): void {
  let target: ContractTarget;
  let connection: Connection;
  let api: KubeApi;
  const namespace = `contract-${randomUUID().slice(0, 8)}`;
  const place = (name: string): { name: string; namespace: string } => ({ name, namespace });

  beforeAll(async () => {
    target = await getTarget();
    connection = connect({ ...target, clock: systemClock });
    api = createApi(connection);
    await api.create(namespaces, { metadata: { name: namespace } });
  });
  afterAll(async () => {
    await api.delete(namespaces, { name: namespace });
    await connection.close();
  });

  /** Skips the test where an ability is missing; the reporter shows the note. */
  const needs = (context: TestContext, ability: Ability): void =>
    context.skip(target.lacks.includes(ability), `this target has no ${ability}`);

  const configMap = (name: string, data: Record<string, string>, metadata: object = {}) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...place(name), ...metadata },
    data,
  });
  const deployment = (name: string, replicas: number, container: object = {}) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: place(name),
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "app", image, ...container }] },
      },
    },
  });
  const docc = { fieldManager: "docc" };

  it("tells its version and that it is ready", async () => {
    expect((await api.version()).gitVersion).toMatch(/^v1\.\d+/);
    expect(await api.ready()).toBe(true);
  });

  describe("objects", () => {
    it("are created once, found, listed and deleted", async () => {
      const created = await api.create(configMaps, configMap("once", { a: "1" }));
      expect(created.metadata.resourceVersion).not.toBe("");
      await expect(api.create(configMaps, configMap("once", { a: "2" }))).rejects.toMatchObject({
        kind: "already-exists",
      });
      expect((await api.get(configMaps, place("once"))).data).toEqual({ a: "1" });
      await api.delete(configMaps, place("once"));
      await expect(api.find(configMaps, place("once"))).resolves.toBeUndefined();
      await expect(api.get(configMaps, place("once"))).rejects.toMatchObject({ kind: "not-found" });
      await expect(api.delete(configMaps, place("once"))).rejects.toMatchObject({
        kind: "not-found",
      });
    });

    it("are replaced only in the state that was read", async () => {
      const read = await api.create(configMaps, configMap("cas", { a: "1" }));
      const outcomes = await Promise.allSettled(
        ["2", "3"].map(async (a) => api.replace(configMaps, { ...read, data: { a } })),
      );
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
        reason: { kind: "conflict", ambiguous: false },
      });
    });

    it("are deleted only when they are the very object", async () => {
      const { metadata } = await api.create(configMaps, configMap("fenced", {}));
      const ref = place("fenced");
      await expect(api.delete(configMaps, ref, { uid: foreignUid })).rejects.toMatchObject({
        kind: "conflict",
      });
      await api.delete(configMaps, ref, { uid: metadata.uid, dryRun: true });
      await expect(api.find(configMaps, ref)).resolves.toBeDefined();
      await api.delete(configMaps, ref, { uid: metadata.uid });
      await expect(api.find(configMaps, ref)).resolves.toBeUndefined();
    });

    it("are merged by a patch, where null removes", async () => {
      await api.create(configMaps, configMap("merged", { a: "1", b: "2" }));
      const patch = { data: { a: null, c: "3" } };
      const patched = await api.patch(configMaps, place("merged"), patch);
      expect(patched.data).toEqual({ b: "2", c: "3" });
    });

    it("that cannot be are refused without quoting their values", async (context) => {
      needs(context, "validation");
      const object = { metadata: place("bad"), stringData: { "no key": "hunter2-secret" } };
      const error = await api.create(secrets, object).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: "invalid", reason: "bad-input" });
      expect(String(error)).not.toContain("hunter2-secret");
    });

    it("of a kind that is not served are not merely absent", async () => {
      const none = defineKind<OpaqueObject>("none.docc.dev/v1", "None", "nones");
      await expect(api.find(none, place("a"))).rejects.toMatchObject({ kind: "not-served" });
    });
  });

  describe("server-side apply", () => {
    it("creates, changes, and leaves an equal object as it is", async () => {
      const first = await api.apply(configMap("applied", { a: "1", b: "1" }), docc);
      const again = await api.apply(configMap("applied", { a: "1", b: "1" }), docc);
      expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      const changed = await api.apply(configMap("applied", { a: "2" }), docc);
      expect(changed.data).toEqual({ a: "2" });
      expect(changed.metadata.uid).toBe(first.metadata.uid);
    });

    it("keeps every character of a text, though what is applied is read as YAML", async () => {
      const characters = Array.from({ length: 0xd7ff }, (_, code) =>
        String.fromCodePoint(code + 1),
      );
      const a = `${characters.join("")}\ue000\ufdd0\ufeff\ufffd\ufffe\uffff\u{1f680}\u{10ffff}`;
      expect((await api.apply(configMap("characters", { a }), docc)).data).toEqual({ a });
      expect((await api.get(configMaps, place("characters"))).data).toEqual({ a });
    });

    it("names who owns which field, and takes it over only by force", async () => {
      await api.apply(deployment("owned", 1), docc);
      await api.patch(
        deployments,
        place("owned"),
        { spec: { replicas: 2 } },
        {
          fieldManager: "somebody",
        },
      );
      await expect(api.apply(deployment("owned", 3), docc)).rejects.toMatchObject({
        kind: "apply-conflict",
        conflicts: [{ manager: "somebody", field: ".spec.replicas" }],
      });
      const forced = await api.apply(deployment("owned", 3), { ...docc, force: true });
      expect(forced.spec.replicas).toBe(3);
    });

    it("keeps containers apart by their names in conflicts", async () => {
      await api.apply(deployment("imaged", 1), docc);
      const other = { ...deployment("imaged", 1, { image: `${image}-other` }) };
      await expect(api.apply(other, { fieldManager: "other" })).rejects.toMatchObject({
        conflicts: [{ manager: "docc", field: '.spec.template.spec.containers[name="app"].image' }],
      });
    });

    it("stores nothing in a dry run", async () => {
      const dry = await api.apply(configMap("dry", { a: "1" }), { ...docc, dryRun: true });
      expect(dry.data).toEqual({ a: "1" });
      await expect(api.find(configMaps, place("dry"))).resolves.toBeUndefined();
    });

    it("takes uid and resource version as a fence", async () => {
      const foreign = configMap("guarded", { a: "2" }, { uid: foreignUid });
      await expect(api.apply(foreign, docc)).rejects.toMatchObject({ kind: "conflict" });
      const { metadata } = await api.apply(configMap("guarded", { a: "1" }), docc);
      await expect(api.apply(foreign, docc)).rejects.toMatchObject({ kind: "conflict" });
      const { uid, resourceVersion } = metadata;
      await api.apply(configMap("guarded", { a: "2" }, { uid, resourceVersion }), docc);
      await expect(
        api.apply(configMap("guarded", { a: "3" }, { uid, resourceVersion }), docc),
      ).rejects.toMatchObject({ kind: "conflict" });
    });

    it("refuses unknown fields and wrong types as invalid, without quoting values", async (context) => {
      needs(context, "validation");
      const unknown = deployment("strict", 1, { imagee: "hunter2-secret" });
      const mistyped = deployment("strict", 1, {
        env: [{ name: "A", value: { b: "hunter2-secret" } }],
      });
      for (const object of [unknown, mistyped]) {
        const error = await api.apply(object, docc).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ kind: "invalid", ambiguous: false });
        expect(String(error)).not.toContain("hunter2-secret");
      }
    });
  });

  describe("lists and watches", () => {
    it("list kinds without namespaces", async () => {
      const { items } = await api.listAll(nodes);
      expect(items.length).toBeGreaterThan(0);
      expect(items[0]?.metadata.namespace).toBeUndefined();
    });

    it("list in pages by label and by field", async () => {
      const labels = { part: "paged" };
      for (const name of ["p1", "p2", "p3", "p4", "p5"]) {
        await api.create(configMaps, configMap(name, {}, { labels }));
      }
      const selection = { namespace, labelSelector: "part=paged" };
      const sizes: number[] = [];
      for await (const page of api.list(configMaps, { ...selection, limit: 2 })) {
        sizes.push(page.items.length);
      }
      expect(sizes).toEqual([2, 2, 1]);
      const all = await api.listAll(configMaps, { ...selection, limit: 2 });
      expect(all.items.map(({ metadata }) => metadata.name)).toEqual([
        "p1",
        "p2",
        "p3",
        "p4",
        "p5",
      ]);
      const one = await api.listAll(configMaps, { namespace, fieldSelector: "metadata.name=p3" });
      expect(one.items.map(({ metadata }) => metadata.name)).toEqual(["p3"]);
      expect(one.items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
    });

    it("watch what happens after a list, in order, until the time is over", async () => {
      const selection = { namespace, labelSelector: "part=watched" };
      const { resourceVersion } = await api.listAll(configMaps, selection);
      const labels = { part: "watched" };
      await api.create(configMaps, configMap("w", { a: "1" }, { labels }));
      await api.patch(configMaps, place("w"), { data: { a: "2" } });
      await api.delete(configMaps, place("w"));
      const seen: string[] = [];
      const watch = { ...selection, resourceVersion, timeoutSeconds: 1, idleMs: 10_000 };
      for await (const event of api.watch(configMaps, watch)) {
        if (event.type !== "bookmark") {
          seen.push(`${event.type} ${event.object.metadata.name}`);
        }
      }
      expect(seen).toEqual(["added w", "modified w", "deleted w"]);
    });

    it("reflect objects with their changes", async () => {
      const labels = { part: "reflected" };
      await api.create(configMaps, configMap("r1", { a: "1" }, { labels }));
      const told: string[] = [];
      const reflector = reflect(api, configMaps, {
        namespace,
        labelSelector: "part=reflected",
        project: ({ data }) => data?.["a"],
        onChange: ({ type, key }) => told.push(`${type} ${key}`),
        clock: systemClock,
        random: Math.random,
      });
      await reflector.synced();
      expect(reflector.get(`${namespace}/r1`)).toBe("1");
      await api.patch(configMaps, place("r1"), { data: { a: "2" } });
      await until("the change is seen", () => reflector.get(`${namespace}/r1`) === "2");
      await api.create(configMaps, configMap("r2", { a: "3" }, { labels }));
      await api.delete(configMaps, place("r1"));
      await until("both are seen", () => told.length === 4);
      expect(told).toEqual(
        ["added", "modified", "added", "deleted"].map(
          (type, index) => `${type} ${namespace}/${index === 2 ? "r2" : "r1"}`,
        ),
      );
      await reflector.stop();
    });
  });

  describe("custom resources", () => {
    beforeAll(async () => {
      const name = `${widgets.plural}.${widgets.group}`;
      if ((await api.find(customResourceDefinitions, { name })) === undefined) {
        await api.create(customResourceDefinitions, widgetDefinition(name));
      }
      await eventually("widgets are served", async () =>
        api.listAll(widgets).catch(() => undefined),
      );
    });

    it("keep spec and status apart", async () => {
      const created = await api.create(widgets, {
        metadata: place("w"),
        spec: { size: "1" },
        status: { phase: "forged" },
      });
      expect(created.status).toBeUndefined();
      const status = { phase: "true" };
      const withStatus = await api.replace(
        widgets,
        { ...created, spec: { size: "forged" }, status },
        { subresource: "status" },
      );
      expect([withStatus.spec, withStatus.status]).toEqual([{ size: "1" }, status]);
      expect(withStatus.metadata.generation).toBe(created.metadata.generation);
      await expect(
        api.replace(widgets, { ...created, status }, { subresource: "status" }),
      ).rejects.toMatchObject({ kind: "conflict" });
      const patch = { status: { phase: "patched" } };
      const patched = await api.patch(widgets, place("w"), patch, { subresource: "status" });
      expect(patched.status).toEqual({ phase: "patched" });
    });
  });

  describe("logs", () => {
    const lines = ["kubecon 2017 starting", "listening on :8080"];

    /** A pod that has written both lines. */
    const loggingPod = async (): Promise<Ref> => {
      await api.apply(deployment("logging", 1), docc);
      return eventually("a pod has written its log", async () => {
        const { items } = await api.listAll(pods, { namespace, labelSelector: "app=logging" });
        const running = items.find(({ status }) => status?.phase === "Running");
        if (running === undefined) {
          return undefined;
        }
        const ref = place(running.metadata.name);
        const log = await api.readLogs(ref, { container: "app" });
        return log.includes("listening") ? ref : undefined;
      });
    };

    it("are read whole, from their end, and with times", async (context) => {
      needs(context, "pods");
      const ref = await loggingPod();
      expect((await api.readLogs(ref)).trimEnd().split("\n")).toEqual(lines);
      expect((await api.readLogs(ref, { tailLines: 1 })).trimEnd()).toBe(lines[1]);
      expect(await api.readLogs(ref, { timestamps: true })).toMatch(/^\d{4}-\d\d-\d\dT\S+ kubecon/);
    });

    it("are cut by the cluster at a number of bytes", async (context) => {
      needs(context, "pods");
      needs(context, "log bytes");
      expect(await api.readLogs(await loggingPod(), { limitBytes: 7 })).toBe("kubecon");
    });

    it("are followed until the caller has enough", async (context) => {
      needs(context, "pods");
      const ref = await loggingPod();
      const abort = new AbortController();
      const followed: string[] = [];
      for await (const line of api.followLogs(ref, { signal: abort.signal })) {
        followed.push(line);
        if (followed.length === lines.length) {
          abort.abort();
        }
      }
      expect(followed).toEqual(lines);
    });

    it("of a pod that is not there are not found", async () => {
      await expect(api.readLogs(place("nobody"))).rejects.toMatchObject({ kind: "not-found" });
    });
  });
}

function widgetDefinition(name: string) {
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    metadata: { name },
    spec: {
      group: widgets.group,
      scope: "Namespaced",
      names: { plural: widgets.plural, kind: widgets.kind, singular: "widget" },
      versions: [
        {
          name: widgets.version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: { type: "object", properties: { spec: anything, status: anything } },
          },
        },
      ],
    },
  };
}
