import { expect, it } from "vitest";
import { Catalogue } from "../../../sandbox/cluster/facade/definitions.ts";
import {
  isObject,
  type Json,
  listAt,
  objectAt,
  stringAt,
} from "../../../sandbox/cluster/facade/json.ts";
import { fieldOf, type Structure } from "../../../sandbox/cluster/facade/structure.ts";
import { describeOnRealCluster } from "../../cluster/real-cluster.ts";
import { namespacesOf } from "../../cluster/support/namespaces.ts";

/** What docc applies and what stands between it and its pods. */
const compared: readonly (readonly [apiVersion: string, plurals: readonly string[]])[] = [
  ["v1", ["pods", "services", "namespaces", "events"]],
  ["apps/v1", ["deployments", "replicasets"]],
  ["autoscaling/v2", ["horizontalpodautoscalers"]],
  ["policy/v1", ["poddisruptionbudgets"]],
  ["networking.k8s.io/v1", ["ingresses"]],
  ["cert-manager.io/v1", ["certificates"]],
  [
    "gateway.networking.k8s.io/v1",
    ["gatewayclasses", "gateways", "httproutes", "tlsroutes", "listenersets", "referencegrants"],
  ],
];

/*
 * What server-side apply reads of a schema, which is list and map types, is written down by hand in the
 * facade. Here it is held against the OpenAPI of a real API server, path by path.
 */
describeOnRealCluster("merge structures of the embedded cluster", (cluster) => {
  const namespaces = namespacesOf(cluster);
  const catalogue = new Catalogue();

  it.each(compared)(
    "are those that an API server publishes for %s",
    async (apiVersion, plurals) => {
      const kubectl = await namespaces.create();
      const path = apiVersion === "v1" ? "api/v1" : `apis/${apiVersion}`;
      const openApi = JSON.parse(await kubectl.ok(["get", "--raw", `/openapi/v3/${path}`])) as Json;
      for (const plural of plurals) {
        const resource = catalogue.find(apiVersion, plural);
        if (resource === undefined) throw new Error(`${plural} are not served`);
        const differences = differencesOf(schemaOf(openApi, resource), openApi, resource.structure);
        expect(differences).toEqual([]);
      }
    },
  );
});

function schemaOf(openApi: Json, wanted: { group: string; version: string; kind: string }): Json {
  const found = Object.values(objectAt(openApi, "components", "schemas")).find((schema) =>
    listAt(schema, "x-kubernetes-group-version-kind").some(
      (gvk) =>
        stringAt(gvk, "group") === wanted.group &&
        stringAt(gvk, "version") === wanted.version &&
        stringAt(gvk, "kind") === wanted.kind,
    ),
  );
  if (found === undefined) throw new Error(`${wanted.kind} is not published`);
  return found;
}

function resolve(schema: Json | undefined, openApi: Json): Json {
  if (!isObject(schema)) return {};
  const [only] = listAt(schema, "allOf");
  const reference = stringAt(schema, "$ref") ?? stringAt(only, "$ref");
  if (reference === undefined) return schema;
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  // What stands beside a reference (a list type, a default) counts as well.
  return { ...objectAt(openApi, "components", "schemas", name), ...schema };
}

const words = (value: Json | undefined, ...path: readonly string[]): string =>
  listAt(value, ...path)
    .filter((word) => typeof word === "string")
    .join(",");

function published(schema: Json): string {
  if (stringAt(schema, "x-kubernetes-map-type") === "atomic") return "atomic";
  const type = stringAt(schema, "x-kubernetes-list-type");
  if (type === "map") return `map by ${words(schema, "x-kubernetes-list-map-keys")}`;
  return type === "set" ? "set" : "deduced";
}

function modelled({ atomic, list }: Structure): string {
  if (atomic === true) return "atomic";
  if (list === undefined) return "deduced";
  return list.kind === "set" ? "set" : `map by ${list.keys.join(",")}`;
}

/** One line per path where the two differ. */
function differencesOf(
  raw: Json | undefined,
  openApi: Json,
  structure: Structure,
  path = "",
): string[] {
  const schema = resolve(raw, openApi);
  const here = [published(schema), modelled(structure)];
  if (here[0] !== here[1]) return [`${path}: ${here.join(", here ")}`];
  if (structure.atomic === true) return [];
  const { list } = structure;
  if (list?.kind === "map") {
    return differencesOf(objectAt(schema)["items"], openApi, list.item, `${path}[]`);
  }
  const properties = Object.entries(objectAt(schema, "properties"));
  const below = properties.flatMap(([name, inner]) =>
    differencesOf(inner, openApi, fieldOf(structure, name), `${path}.${name}`),
  );
  const members = objectAt(schema)["additionalProperties"];
  return isObject(members)
    ? [...below, ...differencesOf(members, openApi, structure.members ?? {}, `${path}{}`)]
    : below;
}
