import { z } from "zod";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { isObject, type Json, type JsonObject } from "../../src/manifest/reading/tree.ts";
import { Random } from "../random.ts";
import type { Values } from "./values.ts";
import { bare, type Schema, type Shape } from "./walk.ts";

/** Attempts at a new manifest, and the units of JSON beyond which manifests only cost time. */
const ATTEMPTS = 500;
const LONGEST = 4_000;

/**
 * Manifests that are valid, grown from a few by changing one value after another, as the schema
 * allows, and keeping what the rules accept: new fields and rules are met without being named here.
 */
export function grown(
  seeds: readonly Json[],
  schema: Schema,
  values: Values,
  seed: number,
): readonly Json[] {
  const manifests = [...seeds];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const random = new Random(seed, attempt);
    const next = changed(random.pick(manifests), schema, values, random);
    if (isValid(next)) {
      manifests.push(next);
    }
  }
  return manifests;
}

function isValid(value: Json): boolean {
  const text = JSON.stringify(value);
  return (
    text.length <= LONGEST &&
    parseManifest(text, { platform: defaultPlatform }).manifest !== undefined
  );
}

/** The same value with one part, somewhere within, changed as its schema allows, added or removed. */
export function changed(value: Json, wrapped: Schema, values: Values, random: Random): Json {
  const schema = bare(wrapped);
  const stay = random.chance(0.15);
  if (schema instanceof z.ZodObject && isObject(value) && !stay) {
    return changedObject(value, schema.shape, values, random);
  }
  if (schema instanceof z.ZodRecord && isObject(value) && !stay) {
    return changedRecord(value, schema, values, random);
  }
  if (schema instanceof z.ZodArray && Array.isArray(value) && value.length > 0 && !stay) {
    const at = random.int(0, value.length - 1);
    return value.map((item: Json, index) =>
      index === at ? changed(item, schema.element, values, random) : item,
    );
  }
  const branch = schema instanceof z.ZodUnion ? branchOf(schema.options, value) : undefined;
  return branch === undefined || stay
    ? values.valueFor(schema, random, 0)
    : changed(value, branch, values, random);
}

function branchOf(branches: readonly Schema[], value: Json): Schema | undefined {
  return branches.find((branch) => z.core.safeParse(branch, value).success);
}

function changedObject(value: JsonObject, shape: Shape, values: Values, random: Random): Json {
  const [name, field] = random.pick(Object.entries(shape));
  const present = value[name];
  if (present === undefined) {
    return { ...value, [name]: values.valueFor(field, random, 0) };
  }
  return random.chance(0.1)
    ? without(value, name)
    : { ...value, [name]: changed(present, field, values, random) };
}

function changedRecord(
  value: JsonObject,
  { keyType, valueType }: z.ZodRecord,
  values: Values,
  random: Random,
): Json {
  const names = Object.keys(value);
  if (names.length === 0 || random.chance(0.3)) {
    const name = values.valueFor(keyType, random, 0);
    const member = values.valueFor(valueType, random, 0);
    return typeof name === "string" ? { ...value, [name]: member } : value;
  }
  const name = random.pick(names);
  return random.chance(0.1)
    ? without(value, name)
    : { ...value, [name]: changed(value[name] ?? null, valueType, values, random) };
}

function without(value: JsonObject, name: string): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}
