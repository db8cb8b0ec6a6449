import type { Clock } from "../../../src/clock.ts";
import { type ApiClient, ApiError } from "../api-client.ts";
import { timestamp } from "./types.ts";

export interface NodeOptions {
  readonly name: string;
  readonly pods: number;
  readonly kubeletPort: number;
  readonly zone: string;
  readonly version: string;
}

/** How often a kubelet renews its node's lease, and how long the lease holds. */
export const leaseRenewMs = 10_000;
const leaseSeconds = 40;

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly taints?: readonly unknown[] };
  }[];
}

export async function registerNode(
  api: ApiClient,
  options: NodeOptions,
  now: number,
): Promise<void> {
  await api.request("POST", "/api/v1/nodes", { body: node(options, now) });
}

/** Whether every node is there and free of the taint that a new node carries until it is Ready. */
export async function nodesReady(api: ApiClient, names: readonly string[]): Promise<boolean> {
  const { items } = await api.request<NodeList>("GET", "/api/v1/nodes");
  const free = items.filter((item) => (item.spec.taints ?? []).length === 0);
  const ready = new Set(free.map((item) => item.metadata.name));
  return names.every((name) => ready.has(name));
}

/** Creates or renews a node's lease: without it the node would be NotReady after 50 s. */
export async function renewLease(api: ApiClient, clock: Clock, name: string): Promise<void> {
  const collection = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  // MicroTime wants six digits.
  const renewTime = new Date(clock.now()).toISOString().replace("Z", "000Z");
  const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime };
  try {
    await api.request("PATCH", `${collection}/${name}`, {
      body: { spec },
      contentType: "application/merge-patch+json",
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
    await api.request("POST", collection, {
      body: { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec },
    });
  }
}

function node(options: NodeOptions, now: number): object {
  const { name, zone, version } = options;
  const resources = {
    cpu: "64",
    memory: "256Gi",
    "ephemeral-storage": "1Ti",
    pods: String(options.pods),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "rig",
        "topology.kubernetes.io/zone": zone,
      },
    },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: "InternalIP", address: "127.0.0.1" },
        { type: "Hostname", address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: options.kubeletPort } },
      nodeInfo: {
        machineID: name,
        systemUUID: name,
        bootID: name,
        kernelVersion: "6.0.0",
        osImage: "docc fake node",
        containerRuntimeVersion: "containerd://2.0.0-fake",
        kubeletVersion: version,
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
      conditions: nodeConditions(timestamp(now)),
    },
  };
}

function nodeConditions(at: string): object[] {
  const condition = (type: string, status: string, reason: string, message: string): object => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  return [
    condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "memory is sufficient"),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "no disk pressure"),
    condition("PIDPressure", "False", "KubeletHasSufficientPID", "process ids are sufficient"),
    condition("Ready", "True", "KubeletReady", "the fake kubelet is posting ready status"),
  ];
}
