import * as client from "@kubernetes/client-node";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";

/** A generated model class, which lists its own fields with their types. */
interface Model {
  getAttributeTypeMap(): readonly { readonly baseName: string; readonly type: string }[];
}

const models = new Map<string, Model>(
  Object.entries(client).flatMap(([name, value]): [string, Model][] =>
    isModel(value) ? [[name, value]] : [],
  ),
);

function isModel(value: unknown): value is Model {
  return typeof value === "function" && "getAttributeTypeMap" in value;
}

/**
 * Paths of fields that Kubernetes' own models do not know. A Certificate is no kind of Kubernetes
 * itself, so only its metadata can be held against a model.
 */
export function unknownFields(object: ApplicationObject): readonly string[] {
  const { kind, metadata } = object;
  return kind === "Certificate"
    ? unknownIn(metadata, "V1ObjectMeta", `${kind}.metadata`)
    : unknownIn(object, `V1${kind}`, kind);
}

function unknownIn(value: unknown, type: string, path: string): readonly string[] {
  const item = /^Array<(?<item>.+)>$/u.exec(type)?.groups?.["item"];
  if (item !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((each: unknown, index) => unknownIn(each, item, `${path}[${index}]`))
      : [`${path} is no list`];
  }
  const model = models.get(type);
  if (model === undefined || typeof value !== "object" || value === null) {
    return model === undefined ? [] : [`${path} is no object`];
  }
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const field = model.getAttributeTypeMap().find(({ baseName }) => baseName === key);
    return field === undefined
      ? [`${path}.${key}`]
      : unknownIn(member, field.type, `${path}.${key}`);
  });
}
