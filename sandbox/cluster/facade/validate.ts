import {
  type KubeObject,
  listAt,
  objectAt,
  sameJson,
  stringAt,
  at,
  type JsonObject,
  type Json,
} from "./json.ts";
import { matchesObjectSelector } from "./selectors.ts";
import type { StatusCause } from "./status.ts";

/*
 * The few validations docc and kubectl run into. Schemas, CEL, quota and admission are the real
 * control plane's alone (docs/fidelity-cluster.md).
 */

const required = (field: string, what = "Required value"): StatusCause => ({
  reason: "FieldValueRequired",
  message: what,
  field,
});

const invalid = (field: string, value: string, why: string): StatusCause => ({
  reason: "FieldValueInvalid",
  message: `Invalid value: ${value}: ${why}`,
  field,
});

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Names of RBAC objects may hold colons; all others are RFC 1123 subdomains. */
export function validateName(object: KubeObject, group: string): StatusCause[] {
  const { name } = object.metadata;
  if (group === "rbac.authorization.k8s.io") return [];
  if (name.length <= 253 && subdomain.test(name)) return [];
  return [invalid("metadata.name", JSON.stringify(name), subdomainRule)];
}

type Validator = (object: KubeObject, before: KubeObject | undefined) => StatusCause[];

const workload: Validator = (object, before) => [
  ...validateSelector(object, before),
  ...validateContainers(objectAt(object, "spec", "template", "spec"), "spec.template.spec"),
  ...validateReplicas(object),
];

function validateSelector(object: KubeObject, before: KubeObject | undefined): StatusCause[] {
  const selector = at(object, "spec", "selector");
  const labels = objectAt(object, "spec", "template", "metadata", "labels");
  const causes: StatusCause[] = [];
  if (Object.keys(objectAt(selector)).length === 0) causes.push(required("spec.selector"));
  else if (!matchesObjectSelector(objectAt(selector), labels)) {
    const why = "`selector` does not match template `labels`";
    causes.push(invalid("spec.template.metadata.labels", JSON.stringify(labels), why));
  }
  if (before !== undefined && !sameJson(selector, at(before, "spec", "selector"))) {
    causes.push(invalid("spec.selector", JSON.stringify(selector), "field is immutable"));
  }
  return causes;
}

function validateReplicas(object: KubeObject): StatusCause[] {
  const replicas = at(object, "spec", "replicas");
  if (typeof replicas !== "number" || replicas >= 0) return [];
  return [invalid("spec.replicas", String(replicas), "must be greater than or equal to 0")];
}

function validateContainers(spec: JsonObject, path: string): StatusCause[] {
  const containers = listAt(spec, "containers");
  if (containers.length === 0) return [required(`${path}.containers`)];
  return containers.flatMap((container: Json, index) => {
    const prefix = `${path}.containers[${index}]`;
    return [
      ...(stringAt(container, "name") === undefined ? [required(`${prefix}.name`)] : []),
      ...(stringAt(container, "image") === undefined ? [required(`${prefix}.image`)] : []),
    ];
  });
}

const pod: Validator = (object) => validateContainers(objectAt(object, "spec"), "spec");

const service: Validator = (object) => {
  const headless = stringAt(object, "spec", "clusterIP") === "None";
  const external = stringAt(object, "spec", "type") === "ExternalName";
  return listAt(object, "spec", "ports").length === 0 && !headless && !external
    ? [required("spec.ports")]
    : [];
};

/** An immutable Secret or ConfigMap keeps its data until it is deleted. */
const immutableData: Validator = (object, before) => {
  if (before?.["immutable"] !== true) return [];
  const frozen = ["data", "binaryData", "immutable"].filter(
    (field) => !sameJson(object[field], before[field]),
  );
  return frozen.map((field) => ({
    reason: "FieldValueForbidden",
    message: "Forbidden: field is immutable when `immutable` is set",
    field,
  }));
};

/** By group/kind. */
export const validators: { readonly [groupKind: string]: Validator } = {
  "apps/Deployment": workload,
  "apps/ReplicaSet": workload,
  "/Pod": pod,
  "/Service": service,
  "/Secret": immutableData,
  "/ConfigMap": immutableData,
};
