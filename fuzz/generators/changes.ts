import { z } from "zod";
import { isObject, type Json, type JsonObject } from "../../src/manifest/reading/tree.ts";
import type { Random } from "../random.ts";
import type { Values } from "./values.ts";
import { bare, type Schema, type Shape, within } from "./walk.ts";

/** The same value with one part, somewhere within, changed as its schema allows, added or removed. */
export type Change = (value: Json, random: Random) => Json;

export function changesOf(root: Schema, values: Values): Change {
  const sizes = new Map([...within(root)].map((schema) => [schema, within(schema).size]));
  const sizeOf = (schema: Schema): number => sizes.get(bare(schema)) ?? 1;
  return (value, random) => changed(value, root, { random, values, sizeOf });
}

interface Changing {
  readonly random: Random;
  readonly values: Values;
  /** How many schemas are within one: fields are chosen by it, else deep ones hardly ever come up. */
  readonly sizeOf: (schema: Schema) => number;
}

function changed(value: Json, wrapped: Schema, changing: Changing): Json {
  const { random, values } = changing;
  const schema = bare(wrapped);
  if (random.chance(0.05)) {
    return values.valueFor(schema, random, 0);
  }
  if (schema instanceof z.ZodObject && isObject(value)) {
    return changedObject(value, schema.shape, changing);
  }
  if (schema instanceof z.ZodRecord && isObject(value)) {
    return changedRecord(value, schema, changing);
  }
  if (schema instanceof z.ZodArray && Array.isArray(value) && value.length > 0) {
    return changedList(value, schema.element, changing);
  }
  const branch = schema instanceof z.ZodUnion ? branchOf(schema.options, value) : undefined;
  return branch === undefined || random.chance(0.3)
    ? values.valueFor(schema, random, 0)
    : changed(value, branch, changing);
}

function branchOf(branches: readonly Schema[], value: Json): Schema | undefined {
  return branches.find((branch) => z.core.safeParse(branch, value).success);
}

function changedObject(value: JsonObject, shape: Shape, changing: Changing): Json {
  const { random, values, sizeOf } = changing;
  const fields = Object.entries(shape).map((field) => [sizeOf(field[1]), field] as const);
  const [name, field] = random.weighted(fields);
  const present = value[name];
  if (present === undefined) {
    return { ...value, [name]: values.valueFor(field, random, 0) };
  }
  return random.chance(0.1)
    ? without(value, name)
    : { ...value, [name]: changed(present, field, changing) };
}

function changedRecord(
  value: JsonObject,
  { keyType, valueType }: z.ZodRecord,
  changing: Changing,
): Json {
  const { random, values } = changing;
  const names = Object.keys(value);
  if (names.length === 0 || random.chance(0.2)) {
    const name = values.valueFor(keyType, random, 0);
    const member = values.valueFor(valueType, random, 0);
    return typeof name === "string" ? { ...value, [name]: member } : value;
  }
  const name = random.pick(names);
  return random.chance(0.1)
    ? without(value, name)
    : { ...value, [name]: changed(value[name] ?? null, valueType, changing) };
}

function changedList(value: readonly Json[], element: Schema, changing: Changing): Json {
  const { random, values } = changing;
  const at = random.int(0, value.length - 1);
  return random.weighted<() => readonly Json[]>([
    [2, () => value.with(at, changed(value[at] ?? null, element, changing))],
    [1, () => [...value, values.valueFor(element, random, 0)]],
    [1, () => value.toSpliced(at, 1)],
  ])();
}

function without(value: JsonObject, name: string): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}
