import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The part of an OpenAPI v3 structural schema that docc's own CRDs use. */
export interface Schema {
  readonly type: "object" | "array" | "string" | "integer" | "boolean";
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly format?: string;
  readonly "x-kubernetes-validations"?: readonly { readonly rule: string }[];
}

/** The schema of the one version of a CRD in deploy/crds. */
export function crdSchema(
  name:
    | "releases"
    | "applications"
    | "decisions"
    | "commands"
    | "preferences"
    | "auditrecords"
    | "auditsegments",
): Schema {
  const file = new URL(`../../deploy/crds/${name}.docc.dev.yaml`, import.meta.url);
  const crd = parse(readFileSync(file, "utf8")) as {
    readonly spec: {
      readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
    };
  };
  const [version] = crd.spec.versions;
  if (version === undefined) throw new Error(`${name} has no version`);
  return version.schema.openAPIV3Schema;
}

/** The schema at a path of properties, such as `status.plan`. */
export function schemaAt(schema: Schema, path: string): Schema {
  return path.split(".").reduce((at, key) => {
    const next = at.properties?.[key];
    if (next === undefined) throw new Error(`no ${key} on the way to ${path}`);
    return next;
  }, schema);
}

/**
 * What the API server would refuse of a value, as `path: what`; fields that it would prune count.
 * Lengths are in characters (code points), as the API server counts them.
 */
export function violations(schema: Schema, value: unknown, path = ""): readonly string[] {
  switch (schema.type) {
    case "string":
      return typeof value === "string" ? ofString(schema, value, path) : [`${path}: no string`];
    case "integer": {
      const isFine = Number.isInteger(value) && Number(value) >= (schema.minimum ?? -Infinity);
      return isFine ? [] : [`${path}: no integer from ${schema.minimum}`];
    }
    case "boolean":
      return typeof value === "boolean" ? [] : [`${path}: neither true nor false`];
    case "array":
      return Array.isArray(value) ? ofArray(schema, value, path) : [`${path}: no list`];
    case "object":
      return typeof value === "object" && value !== null
        ? ofObject(schema, value, path)
        : [`${path}: no object`];
  }
}

function ofString(schema: Schema, value: string, path: string): readonly string[] {
  const { length } = Array.from(value);
  return [
    length > (schema.maxLength ?? Infinity) ? `${path}: longer than ${schema.maxLength}` : "",
    length < (schema.minLength ?? 0) ? `${path}: shorter than ${schema.minLength}` : "",
    schema.enum?.includes(value) === false ? `${path}: not in the enum` : "",
    new RegExp(schema.pattern ?? "").test(value) ? "" : `${path}: not of the pattern`,
    schema.format === "date-time" && Number.isNaN(Date.parse(value)) ? `${path}: no time` : "",
  ].filter((each) => each !== "");
}

function ofArray(schema: Schema, value: readonly unknown[], path: string): readonly string[] {
  const { items, maxItems = Infinity } = schema;
  return [
    ...(value.length > maxItems ? [`${path}: more than ${maxItems} items`] : []),
    ...(items === undefined
      ? []
      : value.flatMap((each, at) => violations(items, each, `${path}[${at}]`))),
  ];
}

function ofObject(schema: Schema, value: object, path: string): readonly string[] {
  const { properties = {}, additionalProperties, required = [], maxProperties = Infinity } = schema;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const given = new Set(entries.map(([key]) => key));
  return [
    ...required.filter((key) => !given.has(key)).map((key) => `${path}.${key}: missing`),
    ...(entries.length > maxProperties ? [`${path}: more than ${maxProperties} keys`] : []),
    ...entries.flatMap(([key, each]) => {
      const known = properties[key] ?? additionalProperties;
      return known === undefined
        ? [`${path}.${key}: unknown`]
        : violations(known, each, `${path}.${key}`);
    }),
  ];
}
