import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import type { Json } from "../../src/manifest/reading/tree.ts";
import { Random } from "../random.ts";
import type { Change } from "./changes.ts";

/** Attempts at a new manifest, and the units of JSON beyond which manifests only cost time. */
const ATTEMPTS = 1_200;
const LONGEST = 3_000;

/**
 * Manifests that are valid, grown from a few by changing one value after another, as the schema
 * allows, and keeping what the rules accept: new fields and rules are met without being named here.
 */
export function grown(seeds: readonly Json[], change: Change, seed: number): readonly Json[] {
  const manifests = [...seeds];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const random = new Random(seed, attempt);
    const next = change(laterOne(manifests, random), random);
    if (isValid(next)) {
      manifests.push(next);
    }
  }
  return manifests;
}

/** Later ones hold more: the later of two. */
function laterOne(manifests: readonly Json[], random: Random): Json {
  const last = manifests.length - 1;
  return manifests[Math.max(random.int(0, last), random.int(0, last))] ?? null;
}

function isValid(value: Json): boolean {
  const text = JSON.stringify(value);
  return (
    text.length <= LONGEST &&
    parseManifest(text, { platform: defaultPlatform }).manifest !== undefined
  );
}
