import { gatewayDefinitions } from "./gateway.ts";
import { at, isObject, type Json, type KubeObject, listAt, objectAt, stringAt } from "./json.ts";
import { type Column, groupVersion, knownResources, type Resource } from "./resources.ts";
import { structureOfSchema, type Structure } from "./structure.ts";
import { metadataOnly } from "./structures.ts";

const strings = (value: Json | undefined, ...path: readonly string[]): readonly string[] =>
  listAt(value, ...path).filter((item) => typeof item === "string");

/** The resources that a CustomResourceDefinition makes the API server serve, one per served version. */
export function resourcesOf(definition: KubeObject): readonly Resource[] {
  const group = stringAt(definition, "spec", "group") ?? "";
  const names = objectAt(definition, "spec", "names");
  const kind = stringAt(names, "kind") ?? "";
  const plural = stringAt(names, "plural") ?? "";
  return listAt(definition, "spec", "versions")
    .filter((version) => at(version, "served") !== false)
    .map((version) => ({
      group,
      version: stringAt(version, "name") ?? "",
      kind,
      plural,
      singular: stringAt(names, "singular") ?? kind.toLowerCase(),
      shortNames: strings(names, "shortNames"),
      categories: strings(names, "categories"),
      namespaced: stringAt(definition, "spec", "scope") !== "Cluster",
      folder: `${group}/${plural}`,
      builtin: false,
      hasStatus: at(version, "subresources", "status") !== undefined,
      hasScale: false,
      counted: true,
      structure: customStructure(version),
      complete: (object) => withSchemaDefaults(object, at(version, "schema", "openAPIV3Schema")),
      columns: columnsOf(version),
      selectable: selectableOf(version),
    }));
}

function customStructure(version: Json): Structure {
  const structure = structureOfSchema(at(version, "schema", "openAPIV3Schema"));
  return { ...structure, fields: { ...structure.fields, ...metadataOnly.fields } };
}

function columnsOf(version: Json): readonly Column[] | undefined {
  const columns = listAt(version, "additionalPrinterColumns");
  if (columns.length === 0) return undefined;
  return columns.map((column) => {
    const priority = at(column, "priority");
    return {
      name: stringAt(column, "name") ?? "",
      type: columnType(stringAt(column, "type")),
      path: stringAt(column, "jsonPath") ?? "",
      priority: typeof priority === "number" ? priority : 0,
      description: stringAt(column, "description") ?? "",
    };
  });
}

function columnType(type: string | undefined): Column["type"] {
  return type === "integer" || type === "number" || type === "boolean" || type === "date"
    ? type
    : "string";
}

function selectableOf(version: Json): Resource["selectable"] {
  const paths = listAt(version, "selectableFields").map(
    (field) => stringAt(field, "jsonPath") ?? "",
  );
  return Object.fromEntries(
    paths.map((path) => {
      const field = path.replace(/^\./, "");
      return [field, (object: KubeObject) => asText(at(object, ...field.split(".")))];
    }),
  );
}

const asText = (value: Json | undefined): string | undefined =>
  value === undefined || value === null || typeof value === "object" ? undefined : String(value);

/** `default`s of the schema, wherever the parent exists. */
function withSchemaDefaults(object: KubeObject, schema: Json | undefined): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const filled = fillDefaults(object, schema);
  return isObject(filled) ? { ...filled, apiVersion, kind, metadata } : object;
}

function fillDefaults(value: Json, schema: Json | undefined): Json {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => fillDefaults(item, schema["items"]));
  if (!isObject(value)) return value;
  const filled = { ...value };
  for (const [field, inner] of Object.entries(objectAt(schema, "properties"))) {
    const current = filled[field] ?? at(inner, "default");
    if (current !== undefined) filled[field] = fillDefaults(current, inner);
  }
  const additional = schema["additionalProperties"];
  if (!isObject(additional)) return filled;
  for (const [member, inner] of Object.entries(filled)) {
    if (inner !== undefined) filled[member] = fillDefaults(inner, additional);
  }
  return filled;
}

/** The condition set of a definition whose names are free, as the API server writes it. */
export function established(definition: KubeObject, time: string): KubeObject {
  const condition = (type: string, reason: string, message: string): Json => ({
    type,
    status: "True",
    lastTransitionTime: time,
    reason,
    message,
  });
  const stored = listAt(definition, "spec", "versions").filter(
    (version) => at(version, "storage") === true,
  );
  return {
    ...definition,
    status: {
      conditions: [
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
      ],
      acceptedNames: objectAt(definition, "spec", "names"),
      storedVersions: stored.map((version) => stringAt(version, "name") ?? ""),
    },
  };
}

/** Everything served before any CustomResourceDefinition is created. */
const standing: readonly Resource[] = [
  ...knownResources,
  ...gatewayDefinitions.flatMap(resourcesOf),
];

/** What is served now: the known kinds, overlaid by the definitions in the store. */
export class Catalogue {
  readonly #custom = new Map<string, readonly Resource[]>();

  define(definition: KubeObject): void {
    this.#custom.set(definition.metadata.name, resourcesOf(definition));
  }

  undefine(name: string): void {
    this.#custom.delete(name);
  }

  all(): readonly Resource[] {
    const custom = [...this.#custom.values()].flat();
    const taken = new Set(custom.map((resource) => `${resource.group}/${resource.plural}`));
    const known = standing.filter((resource) => !taken.has(`${resource.group}/${resource.plural}`));
    return [...known, ...custom];
  }

  find(apiVersion: string, plural: string): Resource | undefined {
    return this.all().find(
      (resource) => groupVersion(resource) === apiVersion && resource.plural === plural,
    );
  }
}
