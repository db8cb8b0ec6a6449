import { at, isObject, type Json, type KubeObject, listAt, objectAt, stringAt } from "./json.ts";
import { type Column, groupKind, type Resource } from "./resources.ts";

/* What `kubectl get` prints, after pkg/printers/internalversion/printers.go. */

export interface Cell {
  readonly column: Omit<Column, "path">;
  readonly read: (object: KubeObject, now: number) => string | number;
}

const units: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "m"],
  [1, "s"],
];

/** `duration.HumanDuration` of apimachinery, in its coarse part. */
function age(time: string | undefined, now: number): string {
  if (time === undefined) return "<unknown>";
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1_000));
  const [size, unit] = units.find(([limit]) => seconds >= 2 * limit) ?? [1, "s"];
  return `${Math.floor(seconds / size)}${unit}`;
}

const cell = (
  name: string,
  read: Cell["read"],
  priority = 0,
  type: Column["type"] = "string",
): Cell => ({
  column: { name, type, priority, description: "" },
  read,
});

const count = (object: Json, ...path: readonly string[]): number => {
  const value = at(object, ...path);
  return typeof value === "number" ? value : 0;
};

const name = cell("Name", (object) => object.metadata.name);
const created = cell("Age", (object, now) => age(object.metadata.creationTimestamp, now));

const list = (values: readonly (string | undefined)[]): string => values.join(",") || "<none>";

const containers = (object: KubeObject): readonly Json[] =>
  listAt(object, "spec", "template", "spec", "containers");

function podStatus(object: KubeObject): string {
  if (object.metadata.deletionTimestamp !== undefined) return "Terminating";
  const states = listAt(object, "status", "containerStatuses").map((status) => at(status, "state"));
  const waiting = states.map(
    (state) => stringAt(state, "waiting", "reason") ?? stringAt(state, "terminated", "reason"),
  );
  return (
    waiting.find((reason) => reason !== undefined) ??
    stringAt(object, "status", "phase") ??
    "Unknown"
  );
}

function ready(object: KubeObject): string {
  const statuses = listAt(object, "status", "containerStatuses");
  return `${statuses.filter((status) => at(status, "ready") === true).length}/${listAt(object, "spec", "containers").length}`;
}

const restarts = (object: KubeObject): number =>
  listAt(object, "status", "containerStatuses").reduce<number>((sum, status) => {
    const value = at(status, "restartCount");
    return sum + (typeof value === "number" ? value : 0);
  }, 0);

function servicePorts(object: KubeObject): string {
  const ports = listAt(object, "spec", "ports").map((port) => {
    const nodePort = count(port, "nodePort");
    const node = nodePort > 0 ? `:${nodePort}` : "";
    return `${count(port, "port")}${node}/${stringAt(port, "protocol") ?? "TCP"}`;
  });
  return list(ports);
}

/** The utilization it aims at; what is used nobody measures here. */
const aimedAt = (metric: Json): string =>
  `${stringAt(metric, "resource", "name") ?? ""}: <unknown>/${count(metric, "resource", "target", "averageUtilization")}%`;

/** A number or a percentage, as `intstr.IntOrString` prints. */
function share(object: KubeObject, field: string): string {
  const value = at(object, "spec", field);
  return typeof value === "number" || typeof value === "string" ? String(value) : "N/A";
}

const tables: { readonly [groupKind: string]: readonly Cell[] } = {
  "/Pod": [
    name,
    cell("Ready", ready),
    cell("Status", podStatus),
    cell("Restarts", restarts),
    created,
    cell("IP", (object) => stringAt(object, "status", "podIP") ?? "<none>", 1),
    cell("Node", (object) => stringAt(object, "spec", "nodeName") ?? "<none>", 1),
  ],
  "apps/Deployment": [
    name,
    cell(
      "Ready",
      (object) =>
        `${count(object, "status", "readyReplicas")}/${count(object, "spec", "replicas")}`,
    ),
    cell("Up-to-date", (object) => count(object, "status", "updatedReplicas"), 0, "integer"),
    cell("Available", (object) => count(object, "status", "availableReplicas"), 0, "integer"),
    created,
    cell(
      "Containers",
      (object) => list(containers(object).map((item) => stringAt(item, "name"))),
      1,
    ),
    cell("Images", (object) => list(containers(object).map((item) => stringAt(item, "image"))), 1),
  ],
  "apps/ReplicaSet": [
    name,
    cell("Desired", (object) => count(object, "spec", "replicas"), 0, "integer"),
    cell("Current", (object) => count(object, "status", "replicas"), 0, "integer"),
    cell("Ready", (object) => count(object, "status", "readyReplicas"), 0, "integer"),
    created,
  ],
  "/Service": [
    name,
    cell("Type", (object) => stringAt(object, "spec", "type") ?? ""),
    cell("Cluster-IP", (object) => stringAt(object, "spec", "clusterIP") ?? "<none>"),
    cell("External-IP", () => "<none>"),
    cell("Port(s)", servicePorts),
    created,
  ],
  "networking.k8s.io/Ingress": [
    name,
    cell("Class", (object) => stringAt(object, "spec", "ingressClassName") ?? "<none>"),
    cell("Hosts", (object) =>
      list(listAt(object, "spec", "rules").map((rule) => stringAt(rule, "host") ?? "*")),
    ),
    cell("Address", () => ""),
    cell("Ports", (object) => (listAt(object, "spec", "tls").length > 0 ? "80, 443" : "80")),
    created,
  ],
  "autoscaling/HorizontalPodAutoscaler": [
    name,
    cell("Reference", (object) =>
      ["kind", "name"]
        .map((part) => stringAt(object, "spec", "scaleTargetRef", part) ?? "")
        .join("/"),
    ),
    cell("Targets", (object) => list(listAt(object, "spec", "metrics").map(aimedAt))),
    cell("MinPods", (object) => count(object, "spec", "minReplicas")),
    cell("MaxPods", (object) => count(object, "spec", "maxReplicas")),
    cell("Replicas", (object) => count(object, "status", "currentReplicas")),
    created,
  ],
  "policy/PodDisruptionBudget": [
    name,
    cell("Min Available", (object) => share(object, "minAvailable")),
    cell("Max Unavailable", (object) => share(object, "maxUnavailable")),
    cell(
      "Allowed Disruptions",
      (object) => count(object, "status", "disruptionsAllowed"),
      0,
      "integer",
    ),
    created,
  ],
  "/Event": [
    cell("Last Seen", (object, now) =>
      age(stringAt(object, "lastTimestamp") ?? stringAt(object, "eventTime"), now),
    ),
    cell("Type", (object) => stringAt(object, "type") ?? ""),
    cell("Reason", (object) => stringAt(object, "reason") ?? ""),
    cell("Object", (object) => {
      const kind = (stringAt(object, "involvedObject", "kind") ?? "").toLowerCase();
      return `${kind}/${stringAt(object, "involvedObject", "name") ?? ""}`;
    }),
    cell("Message", (object) => stringAt(object, "message") ?? ""),
  ],
  "/Namespace": [
    name,
    cell("Status", (object) => stringAt(object, "status", "phase") ?? ""),
    created,
  ],
  "/Secret": [
    name,
    cell("Type", (object) => stringAt(object, "type") ?? ""),
    cell("Data", (object) => Object.keys(objectAt(object, "data")).length, 0, "integer"),
    created,
  ],
  "/ConfigMap": [
    name,
    cell("Data", (object) => Object.keys(objectAt(object, "data")).length, 0, "integer"),
    created,
  ],
};

/** The columns of a kind: its own, a definition's, or just name and age. */
export function cellsOf(resource: Resource): readonly Cell[] {
  const { columns } = resource;
  if (columns !== undefined)
    return [name, ...columns.map(({ path, ...column }) => custom(column, path))];
  return (resource.builtin ? tables[groupKind(resource)] : undefined) ?? [name, created];
}

function custom(column: Omit<Column, "path">, path: string): Cell {
  return {
    column,
    read: (object, now) => {
      const value = jsonPath(object, path);
      if (column.type === "date") return age(typeof value === "string" ? value : undefined, now);
      if (value === undefined || value === null) return "";
      return typeof value === "object"
        ? JSON.stringify(value)
        : typeof value === "number"
          ? value
          : String(value);
    },
  };
}

/** The part of JSONPath that printer columns use: `.a.b`, `[0]`, `[?(@.c=="d")]`, `['e.f']`. */
function jsonPath(value: Json | undefined, path: string): Json | undefined {
  const step = /\.([\w-]+)|\[(\d+)\]|\[\?\(@\.(\w+)\s*==\s*['"]([^'"]*)['"]\)\]|\['([^']+)'\]/g;
  let current = value;
  for (const [, field, index, filter, wanted, quoted] of path
    .replaceAll("\\.", "\u0000")
    .matchAll(step)) {
    if (index !== undefined) current = Array.isArray(current) ? current[Number(index)] : undefined;
    else if (filter !== undefined) {
      const items: readonly Json[] = Array.isArray(current) ? current : [];
      current = items.find((item) => isObject(item) && item[filter] === wanted);
    } else current = at(current, (field ?? quoted ?? "").replaceAll("\u0000", "."));
  }
  return current;
}
