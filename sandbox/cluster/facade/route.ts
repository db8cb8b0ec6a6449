import type { Catalogue } from "./definitions.ts";
import type { Resource } from "./resources.ts";

/** A resource path of the API, taken apart. */
export interface Route {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** `/api/v1/...` and `/apis/group/version/...`; undefined for every other path. */
export function routeOf(path: string, catalogue: Catalogue): Route | undefined {
  const [root, ...parts] = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  if (root === "api" && parts[0] === "v1") return resourceRoute("v1", parts.slice(1), catalogue);
  const [group, version, ...rest] = parts;
  if (root !== "apis" || group === undefined || version === undefined) return undefined;
  return resourceRoute(`${group}/${version}`, rest, catalogue);
}

/** Subresources of a Namespace itself, as opposed to kinds inside it. */
const namespaceParts = new Set(["status", "finalize"]);

function resourceRoute(
  apiVersion: string,
  parts: readonly string[],
  catalogue: Catalogue,
): Route | undefined {
  const [first, namespace, inner] = parts;
  const inside = first === "namespaces" && inner !== undefined && !namespaceParts.has(inner);
  const [plural, name, subresource, ...more] = inside ? parts.slice(2) : parts;
  if (plural === undefined || more.length > 0) return undefined;
  const resource = catalogue.find(apiVersion, plural);
  if (resource === undefined || (inside && !resource.namespaced)) return undefined;
  return { resource, namespace: inside ? namespace : undefined, name, subresource };
}
