import { readdirSync, readFileSync } from "node:fs";
import { stringify } from "yaml";
import type { Json } from "../../src/manifest/reading/tree.ts";
import { badManifests } from "../../test/manifest/bad-manifests.ts";

const examplesFolder = new URL("../../examples/", import.meta.url);

/** The example manifests' texts. */
function exampleTexts(): readonly string[] {
  return readdirSync(examplesFolder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => readFileSync(new URL(name, examplesFolder), "utf8"));
}

export function exampleManifests(): readonly Json[] {
  return exampleTexts().map((text) => JSON.parse(text) as Json);
}

/** What people write, and what they write wrong: the examples, as YAML too, and the bad manifests. */
export function corpusOf(manifests: readonly Json[]): readonly Uint8Array[] {
  const bad = badManifests.map(({ text }) => text).filter(({ length }) => length < 10_000);
  const good = manifests.flatMap((manifest) => [
    JSON.stringify(manifest, null, 2),
    stringify(manifest),
  ]);
  return [...exampleTexts(), ...good, ...bad].map((text) => new Uint8Array(Buffer.from(text)));
}
