import type { Json, JsonObject } from "./json.ts";
import { groupVersion, type Resource } from "./resources.ts";

/* The API's table of contents; https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api. */

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const partVerbs = ["get", "patch", "update"];

/** The version the facade claims: the control plane whose behaviour it was checked against. */
export const serverVersion: JsonObject = {
  major: "1",
  minor: "35",
  gitVersion: "v1.35.4+embedded",
  gitCommit: "",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "linux/amd64",
};

interface Part {
  readonly name: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
}

function partsOf(resource: Resource): readonly Part[] {
  const parts: Part[] = [];
  if (resource.hasStatus) parts.push({ name: "status", kind: resource, verbs: partVerbs });
  if (resource.hasScale) {
    parts.push({
      name: "scale",
      kind: { group: "autoscaling", version: "v1", kind: "Scale" },
      verbs: partVerbs,
    });
  }
  if (resource.group === "" && resource.kind === "Pod") {
    parts.push({ name: "log", kind: resource, verbs: ["get"] });
    parts.push({
      name: "eviction",
      kind: { group: "policy", version: "v1", kind: "Eviction" },
      verbs: ["create"],
    });
  }
  return parts;
}

export const apiVersions: JsonObject = {
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [],
};

const versionsOf = (resources: readonly Resource[], group: string): readonly string[] => [
  ...new Set(
    resources.filter((resource) => resource.group === group).map((resource) => resource.version),
  ),
];

const groupsOf = (resources: readonly Resource[]): readonly string[] => [
  ...new Set(resources.map((resource) => resource.group)),
];

export function groupOf(resources: readonly Resource[], group: string): JsonObject | undefined {
  const versions = versionsOf(resources, group).map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  const [preferred] = versions;
  if (preferred === undefined) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", name: group, versions, preferredVersion: preferred };
}

export const groupList = (resources: readonly Resource[]): JsonObject => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groupsOf(resources)
    .filter((group) => group !== "")
    .flatMap((group) => {
      const found = groupOf(resources, group);
      return found === undefined ? [] : [found];
    }),
});

export function resourceList(
  resources: readonly Resource[],
  apiVersion: string,
): JsonObject | undefined {
  const served = resources.filter((resource) => groupVersion(resource) === apiVersion);
  if (served.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersion,
    resources: served.flatMap(entriesOf),
  };
}

function entriesOf(resource: Resource): Json[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = resource;
  const own: JsonObject = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
  };
  const parts = partsOf(resource).map((part): JsonObject => ({
    name: `${plural}/${part.name}`,
    singularName: "",
    namespaced,
    group: part.kind.group,
    version: part.kind.version,
    kind: part.kind.kind,
    verbs: [...part.verbs],
  }));
  return [own, ...parts];
}

/** The whole of `/api` or `/apis` in one answer, which clients ask for first. */
export function aggregated(resources: readonly Resource[], core: boolean): JsonObject {
  const groups = groupsOf(resources).filter((group) => (group === "") === core);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map((group) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versionsOf(resources, group).map((version) => ({
        version,
        freshness: "Current",
        resources: resources
          .filter((resource) => resource.group === group && resource.version === version)
          .map(aggregatedEntry),
      })),
    })),
  };
}

function aggregatedEntry(resource: Resource): JsonObject {
  const { group, version, kind, plural, singular, namespaced, shortNames, categories } = resource;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
    subresources: partsOf(resource).map((part) => ({
      subresource: part.name,
      responseKind: { group: part.kind.group, version: part.kind.version, kind: part.kind.kind },
      verbs: [...part.verbs],
    })),
  };
}

const pathOf = (apiVersion: string): string =>
  apiVersion === "v1" ? "api/v1" : `apis/${apiVersion}`;

/** The index of OpenAPI documents, one per group and version. */
export function openApiIndex(resources: readonly Resource[]): JsonObject {
  const paths = [...new Set(resources.map(groupVersion))].map(pathOf);
  return {
    paths: Object.fromEntries(
      paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }]),
    ),
  };
}

/**
 * Just enough OpenAPI for kubectl to see that the server validates fields and knows dry runs, so that
 * it leaves both to the server. No schemas: `kubectl explain` has nothing to show.
 */
export function openApiDocument(
  resources: readonly Resource[],
  path: string,
): JsonObject | undefined {
  const served = resources.filter((resource) => pathOf(groupVersion(resource)) === path);
  if (served.length === 0) return undefined;
  const paths = served.map(({ group, version, kind, plural, namespaced }) => {
    const operation = {
      parameters: ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
        name,
        in: "query",
      })),
      "x-kubernetes-group-version-kind": { group, version, kind },
      responses: {},
    };
    const place = `/${path}${namespaced ? "/namespaces/{namespace}" : ""}/${plural}/{name}`;
    return [place, { patch: operation }] as const;
  });
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.35.4" },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}
