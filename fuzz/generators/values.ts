import { z } from "zod";
import type { Json } from "../../src/manifest/reading/tree.ts";
import type { Random } from "../random.ts";
import { type Pools, poolsOf } from "./pools.ts";
import { anyText, anyValue, misspelt } from "./texts.ts";
import { bare, isOptional, type Schema, type Shape } from "./walk.ts";

/**
 * Makes values for schemas. What it makes follows each schema alone; rules across fields are met by
 * luck, or by growing (see manifests.ts).
 */
export interface Values {
  /**
   * @param slips the share of values, at any level, that break what their schema asks for; 0 is valid
   */
  readonly valueFor: (schema: Schema, random: Random, slips: number) => Json;
}

export function valuesOf(root: Schema, seed: number): Values {
  const pools = poolsOf(root, seed);
  return { valueFor: (schema, random, slips) => valueFor(schema, { random, slips, pools }) };
}

interface Making {
  readonly random: Random;
  readonly slips: number;
  readonly pools: Pools;
}

function valueFor(wrapped: Schema, making: Making): Json {
  const { random, slips } = making;
  if (slips > 0 && random.chance(slips)) {
    return anyValue(random, 2);
  }
  const schema = bare(wrapped);
  if (schema instanceof z.ZodObject) {
    return object(schema.shape, making);
  }
  if (schema instanceof z.ZodRecord) {
    return record(schema, making);
  }
  if (schema instanceof z.ZodArray) {
    const count = random.chance(0.02) ? random.size(1, 120) : random.int(0, 3);
    return random.times(count, () => valueFor(schema.element, making));
  }
  return schema instanceof z.ZodUnion
    ? valueFor(random.pick<Schema>(schema.options), making)
    : scalar(schema, making);
}

/** Mostly few of the optional fields: with all of them, rules across fields are never met. */
function object(shape: Shape, making: Making): Json {
  const { random, slips } = making;
  const share = random.pick([0.05, 0.2, 0.5, 0.9]);
  const fields = Object.entries(shape)
    .filter(([, field]) => (isOptional(field) ? random.chance(share) : !random.chance(slips)))
    .map(([name, field]) => [
      random.chance(slips) ? misspelt(name, random) : name,
      valueFor(field, making),
    ]);
  return Object.fromEntries(fields);
}

function record({ keyType, valueType }: z.ZodRecord, making: Making): Json {
  const { random, slips, pools } = making;
  const count = random.chance(0.02) ? random.size(1, 120) : random.int(0, 3);
  const entries = random.times(count, () => {
    const keys = pools.get(bare(keyType)) ?? [];
    const key = keys.length === 0 || random.chance(slips) ? anyText(random) : random.pick(keys);
    return [key, valueFor(valueType, making)];
  });
  return Object.fromEntries(entries);
}

function scalar(schema: Schema, { random, pools }: Making): Json {
  if (schema instanceof z.ZodString) {
    const pool = pools.get(schema) ?? [];
    return pool.length === 0 ? anyText(random) : random.pick(pool);
  }
  if (schema instanceof z.ZodNumber) {
    return number(schema, random);
  }
  if (schema instanceof z.ZodEnum) {
    return random.pick<string | number>(schema.options);
  }
  if (schema instanceof z.ZodLiteral) {
    const value = random.pick([...schema.values]);
    return typeof value === "bigint" || value === undefined ? null : value;
  }
  return schema instanceof z.ZodBoolean ? random.chance(0.5) : anyValue(random, 2);
}

function number({ minValue, maxValue }: z.ZodNumber, random: Random): number {
  const least = Math.max(minValue ?? 0, -1e6);
  const most = Math.min(maxValue ?? 1e6, 1e6);
  return random.weighted<() => number>([
    [1, () => least],
    [1, () => most],
    [3, () => Math.min(most, least + random.int(0, 10))],
    [3, () => random.int(least, most)],
  ])();
}
