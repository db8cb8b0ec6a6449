import { z } from "zod";
import type { Path } from "../problem.ts";
import { manifestSchema } from "./manifest.ts";
import type { Json } from "../reading/tree.ts";

export type Schema = z.core.$ZodType;

/**
 * The schema of what stands, or should stand, at a path; of a union the branch that `value` has the
 * type of, else the union.
 */
export function schemaAt(path: Path, value?: Json): Schema | undefined {
  return settled(
    path.reduce<Schema | undefined>((schema, step) => childOf(schema, step), manifestSchema),
    value,
  );
}

function childOf(schema: Schema | undefined, step: string | number): Schema | undefined {
  const parent = settled(schema, typeof step === "number" ? [] : {});
  if (parent instanceof z.ZodObject) {
    const shape: Readonly<Record<string, Schema>> = parent.shape;
    return Object.hasOwn(shape, step) ? shape[step] : undefined;
  }
  if (parent instanceof z.ZodRecord) {
    return parent.valueType;
  }
  return parent instanceof z.ZodArray ? parent.element : undefined;
}

/** Takes off what wraps a schema, and chooses among a union's branches. */
function settled(schema: Schema | undefined, value: Json | undefined): Schema | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return settled(schema.unwrap(), value);
  }
  if (schema instanceof z.ZodPipe) {
    return settled(schema.in, value);
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.find((option) => takes(option, value)) ?? schema;
  }
  return schema;
}

function takes(schema: Schema, value: Json | undefined): boolean {
  if (Array.isArray(value)) {
    return schema instanceof z.ZodArray;
  }
  if (typeof value === "object" && value !== null) {
    return schema instanceof z.ZodObject || schema instanceof z.ZodRecord;
  }
  return typeof value === "number"
    ? schema instanceof z.ZodNumber
    : schema instanceof z.ZodString && typeof value === "string";
}
