import type { Json, JsonObject, KubeObject } from "./json.ts";
import { cellsOf } from "./columns.ts";
import type { Listing } from "./query.ts";
import { groupVersion, type Resource } from "./resources.ts";

/** How the client wants objects: whole, as rows of a Table, or their metadata only. */
export type Form = "object" | "table" | "metadata";

/** Reads `Accept`; the first form the facade knows wins, as kubectl lists them by preference. */
export function formOf(accept: string | undefined): Form {
  for (const type of (accept ?? "").split(",")) {
    if (/as=Table\b/.test(type)) return "table";
    if (/as=PartialObjectMetadata(List)?\b/.test(type)) return "metadata";
    if (/^\s*application\/json\s*(;|$)/.test(type) && !type.includes("as=")) return "object";
  }
  return "object";
}

export interface Shape {
  readonly resource: Resource;
  readonly form: Form;
  /** `includeObject` of a Table: "Metadata" (the default), "None" or "Object". */
  readonly include: string;
  readonly now: number;
}

export function shapeObject(object: KubeObject, shape: Shape): JsonObject {
  switch (shape.form) {
    case "table":
      return table([object], shape, { resourceVersion: object.metadata.resourceVersion ?? "" });
    case "metadata":
      return partial(object);
    case "object":
      return object;
  }
}

export function shapeList(listing: Listing, shape: Shape): JsonObject {
  const { resource, form } = shape;
  const metadata: JsonObject = {
    resourceVersion: listing.resourceVersion,
    ...(listing.continue === undefined ? {} : { continue: listing.continue }),
    ...(listing.remaining === undefined ? {} : { remainingItemCount: listing.remaining }),
  };
  if (form === "table") return table(listing.items, shape, metadata);
  if (form === "metadata") {
    return {
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      items: listing.items.map(({ metadata: inner }) => ({ metadata: inner })),
    };
  }
  const items: Json[] = listing.items.map((item) => (resource.builtin ? untyped(item) : item));
  return { kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata, items };
}

/** Items of a built-in list carry no type of their own. */
function untyped({ apiVersion: _apiVersion, kind: _kind, ...rest }: KubeObject): JsonObject {
  return rest;
}

const partial = ({ metadata }: KubeObject): JsonObject => ({
  kind: "PartialObjectMetadata",
  apiVersion: "meta.k8s.io/v1",
  metadata,
});

function table(
  objects: readonly KubeObject[],
  { resource, include, now }: Shape,
  metadata: JsonObject,
): JsonObject {
  const cells = cellsOf(resource);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: cells.map(({ column }) => ({
      ...column,
      format: column.name === "Name" ? "name" : "",
    })),
    rows: objects.map((object) => ({
      cells: cells.map(({ read }) => read(object, now)),
      ...(include === "None" ? {} : { object: include === "Object" ? object : partial(object) }),
    })),
  };
}
