import { isObject, type Json, type JsonObject, listAt } from "./json.ts";

/**
 * How a value is merged and owned: the part of an OpenAPI schema that server-side apply reads
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy). Whatever is
 * not described behaves as Kubernetes deduces it: objects merge member by member, lists are atomic.
 */
export interface Structure {
  readonly atomic?: true;
  readonly fields?: { readonly [field: string]: Structure };
  /** The structure of every member of a map with free keys. */
  readonly members?: Structure;
  readonly list?: ListStructure;
}

export type ListStructure =
  | { readonly kind: "set" }
  | {
      readonly kind: "map";
      readonly keys: readonly string[];
      /** Values of keys that may be left out, such as a port's protocol. */
      readonly defaults: JsonObject;
      readonly item: Structure;
      /** The key of strategic merge patch, which has only one. */
      readonly mergeKey: string;
    };

export const plain: Structure = {};

/** The structure of `field` inside a value of `structure`. */
export function fieldOf(structure: Structure, field: string): Structure {
  return structure.fields?.[field] ?? structure.members ?? plain;
}

/** Reads the structure out of a CustomResourceDefinition's `openAPIV3Schema`. */
export function structureOfSchema(schema: Json | undefined): Structure {
  if (!isObject(schema)) return plain;
  if (schema["x-kubernetes-map-type"] === "atomic") return { atomic: true };
  const list = listOfSchema(schema);
  if (list !== undefined) return { list };
  const properties = schema["properties"];
  const fields = isObject(properties)
    ? Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [name, structureOfSchema(value)]),
      )
    : undefined;
  const additional = schema["additionalProperties"];
  return {
    ...(fields === undefined ? {} : { fields }),
    ...(isObject(additional) ? { members: structureOfSchema(additional) } : {}),
  };
}

function listOfSchema(schema: JsonObject): ListStructure | undefined {
  if (schema["x-kubernetes-list-type"] === "set") return { kind: "set" };
  if (schema["x-kubernetes-list-type"] !== "map") return undefined;
  const keys = listAt(schema, "x-kubernetes-list-map-keys").filter(
    (key) => typeof key === "string",
  );
  const defaults: JsonObject = {};
  for (const key of keys) {
    const items = schema["items"];
    const properties = isObject(items) && isObject(items["properties"]) ? items["properties"] : {};
    const property = properties[key];
    if (isObject(property) && property["default"] !== undefined)
      defaults[key] = property["default"];
  }
  return {
    kind: "map",
    keys,
    defaults,
    item: structureOfSchema(schema["items"]),
    mergeKey: keys[0] ?? "name",
  };
}
