import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  objectAt,
  stringAt,
} from "./json.ts";
import { canonicalQuantity } from "./quantity.ts";

/*
 * The defaults an API server fills in, for the kinds docc and kubectl read back; after
 * pkg/apis/{core,apps,networking,autoscaling}/v1/defaults.go, checked against a kube-apiserver 1.35.
 */

export type Defaulter = (object: KubeObject) => KubeObject;

/** `defaults` with whatever `value` sets laid over them. */
const fill = (value: JsonObject, defaults: JsonObject): JsonObject => ({
  ...defaults,
  ...Object.fromEntries(
    Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null),
  ),
});

const withSpec = (object: KubeObject, spec: JsonObject): KubeObject => ({ ...object, spec });

/** `object` with `change` applied to a member that is present. */
function change(
  object: JsonObject,
  member: string,
  apply: (value: JsonObject) => JsonObject,
): JsonObject {
  const value = object[member];
  return isObject(value) ? { ...object, [member]: apply(value) } : object;
}

function changeItems(
  object: JsonObject,
  member: string,
  apply: (item: JsonObject) => JsonObject,
): JsonObject {
  const list = object[member];
  if (!Array.isArray(list)) return object;
  return { ...object, [member]: list.map((item) => (isObject(item) ? apply(item) : item)) };
}

const probe = (value: JsonObject): JsonObject => {
  const filled = fill(value, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  return change(filled, "httpGet", (get) => fill(get, { path: "/", scheme: "HTTP" }));
};

const fieldRef = (value: JsonObject): JsonObject => fill(value, { apiVersion: "v1" });

function container(value: JsonObject): JsonObject {
  const latest =
    !/:[^/]+$/.test(stringAt(value, "image") ?? "") ||
    (stringAt(value, "image") ?? "").endsWith(":latest");
  let filled = fill(value, {
    imagePullPolicy: latest ? "Always" : "IfNotPresent",
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
  filled = change(filled, "resources", canonicalAmounts);
  filled = changeItems(filled, "ports", (port) => fill(port, { protocol: "TCP" }));
  filled = changeItems(filled, "env", (entry) =>
    change(withoutEmpty(entry, "value"), "valueFrom", (from) => change(from, "fieldRef", fieldRef)),
  );
  for (const kind of ["livenessProbe", "readinessProbe", "startupProbe"])
    filled = change(filled, kind, probe);
  return filled;
}

/** An API server leaves out what says nothing: fields that are `omitempty`. */
function withoutEmpty(object: JsonObject, member: string): JsonObject {
  const { [member]: value, ...rest } = object;
  return value === "" ? rest : object;
}

/** Amounts come back in the one form that an API server writes. */
function canonicalAmounts(resources: JsonObject): JsonObject {
  const canonical = (amounts: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(amounts).map(([name, amount]) => [
        name,
        typeof amount === "string" ? canonicalQuantity(amount) : amount,
      ]),
    );
  return change(change(resources, "requests", canonical), "limits", canonical);
}

/** In pods, but not in their templates, a limit without a request is its own request. */
function requestsFromLimits(resources: JsonObject): JsonObject {
  const limits = resources["limits"];
  if (!isObject(limits)) return resources;
  return { ...resources, requests: fill(objectAt(resources, "requests"), limits) };
}

function volume(value: JsonObject): JsonObject {
  const sources = ["secret", "configMap", "downwardAPI", "projected"];
  return sources.reduce(
    (filled, source) => change(filled, source, (from) => fill(from, { defaultMode: 420 })),
    value,
  );
}

function podSpec(value: JsonObject): JsonObject {
  let spec = fill(value, {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  const account = spec["serviceAccountName"];
  if (typeof account === "string") spec = fill(spec, { serviceAccount: account });
  spec = changeItems(spec, "containers", container);
  spec = changeItems(spec, "initContainers", container);
  return changeItems(spec, "volumes", volume);
}

const template = (value: JsonObject): JsonObject => change(value, "spec", podSpec);

function strategy(value: JsonObject): JsonObject {
  const filled = fill(value, { type: "RollingUpdate" });
  if (filled["type"] !== "RollingUpdate") return filled;
  const rolling = fill(objectAt(filled, "rollingUpdate"), {
    maxSurge: "25%",
    maxUnavailable: "25%",
  });
  return { ...filled, rollingUpdate: rolling };
}

const deployment: Defaulter = (object) => {
  const spec = fill(objectAt(object, "spec"), {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: {},
  });
  return withSpec(object, change(change(spec, "strategy", strategy), "template", template));
};

const replicaSet: Defaulter = (object) =>
  withSpec(object, change(fill(objectAt(object, "spec"), { replicas: 1 }), "template", template));

const pod: Defaulter = (object) => {
  const spec = podSpec(objectAt(object, "spec"));
  const sized = changeItems(spec, "containers", (item) =>
    change(item, "resources", requestsFromLimits),
  );
  return withSpec(object, fill(sized, { enableServiceLinks: true }));
};

const service: Defaulter = (object) => {
  const spec = fill(objectAt(object, "spec"), {
    type: "ClusterIP",
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
  });
  const ports = changeItems(spec, "ports", (port) => {
    const number: Json | undefined = port["port"];
    return fill(port, { protocol: "TCP", ...(number === undefined ? {} : { targetPort: number }) });
  });
  return withSpec(object, ports);
};

const namespace: Defaulter = (object) => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { "kubernetes.io/metadata.name": object.metadata.name, ...object.metadata.labels },
  },
  spec: fill(objectAt(object, "spec"), { finalizers: ["kubernetes"] }),
  status: fill(objectAt(object, "status"), { phase: "Active" }),
});

/** `stringData` is written only: it ends up, encoded, in `data`. */
const secret: Defaulter = (object) => {
  const { stringData, ...rest } = object;
  const { apiVersion, kind, metadata } = object;
  const encoded = Object.entries(isObject(stringData) ? stringData : {}).map(
    ([key, value]) =>
      [key, Buffer.from(typeof value === "string" ? value : "").toString("base64")] as const,
  );
  const data =
    encoded.length === 0
      ? {}
      : { data: { ...objectAt(object, "data"), ...Object.fromEntries(encoded) } };
  return { type: "Opaque", ...rest, apiVersion, kind, metadata, ...data };
};

/** Without a metric it scales at 80 % of the requested CPU. `behavior` is left as it is sent. */
const autoscaler: Defaulter = (object) => {
  const target = { type: "Utilization", averageUtilization: 80 };
  const metrics = [{ type: "Resource", resource: { name: "cpu", target } }];
  const spec = fill(objectAt(object, "spec"), { minReplicas: 1, metrics });
  return withSpec(object, listAt(spec, "metrics").length === 0 ? { ...spec, metrics } : spec);
};

const customResourceDefinition: Defaulter = (object) => {
  const names = objectAt(object, "spec", "names");
  const kind = stringAt(names, "kind") ?? "";
  const filled = fill(names, { listKind: `${kind}List`, singular: kind.toLowerCase() });
  const spec = fill(objectAt(object, "spec"), { conversion: { strategy: "None" } });
  return withSpec(object, { ...spec, names: filled });
};

/** By group/kind. */
export const defaulters: { readonly [groupKind: string]: Defaulter } = {
  "apps/Deployment": deployment,
  "apps/ReplicaSet": replicaSet,
  "/Pod": pod,
  "/Service": service,
  "/Namespace": namespace,
  "/Secret": secret,
  "autoscaling/HorizontalPodAutoscaler": autoscaler,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
};
