import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import { type SandboxImage, sandboxImages } from "../../sandbox/images.ts";
import type { ApiClient, KubernetesObject } from "./api-client.ts";
import { EventRecorder } from "./kubelet/event-recorder.ts";
import {
  type LogAnswer,
  type ReadLog,
  type ServingCertificate,
  startLogServer,
} from "./kubelet/log-server.ts";
import { logSource, logText, parseLogQuery } from "./kubelet/logs.ts";
import {
  leaseRenewMs,
  type NodeOptions,
  nodesReady,
  registerNode,
  renewLease,
} from "./kubelet/nodes.ts";
import { PodWorkers } from "./kubelet/pod-workers.ts";
import { reflect } from "./kubelet/reflector.ts";
import type { KeysOf } from "./kubelet/references.ts";
import { defaultTiming, type Pod } from "./kubelet/types.ts";

export interface KubeletOptions {
  /** How many nodes; 3 by default, in three zones. */
  readonly nodes?: number;
  /** How many pods fit on each; 110 by default, as on a real node. */
  readonly podsPerNode?: number;
  /** What the pods' images do; the sandbox's own by default. */
  readonly images?: readonly SandboxImage[];
  /** First back-off after a crash or a failed pull, 10 000 ms by default; it doubles up to thirty times this. */
  readonly crashBackoffMs?: number;
  readonly clock?: Clock;
}

/** One process that is the kubelet of several nodes, playing pods instead of running them. */
export interface Kubelet {
  /** Whether pods can be scheduled on every node. */
  ready(): Promise<boolean>;
  stop(): Promise<void>;
}

/**
 * Registers the nodes and plays their pods until stopped. What each image does is in
 * sandbox/images.ts; states, messages and events are those of Kubernetes 1.35's own kubelet.
 */
export async function startKubelet(
  api: ApiClient,
  certificate: ServingCertificate,
  options: KubeletOptions = {},
): Promise<Kubelet> {
  const clock = options.clock ?? systemClock;
  const images = options.images ?? sandboxImages;
  const timing = { ...defaultTiming, backOffMs: options.crashBackoffMs ?? defaultTiming.backOffMs };
  const stop = new AbortController();
  const keys = new KeyIndex();
  const recorder = new EventRecorder(api, clock);
  const workers = new PodWorkers(api, clock, recorder, (now) => ({
    images,
    timing,
    keysOf: keys.of,
    now,
  }));
  const logs = await startLogServer(certificate, logReader(workers, images, clock));
  const { gitVersion } = await api.request<{ gitVersion: string }>("GET", "/version");
  const nodes = nodeOptions(options, logs.port, gitVersion);
  const names = new Set(nodes.map((node) => node.name));
  for (const node of nodes) {
    await renewLease(api, clock, node.name);
    await registerNode(api, node, clock.now());
  }

  const subscribe = { api, clock, signal: stop.signal };
  const followKeys = async (kind: Keyed, collection: string): Promise<void> =>
    reflect<DataObject>({
      ...subscribe,
      collection,
      handler: {
        set: (object) => {
          keys.set(kind, object);
          workers.nudge(object.metadata.namespace ?? "");
        },
        delete: (object) => keys.delete(kind, object),
      },
    });
  const followPods = async (): Promise<void> =>
    reflect<Pod>({
      ...subscribe,
      collection: "/api/v1/pods",
      fieldSelector: "spec.nodeName!=",
      handler: {
        set: (pod) => {
          if (names.has(pod.spec.nodeName ?? "")) workers.set(pod);
        },
        delete: (pod) => workers.delete(pod),
      },
    });
  const loops = [
    followKeys("Secret", "/api/v1/secrets"),
    followKeys("ConfigMap", "/api/v1/configmaps"),
    followPods(),
    heartbeat(api, clock, [...names], stop.signal),
  ];

  return {
    ready: async () => nodesReady(api, [...names]),
    stop: async () => {
      stop.abort();
      workers.stop();
      await logs.stop();
      await Promise.all(loops);
    },
  };
}

type Keyed = "Secret" | "ConfigMap";

interface DataObject extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** The names of the keys of every Secret and ConfigMap; never their values. */
class KeyIndex {
  readonly #keys = new Map<string, ReadonlySet<string>>();

  readonly of: KeysOf = (kind, namespace, name) => this.#keys.get(`${kind}/${namespace}/${name}`);

  set(kind: Keyed, { metadata, data, binaryData }: DataObject): void {
    const names = new Set([...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})]);
    this.#keys.set(`${kind}/${metadata.namespace}/${metadata.name}`, names);
  }

  delete(kind: Keyed, { metadata }: DataObject): void {
    this.#keys.delete(`${kind}/${metadata.namespace}/${metadata.name}`);
  }
}

function nodeOptions(options: KubeletOptions, kubeletPort: number, version: string): NodeOptions[] {
  return Array.from({ length: options.nodes ?? 3 }, (_, index) => ({
    name: `node-${index + 1}`,
    pods: options.podsPerNode ?? 110,
    kubeletPort,
    zone: `zone-${(index % 3) + 1}`,
    version,
  }));
}

async function heartbeat(
  api: ApiClient,
  clock: Clock,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(clock, leaseRenewMs, signal).catch(() => undefined);
    for (const name of names) {
      if (signal.aborted) return;
      // A lost renewal is made up for by the next: the lease holds four times as long.
      await renewLease(api, clock, name).catch(() => undefined);
    }
  }
}

function logReader(workers: PodWorkers, images: readonly SandboxImage[], clock: Clock): ReadLog {
  return (namespace, podName, name, parameters): LogAnswer => {
    const found = workers.find(namespace, podName);
    if (found === undefined) return { status: 404, refused: `pod "${podName}" does not exist\n` };
    const { pod, runtime } = found;
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const spec = all.find((container) => container.name === name);
    if (spec === undefined) {
      return { status: 404, refused: `container "${name}" not found in pod "${podName}"\n` };
    }
    const query = parseLogQuery(parameters, clock.now());
    const source = logSource(podName, name, runtime.containers[name], query.previous);
    if ("refused" in source) return { status: 400, refused: source.refused };
    const follows = query.follow && source.live;
    return {
      text: logText(images, spec.image, source.startedAt, query),
      ended: follows ? workers.runEnds(pod.metadata.uid, name) : undefined,
    };
  };
}
