import type { Catalogue } from "./definitions.ts";
import {
  aggregated,
  apiVersions,
  groupList,
  groupOf,
  openApiDocument,
  openApiIndex,
  resourceList,
  serverVersion,
} from "./discovery.ts";
import type { JsonObject } from "./json.ts";
import { type Call, json, type Reply, text } from "./reply.ts";

/** The pages that are no resources: health, version, discovery, OpenAPI. */
export function staticPage(
  { method, path, headers }: Call,
  catalogue: Catalogue,
): Reply | undefined {
  if (method !== "GET") return undefined;
  const resources = catalogue.all();
  const wantsAll = (headers.accept ?? "").includes("g=apidiscovery.k8s.io;v=v2;");
  if (path === "/version") return json(serverVersion);
  if (path === "/readyz" || path === "/livez" || path === "/healthz") return text("ok");
  if (path === "/api" || path === "/apis") {
    const core = path === "/api";
    if (wantsAll) return discovered(aggregated(resources, core));
    return json(core ? apiVersions : groupList(resources));
  }
  if (path === "/openapi/v3") return json(openApiIndex(resources));
  if (path.startsWith("/openapi/v3/")) {
    const document = openApiDocument(resources, path.slice("/openapi/v3/".length));
    return document === undefined ? undefined : json(document);
  }
  const index = groupPage(path, resources);
  return index === undefined ? undefined : json(index);
}

/** `/api/v1`, `/apis/group` and `/apis/group/version`. */
function groupPage(path: string, resources: ReturnType<Catalogue["all"]>): JsonObject | undefined {
  if (path === "/api/v1") return resourceList(resources, "v1");
  const match = /^\/apis\/([^/]+)(\/[^/]+)?$/.exec(path);
  if (match === null) return undefined;
  const [, group = "", version] = match;
  return version === undefined
    ? groupOf(resources, group)
    : resourceList(resources, group + version);
}

const discovered = (body: JsonObject): Reply => ({
  kind: "json",
  status: 200,
  body,
  headers: {
    "Content-Type": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  },
});
