import { type Defaulter, defaulters } from "./defaults.ts";
import { type KubeObject, stringAt } from "./json.ts";
import type { Structure } from "./structure.ts";
import { builtinStructures, metadataOnly } from "./structures.ts";

/** A column of `kubectl get`, answered by the server as a Table. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** A dotted path with optional list indices, as in `additionalPrinterColumns`. */
  readonly path: string;
  /** Columns above 0 appear in `-o wide` only. */
  readonly priority: number;
  readonly description: string;
}

/** One kind at one version, as discovery lists it and the facade serves it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** The store's folder below `/registry/`; every version of a kind shares it. */
  readonly folder: string;
  readonly builtin: boolean;
  readonly hasStatus: boolean;
  readonly hasScale: boolean;
  /** Whether `metadata.generation` counts changes of the desired state. */
  readonly counted: boolean;
  readonly structure: Structure;
  readonly complete: Defaulter;
  readonly columns: readonly Column[] | undefined;
  /** Fields a field selector may name, beside metadata.name and metadata.namespace. */
  readonly selectable: { readonly [field: string]: (object: KubeObject) => string | undefined };
}

export const groupVersion = ({ group, version }: { group: string; version: string }): string =>
  group === "" ? version : `${group}/${version}`;

export const groupKind = ({ group, kind }: { group: string; kind: string }): string =>
  `${group}/${kind}`;

interface Listed {
  readonly kind: string;
  readonly plural?: string;
  readonly short?: readonly string[];
  readonly cluster?: true;
  readonly status?: true;
  readonly scale?: true;
  readonly counted?: true;
  readonly categories?: readonly string[];
  /** Folder of kinds that webernetes stores itself, where it is not group/plural. */
  readonly folder?: string;
  readonly fields?: readonly string[];
}

function builtin(group: string, version: string, listed: Listed): Resource {
  const singular = listed.kind.toLowerCase();
  const plural = listed.plural ?? `${singular}s`;
  const name = `${group}/${listed.kind}`;
  return {
    group,
    version,
    kind: listed.kind,
    plural,
    singular,
    shortNames: listed.short ?? [],
    categories: listed.categories ?? [],
    namespaced: listed.cluster !== true,
    folder: listed.folder ?? (group === "" ? plural : `${group}/${plural}`),
    builtin: true,
    hasStatus: listed.status === true,
    hasScale: listed.scale === true,
    counted: listed.counted === true,
    structure: builtinStructures[name] ?? metadataOnly,
    complete: defaulters[name] ?? ((object) => object),
    columns: undefined,
    selectable: Object.fromEntries(
      (listed.fields ?? []).map((field) => [
        field,
        (object) => stringAt(object, ...field.split(".")),
      ]),
    ),
  };
}

const all = ["all"];
const eventFields = [
  "kind",
  "name",
  "namespace",
  "uid",
  "apiVersion",
  "fieldPath",
  "resourceVersion",
];

const groups: readonly (readonly [group: string, version: string, kinds: readonly Listed[]])[] = [
  [
    "",
    "v1",
    [
      { kind: "Namespace", short: ["ns"], cluster: true, status: true, fields: ["status.phase"] },
      { kind: "Node", short: ["no"], cluster: true, status: true, fields: ["spec.unschedulable"] },
      {
        kind: "Pod",
        short: ["po"],
        status: true,
        categories: all,
        fields: [
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.schedulerName",
          "status.phase",
          "status.podIP",
        ],
      },
      {
        kind: "Service",
        short: ["svc"],
        status: true,
        categories: all,
        fields: ["spec.clusterIP", "spec.type"],
      },
      { kind: "ConfigMap", short: ["cm"] },
      { kind: "Secret", fields: ["type"] },
      { kind: "ServiceAccount", short: ["sa"] },
      {
        kind: "Event",
        short: ["ev"],
        fields: [
          ...eventFields.map((field) => `involvedObject.${field}`),
          "reason",
          "type",
          "reportingComponent",
        ],
      },
    ],
  ],
  [
    "apps",
    "v1",
    [
      {
        kind: "Deployment",
        short: ["deploy"],
        status: true,
        scale: true,
        counted: true,
        categories: all,
        folder: "deployments",
      },
      {
        kind: "ReplicaSet",
        short: ["rs"],
        status: true,
        scale: true,
        counted: true,
        categories: all,
        folder: "replicasets",
      },
    ],
  ],
  ["discovery.k8s.io", "v1", [{ kind: "EndpointSlice", counted: true }]],
  [
    "networking.k8s.io",
    "v1",
    [
      { kind: "Ingress", plural: "ingresses", short: ["ing"], status: true, counted: true },
      { kind: "IngressClass", plural: "ingressclasses", cluster: true, counted: true },
      { kind: "NetworkPolicy", plural: "networkpolicies", short: ["netpol"], counted: true },
    ],
  ],
  ["coordination.k8s.io", "v1", [{ kind: "Lease" }]],
  ["policy", "v1", [{ kind: "PodDisruptionBudget", short: ["pdb"], status: true, counted: true }]],
  [
    "autoscaling",
    "v2",
    [{ kind: "HorizontalPodAutoscaler", short: ["hpa"], status: true, categories: all }],
  ],
  ["batch", "v1", [{ kind: "Job", status: true, counted: true, categories: all }]],
  [
    "rbac.authorization.k8s.io",
    "v1",
    [
      { kind: "Role" },
      { kind: "RoleBinding" },
      { kind: "ClusterRole", cluster: true },
      { kind: "ClusterRoleBinding", cluster: true },
    ],
  ],
  [
    "admissionregistration.k8s.io",
    "v1",
    [
      {
        kind: "ValidatingAdmissionPolicy",
        plural: "validatingadmissionpolicies",
        cluster: true,
        status: true,
        counted: true,
      },
      { kind: "ValidatingAdmissionPolicyBinding", cluster: true, counted: true },
    ],
  ],
  [
    "apiextensions.k8s.io",
    "v1",
    [
      {
        kind: "CustomResourceDefinition",
        short: ["crd", "crds"],
        cluster: true,
        status: true,
        counted: true,
      },
    ],
  ],
];

/** Kinds whose definitions the sandbox does not install but docc applies: custom resources, served as such. */
const customGroups: typeof groups = [
  [
    "cert-manager.io",
    "v1",
    [
      { kind: "Certificate", short: ["cert", "certs"], status: true, counted: true },
      { kind: "Issuer", status: true, counted: true },
      { kind: "ClusterIssuer", cluster: true, status: true, counted: true },
    ],
  ],
];

const certificateColumn = (
  name: string,
  type: Column["type"],
  path: string,
  priority = 0,
): Column => ({
  name,
  type,
  path,
  priority,
  description: "",
});

const certificateColumns: readonly Column[] = [
  certificateColumn("Ready", "string", '.status.conditions[?(@.type=="Ready")].status'),
  certificateColumn("Secret", "string", ".spec.secretName"),
  certificateColumn("Issuer", "string", ".spec.issuerRef.name", 1),
  certificateColumn("Status", "string", '.status.conditions[?(@.type=="Ready")].message', 1),
  certificateColumn("Age", "date", ".metadata.creationTimestamp"),
];

const flatten = (entries: typeof groups): readonly Resource[] =>
  entries.flatMap(([group, version, kinds]) =>
    kinds.map((listed) => builtin(group, version, listed)),
  );

/** The built-in kinds, and those above. */
export const knownResources: readonly Resource[] = [
  ...flatten(groups),
  ...flatten(customGroups).map((resource) => ({
    ...resource,
    builtin: false,
    columns: resource.kind === "Certificate" ? certificateColumns : undefined,
  })),
];
