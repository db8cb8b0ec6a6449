import type { Json, JsonObject, KubeObject } from "./json.ts";

/*
 * Gateway API's kinds as the standard channel of 1.5 serves them, for clusters in which nobody has
 * installed the definitions themselves: names, columns, and of the schemas only what a write reads,
 * which is defaults and associative lists. A real API server with the real definitions is compared
 * with this in test/sandbox/cluster/structures.test.ts and twins.test.ts.
 */

const group = "gateway.networking.k8s.io";

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  ...more,
});

const listOf = (items: Json): JsonObject => ({ type: "array", items });

const keyed = (key: string, items: JsonObject): JsonObject => ({
  ...listOf(items),
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": [key],
});

const byDefault = (value: Json): JsonObject => ({ default: value });

const atomic: JsonObject = { "x-kubernetes-map-type": "atomic" };

const reference = (ofGroup: string, kind: string, more: JsonObject = {}): JsonObject =>
  object({ group: byDefault(ofGroup), kind: byDefault(kind), ...more });

const parent = reference(group, "Gateway");
const conditions = keyed("type", {});
const routeStatus = object({ parents: listOf(object({ parentRef: parent, conditions })) });

/** What an object says of itself until a controller says more. */
const pending = (...types: readonly string[]): JsonObject =>
  byDefault({
    conditions: types.map((type) => ({
      type,
      status: "Unknown",
      reason: "Pending",
      message: "Waiting for controller",
      lastTransitionTime: "1970-01-01T00:00:00Z",
    })),
  });

const namespacesFrom = (from: string): JsonObject =>
  object({ from: byDefault(from), selector: atomic }, byDefault({ from }));

const listener = object({
  allowedRoutes: object(
    { namespaces: namespacesFrom("Same"), kinds: listOf(object({ group: byDefault(group) })) },
    byDefault({ namespaces: { from: "Same" } }),
  ),
  tls: object({
    mode: byDefault("Terminate"),
    certificateRefs: listOf(reference("", "Secret")),
  }),
});

const listenerStatus = object({
  conditions,
  supportedKinds: listOf(object({ group: byDefault(group) })),
});

const listenersStatus = { conditions, listeners: keyed("name", listenerStatus) };

const filters = listOf(
  object({
    cors: object({ maxAge: byDefault(5) }),
    requestMirror: object({
      backendRef: reference("", "Service"),
      fraction: object({ denominator: byDefault(100) }),
    }),
    requestRedirect: object({ statusCode: byDefault(302) }),
  }),
);

const anyPath = { type: "PathPrefix", value: "/" };
const everything = [{ path: anyPath }];
const exact = listOf(object({ type: byDefault("Exact") }));

const matches = listOf(
  object({
    path: object({ type: byDefault("PathPrefix"), value: byDefault("/") }, byDefault(anyPath)),
    headers: exact,
    queryParams: exact,
  }),
);

const httpRule = object({
  backendRefs: listOf(reference("", "Service", { weight: byDefault(1), filters })),
  filters,
  matches: { ...matches, ...byDefault(everything) },
});

const tlsRule = object({
  backendRefs: listOf(reference("", "Service", { weight: byDefault(1) })),
});

const validation = object({ mode: byDefault("AllowValidOnly") });

const gatewaySpec = object({
  addresses: listOf(object({ type: byDefault("IPAddress") })),
  allowedListeners: object({ namespaces: namespacesFrom("None") }),
  listeners: keyed("name", listener),
  tls: object({
    backend: object({ clientCertificateRef: reference("", "Secret") }),
    frontend: object({
      default: object({ validation }),
      perPort: keyed("port", object({ tls: object({ validation }) })),
    }),
  }),
});

interface Defined {
  readonly kind: string;
  readonly shortNames?: string[];
  readonly cluster?: true;
  readonly spec: JsonObject;
  /** Absent: the kind has no status. */
  readonly status?: JsonObject;
  /** By name, the path of each column but the age, which all have. */
  readonly columns?: { readonly [name: string]: string };
}

const conditionPath = (type: string): string => `.status.conditions[?(@.type=="${type}")].status`;

const defined: readonly Defined[] = [
  {
    kind: "GatewayClass",
    shortNames: ["gc"],
    cluster: true,
    spec: object({}),
    status: object({ conditions, supportedFeatures: keyed("name", {}) }, pending("Accepted")),
    columns: { Controller: ".spec.controllerName", Accepted: conditionPath("Accepted") },
  },
  {
    kind: "Gateway",
    shortNames: ["gtw"],
    spec: gatewaySpec,
    status: object(
      { ...listenersStatus, addresses: listOf(object({ type: byDefault("IPAddress") })) },
      pending("Accepted", "Programmed"),
    ),
    columns: {
      Class: ".spec.gatewayClassName",
      Address: ".status.addresses[0].value",
      Programmed: conditionPath("Programmed"),
    },
  },
  {
    kind: "HTTPRoute",
    spec: object({
      parentRefs: listOf(parent),
      rules: { ...listOf(httpRule), ...byDefault([{ matches: everything }]) },
    }),
    status: routeStatus,
    columns: { Hostnames: ".spec.hostnames" },
  },
  {
    kind: "TLSRoute",
    spec: object({ parentRefs: listOf(parent), rules: listOf(tlsRule) }),
    status: routeStatus,
  },
  {
    kind: "ListenerSet",
    shortNames: ["lset"],
    spec: object({ parentRef: parent, listeners: keyed("name", listener) }),
    status: object(listenersStatus, pending("Accepted", "Programmed")),
    columns: { Accepted: conditionPath("Accepted"), Programmed: conditionPath("Programmed") },
  },
  { kind: "ReferenceGrant", shortNames: ["refgrant"], spec: object({}) },
];

function definition({
  kind,
  shortNames = [],
  cluster,
  spec,
  status,
  columns,
}: Defined): KubeObject {
  const plural = kind === "GatewayClass" ? "gatewayclasses" : `${kind.toLowerCase()}s`;
  const printed = Object.entries({ ...columns }).map(([name, jsonPath]) => ({
    name,
    type: "string",
    jsonPath,
  }));
  const age = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
  const version = {
    name: "v1",
    served: true,
    storage: true,
    additionalPrinterColumns: [...printed, age],
    schema: { openAPIV3Schema: object({ spec, ...(status === undefined ? {} : { status }) }) },
    ...(status === undefined ? {} : { subresources: { status: {} } }),
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: cluster === true ? "Cluster" : "Namespaced",
      names: { kind, plural, shortNames, categories: ["gateway-api"] },
      versions: [version],
    },
  };
}

export const gatewayDefinitions: readonly KubeObject[] = defined.map(definition);
