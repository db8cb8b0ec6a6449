import { z } from "zod";
import { manifestSchema } from "../../src/manifest/schema/manifest.ts";

/** The part of a JSON Schema that tells which fields there are. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const schema = z.toJSONSchema(manifestSchema, { io: "input", unrepresentable: "any" }) as Schema;

/** All fields of manifests, as paths with `*` for a name that people choose: `containers.*.image`. */
export function fieldsOfManifests(): ReadonlySet<string> {
  return new Set(fieldsBelow(schema, ""));
}

/** The fields that one manifest has, as such paths. */
export function fieldsIn(manifest: unknown): ReadonlySet<string> {
  return new Set(pathsIn(manifest, schema, ""));
}

function fieldsBelow(at: Schema, path: string): readonly string[] {
  return branchesOf(at).flatMap((branch) =>
    childrenOf(branch).flatMap(([key, child]) => {
      const below = join(path, key);
      return [below, ...fieldsBelow(child, below)];
    }),
  );
}

function pathsIn(value: unknown, at: Schema, path: string): readonly string[] {
  if (Array.isArray(value)) {
    const items = branchesOf(at).flatMap((branch) => branch.items ?? []);
    return value.flatMap((each: unknown) => items.flatMap((item) => pathsIn(each, item, path)));
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    branchesOf(at).flatMap((branch) => {
      const known = branch.properties?.[key];
      const child = known ?? memberOf(branch);
      const below = join(path, known === undefined ? "*" : key);
      return child === undefined ? [] : [below, ...pathsIn(member, child, below)];
    }),
  );
}

/** A schema and those of its union. */
function branchesOf(at: Schema): readonly Schema[] {
  return [at, ...(at.anyOf ?? []).flatMap(branchesOf)];
}

/** The fields of an object; those of a list's items stand directly below the list. */
function childrenOf(at: Schema): readonly (readonly [string, Schema])[] {
  const member = memberOf(at);
  return [
    ...Object.entries(at.properties ?? {}),
    ...(member === undefined ? [] : [["*", member] as const]),
    ...(at.items === undefined ? [] : branchesOf(at.items).flatMap(childrenOf)),
  ];
}

function memberOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
