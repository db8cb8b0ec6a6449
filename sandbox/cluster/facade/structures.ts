import type { Structure } from "./structure.ts";

/*
 * The structures of the built-in kinds: only what differs from the deduced default, as a
 * kube-apiserver 1.35 publishes it under /openapi/v3 (x-kubernetes-list-type, -list-map-keys,
 * -map-type, -patch-merge-key).
 */

const atomic: Structure = { atomic: true };
const set: Structure = { list: { kind: "set" } };

function keyed(
  keys: readonly string[],
  item: Structure = {},
  mergeKey: string = keys[0] ?? "name",
): Structure {
  const defaults = keys.includes("protocol") ? { protocol: "TCP" } : {};
  return { list: { kind: "map", keys, defaults, item, mergeKey } };
}

const fields = (entries: { readonly [field: string]: Structure }): Structure => ({
  fields: entries,
});

const metadata = fields({ finalizers: set, ownerReferences: keyed(["uid"], atomic) });
const conditions = keyed(["type"]);

const resources = fields({ claims: keyed(["name"]) });

const withSecret = fields({ secretRef: atomic, nodePublishSecretRef: atomic });
const networkVolumes = [
  "cephfs",
  "cinder",
  "csi",
  "flexVolume",
  "iscsi",
  "rbd",
  "scaleIO",
  "storageos",
];

const volume = fields({
  ...Object.fromEntries(networkVolumes.map((kind) => [kind, withSecret])),
  ephemeral: fields({
    volumeClaimTemplate: fields({
      metadata,
      spec: fields({ dataSource: atomic, selector: atomic }),
    }),
  }),
});

const container = fields({
  env: keyed(
    ["name"],
    fields({
      valueFrom: fields({
        configMapKeyRef: atomic,
        fieldRef: atomic,
        fileKeyRef: atomic,
        resourceFieldRef: atomic,
        secretKeyRef: atomic,
      }),
    }),
  ),
  ports: keyed(["containerPort", "protocol"]),
  resources,
  volumeDevices: keyed(["devicePath"]),
  volumeMounts: keyed(["mountPath"]),
});

const podSpec = fields({
  affinity: fields({
    nodeAffinity: fields({ requiredDuringSchedulingIgnoredDuringExecution: atomic }),
  }),
  containers: keyed(["name"], container),
  ephemeralContainers: keyed(["name"], container),
  hostAliases: keyed(["ip"]),
  imagePullSecrets: keyed(["name"], atomic),
  initContainers: keyed(["name"], container),
  nodeSelector: atomic,
  resourceClaims: keyed(["name"]),
  resources,
  schedulingGates: keyed(["name"]),
  topologySpreadConstraints: keyed(
    ["topologyKey", "whenUnsatisfiable"],
    fields({ labelSelector: atomic }),
  ),
  volumes: keyed(["name"], volume),
});

const template = fields({ metadata, spec: podSpec });

const workload = fields({
  metadata,
  spec: fields({ selector: atomic, template }),
  status: fields({ conditions }),
});

const httpBackend = fields({ resource: atomic, service: fields({ port: atomic }) });

/** By group/kind, `/Kind` for the core group. */
export const builtinStructures: { readonly [groupKind: string]: Structure } = {
  "apps/Deployment": workload,
  "apps/ReplicaSet": workload,
  "/Pod": fields({
    metadata,
    spec: podSpec,
    status: fields({
      conditions,
      podIPs: keyed(["ip"]),
      resourceClaimStatuses: keyed(["name"]),
      resources,
    }),
  }),
  "/Service": fields({
    metadata,
    spec: fields({
      ports: keyed(["port", "protocol"]),
      selector: atomic,
    }),
    status: fields({ conditions }),
  }),
  "/Node": fields({
    metadata,
    spec: fields({ podCIDRs: set }),
    status: fields({ addresses: keyed(["type"]), conditions }),
  }),
  "/Namespace": fields({ metadata, status: fields({ conditions }) }),
  "/Event": fields({ metadata, involvedObject: atomic, related: atomic }),
  "/ServiceAccount": fields({ metadata, secrets: keyed(["name"], atomic) }),
  "networking.k8s.io/Ingress": fields({ metadata, spec: fields({ defaultBackend: httpBackend }) }),
  "autoscaling/HorizontalPodAutoscaler": fields({ metadata, status: fields({ conditions }) }),
  "policy/PodDisruptionBudget": fields({
    metadata,
    spec: fields({ selector: atomic }),
    status: fields({ conditions }),
  }),
  "cert-manager.io/Certificate": fields({ metadata, status: fields({ conditions }) }),
  "apiextensions.k8s.io/CustomResourceDefinition": fields({
    metadata,
    status: fields({ conditions }),
  }),
};

/** For kinds without a schema: only the metadata every object shares. */
export const metadataOnly: Structure = fields({ metadata });
