import { isObject, type Json, type JsonObject } from "../../../src/manifest/reading/tree.ts";

/**
 * Objects as an API server gives them back: what it fills in, and its books. A table of what was read
 * from a kube-apiserver 1.35 with cert-manager's and Gateway API's definitions; adopt.real.test.ts holds
 * the same against one that runs.
 */
export function withDefaults(object: object): { readonly kind: string } & JsonObject {
  const { kind, metadata, spec, ...rest } = JSON.parse(JSON.stringify(object)) as JsonObject & {
    readonly kind: string;
  };
  const fill = Object.hasOwn(byKind, kind) ? byKind[kind] : undefined;
  return {
    ...rest,
    kind,
    metadata: over(books, metadata),
    spec: fill === undefined ? (spec ?? null) : fill(spec ?? null),
    status: { observedGeneration: 3 },
  };
}

const books: JsonObject = {
  uid: "6b7b1f4e-7d2c-4a39-9d3c-000000000000",
  resourceVersion: "8412",
  generation: 3,
  creationTimestamp: "2026-11-25T19:00:00Z",
  annotations: {
    "deployment.kubernetes.io/revision": "3",
    "kubectl.kubernetes.io/last-applied-configuration": "{}\n",
  },
  managedFields: [
    {
      apiVersion: "apps/v1",
      fieldsType: "FieldsV1",
      fieldsV1: {},
      manager: "docc",
      operation: "Apply",
    },
  ],
};

/** Defaults below what is set. */
function over(defaults: JsonObject, value: Json | undefined): JsonObject {
  const set = isObject(value ?? null) ? (value as JsonObject) : {};
  const merged = Object.entries(set).map(([key, member]): [string, Json] => {
    const byDefault = defaults[key];
    return [
      key,
      isObject(member) && byDefault !== undefined && isObject(byDefault)
        ? over(byDefault, member)
        : member,
    ];
  });
  return { ...defaults, ...Object.fromEntries(merged) };
}

const each = (list: Json | undefined, fill: (item: Json) => Json): readonly Json[] =>
  Array.isArray(list) ? list.map((item: Json) => fill(item)) : [];

const member = (value: JsonObject, key: string, fill: (inner: Json) => Json): JsonObject =>
  value[key] === undefined ? value : { ...value, [key]: fill(value[key] ?? null) };

const probe = (value: Json): Json => {
  const filled = over(
    { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
    value,
  );
  return member(filled, "httpGet", (get) => over({ path: "/", scheme: "HTTP" }, get));
};

function container(value: Json): Json {
  const image = isObject(value) ? value["image"] : undefined;
  const isLatest = typeof image === "string" && image.endsWith(":latest");
  const filled = over(
    {
      imagePullPolicy: isLatest ? "Always" : "IfNotPresent",
      resources: {},
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    },
    value,
  );
  const probed = ["startupProbe", "readinessProbe", "livenessProbe"].reduce<JsonObject>(
    (all, key) => member(all, key, probe),
    filled,
  );
  // Go leaves out empty texts.
  return member(probed, "env", (env) =>
    each(env, (variable) => {
      const { value: text, ...others } = variable as JsonObject;
      return text === "" || text === undefined ? others : { ...others, value: text };
    }),
  );
}

function pod(value: Json): Json {
  const filled = over(
    {
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      schedulerName: "default-scheduler",
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    },
    value,
  );
  const contained = member(filled, "containers", (list) => each(list, container));
  return member(contained, "volumes", (list) =>
    each(list, (volume) =>
      member(volume as JsonObject, "secret", (secret) => over({ defaultMode: 420 }, secret)),
    ),
  );
}

const backendRef = (reference: Json): Json =>
  over({ group: "", kind: "Service", weight: 1 }, reference);

const route = (spec: Json): Json =>
  member(spec as JsonObject, "rules", (rules) =>
    each(rules, (rule) =>
      member(rule as JsonObject, "backendRefs", (references) => each(references, backendRef)),
    ),
  );

const byKind: Readonly<Record<string, (spec: Json) => Json>> = {
  Deployment: (spec) => {
    const filled = over(
      {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
        },
        template: { metadata: { creationTimestamp: null } },
      },
      spec,
    );
    return member(filled, "template", (template) => member(template as JsonObject, "spec", pod));
  },
  Service: (spec) =>
    over(
      {
        clusterIP: "10.96.12.7",
        clusterIPs: ["10.96.12.7"],
        internalTrafficPolicy: "Cluster",
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        sessionAffinity: "None",
        type: "ClusterIP",
      },
      spec,
    ),
  HTTPRoute: route,
  TLSRoute: route,
  ListenerSet: (spec) =>
    member(spec as JsonObject, "listeners", (listeners) =>
      each(listeners, (listener) => {
        const filled = over({ allowedRoutes: { namespaces: { from: "Same" } } }, listener);
        return member(filled, "tls", (tls) =>
          member(over({ mode: "Terminate" }, tls), "certificateRefs", (references) =>
            each(references, (reference) => over({ group: "", kind: "Secret" }, reference)),
          ),
        );
      }),
    ),
};
