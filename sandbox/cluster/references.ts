import { timeOf } from "./facade/write.ts";
import type { Catalogue } from "./facade/definitions.ts";
import { at, type Json, type KubeObject, listAt, objectAt, stringAt } from "./facade/json.ts";
import type { Store } from "./facade/store.ts";
import type { Engine } from "./webernetes.ts";

/*
 * What webernetes' kubelet leaves out: volumes and environment from Secrets and ConfigMaps. A pod
 * that mounts one that is missing stays in ContainerCreating with FailedMount events; a container
 * that refers to a missing one or to a missing key waits in CreateContainerConfigError, until it
 * appears (kubelet_pods.go `makeEnvironmentVariables`, volume manager `WaitForAttachAndMount`).
 */

type Data = { readonly [key: string]: string };

type Lookup = (
  kind: "secrets" | "configmaps",
  namespace: string,
  name: string,
) => Promise<Data | undefined>;

const nouns = { secrets: "secret", configmaps: "configmap" } as const;

/** Teaches every simulated kubelet to resolve references against the facade's store. */
export function resolveReferences(engine: Engine, store: Store, catalogue: Catalogue): void {
  const lookup: Lookup = async (kind, namespace, name) => {
    const resource = catalogue.find("v1", kind);
    const object = resource === undefined ? undefined : await store.get(resource, namespace, name);
    return object === undefined ? undefined : dataOf(kind, object);
  };
  for (const { kubelet, name: node } of engine.servers) {
    const runtime = kubelet.containerRuntime;
    const syncPod = runtime.syncPod.bind(runtime);
    runtime.syncPod = async (context, pod, ...rest) => {
      const missing = await missingVolume(pod as KubeObject, lookup);
      if (missing !== undefined) {
        await failedMount(engine, pod as KubeObject, node, missing);
        throw new Error(missing);
      }
      return syncPod(context, pod, ...rest);
    };
    const makeEnvironment = kubelet.makeEnvironmentVariables.bind(kubelet);
    kubelet.makeEnvironmentVariables = async (context, pod, container, podIP, podIPs) => {
      const namespace = stringAt(pod as Json, "metadata", "namespace") ?? "default";
      const resolved = await environment(container as Json, namespace, lookup);
      if (typeof resolved === "string") return [[], new Error(resolved)];
      return makeEnvironment(context, pod, resolved, podIP, podIPs);
    };
  }
}

function dataOf(kind: "secrets" | "configmaps", object: KubeObject): Data {
  const entries = Object.entries(objectAt(object, "data")).map(([key, value]) => {
    const raw = typeof value === "string" ? value : "";
    return [key, kind === "secrets" ? Buffer.from(raw, "base64").toString() : raw] as const;
  });
  return Object.fromEntries(entries);
}

/** The kubelet's message for the first volume it cannot set up. */
async function missingVolume(pod: KubeObject, lookup: Lookup): Promise<string | undefined> {
  const namespace = pod.metadata.namespace ?? "default";
  for (const volume of listAt(pod, "spec", "volumes")) {
    const sources = [
      ["secrets", objectAt(volume, "secret"), stringAt(volume, "secret", "secretName")],
      ["configmaps", objectAt(volume, "configMap"), stringAt(volume, "configMap", "name")],
    ] as const;
    for (const [kind, source, name] of sources) {
      if (name === undefined || source["optional"] === true) continue;
      const data = await lookup(kind, namespace, name);
      const prefix = `MountVolume.SetUp failed for volume "${stringAt(volume, "name") ?? ""}" : `;
      if (data === undefined) return `${prefix}${nouns[kind]} "${name}" not found`;
      const absent = listAt(source, "items").find(
        (item) => data[stringAt(item, "key") ?? ""] === undefined,
      );
      if (absent !== undefined)
        return `${prefix}references non-existent ${nouns[kind]} key: ${stringAt(absent, "key") ?? ""}`;
    }
  }
  return undefined;
}

async function failedMount(
  engine: Engine,
  pod: KubeObject,
  node: string,
  message: string,
): Promise<void> {
  const { name, namespace = "default", uid } = pod.metadata;
  const time = timeOf(engine.clock.nowMs());
  await engine.api.corev1.createNamespacedEvent({
    namespace,
    body: {
      metadata: { generateName: `${name}.`, namespace },
      involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid },
      reason: "FailedMount",
      message,
      type: "Warning",
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
      source: { component: "kubelet", host: node },
      reportingComponent: "kubelet",
      reportingInstance: node,
    },
  });
}

/** The container with plain values in `env`, or the kubelet's message about what is missing. */
async function environment(
  container: Json,
  namespace: string,
  lookup: Lookup,
): Promise<Json | string> {
  const env: Json[] = [];
  for (const source of listAt(container, "envFrom")) {
    for (const [kind, member] of [
      ["secrets", "secretRef"],
      ["configmaps", "configMapRef"],
    ] as const) {
      const name = stringAt(source, member, "name");
      if (name === undefined) continue;
      const data = await lookup(kind, namespace, name);
      if (data === undefined && at(source, member, "optional") !== true)
        return `${nouns[kind]} "${name}" not found`;
      const prefix = stringAt(source, "prefix") ?? "";
      for (const [key, value] of Object.entries(data ?? {}))
        env.push({ name: prefix + key, value });
    }
  }
  for (const entry of listAt(container, "env")) {
    const resolved = await variable(entry, namespace, lookup);
    if (typeof resolved === "string") return resolved;
    if (resolved !== undefined) env.push(resolved);
  }
  return { ...objectAt(container), env };
}

async function variable(
  entry: Json,
  namespace: string,
  lookup: Lookup,
): Promise<Json | string | undefined> {
  for (const [kind, member] of [
    ["secrets", "secretKeyRef"],
    ["configmaps", "configMapKeyRef"],
  ] as const) {
    const name = stringAt(entry, "valueFrom", member, "name");
    if (name === undefined) continue;
    const key = stringAt(entry, "valueFrom", member, "key") ?? "";
    const optional = at(entry, "valueFrom", member, "optional") === true;
    const data = await lookup(kind, namespace, name);
    const value = data?.[key];
    if (value !== undefined) return { name: stringAt(entry, "name") ?? "", value };
    if (optional) return undefined;
    if (data === undefined) return `${nouns[kind]} "${name}" not found`;
    const noun = kind === "secrets" ? "Secret" : "ConfigMap";
    return `couldn't find key ${key} in ${noun} ${namespace}/${name}`;
  }
  return entry;
}
