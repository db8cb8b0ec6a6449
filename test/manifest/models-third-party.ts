import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { crdsFolder } from "../cluster/binaries.ts";
import { crdFiles } from "../cluster/third-party.ts";
import { type Schema, schemaAt, violations } from "../release/crd-schema.ts";

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/**
 * Schemas of the `spec` of cert-manager's and Gateway API's kinds, by `apiVersion kind`, as far as they
 * are served. They lie in the cache of the rig alone (docs/cluster.md), which may be empty.
 */
const schemas: ReadonlyMap<string, Schema> = new Map(
  (await Promise.all(crdFiles.map(definitionIn))).flatMap((definition) =>
    definition === undefined ? [] : entriesOf(definition),
  ),
);

export const hasThirdPartySchemas = schemas.size > 0;

/** What a CRD's schema says against an object; nothing where the rig's cache has no CRDs. */
export function schemaProblems({ apiVersion, kind, spec }: ApplicationObject): readonly string[] {
  const schema = schemas.get(`${apiVersion} ${kind}`);
  if (schema === undefined) {
    return hasThirdPartySchemas ? [`${kind}: not served as ${apiVersion}`] : [];
  }
  return violations(schema, spec, `${kind}.spec`);
}

async function definitionIn(file: string): Promise<Definition | undefined> {
  const text = await readFile(path.join(await crdsFolder(), file), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (parse(text) as Definition);
}

function entriesOf({ spec }: Definition): readonly (readonly [string, Schema])[] {
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name, schema }) => [
      `${spec.group}/${name} ${spec.names.kind}`,
      schemaAt(schema.openAPIV3Schema, "spec"),
    ]);
}
