import { z } from "zod";

export type Schema = z.core.$ZodType;

/** The fields of an object's schema. */
export type Shape = Readonly<Record<string, Schema>>;

/** A schema without what wraps it: defaults, options, transforms. */
export function bare(schema: Schema): Schema {
  if (schema instanceof z.ZodPipe) {
    return bare(schema.in);
  }
  return schema instanceof z.ZodDefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodLazy
    ? bare(schema.unwrap())
    : schema;
}

/** Whether an object may go without the field. */
export function isOptional(schema: Schema): boolean {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
}

/** The schemas directly inside one, none where it is a scalar. */
function inside(wrapped: Schema): readonly Schema[] {
  const schema = bare(wrapped);
  if (schema instanceof z.ZodObject) {
    return Object.values<Schema>(schema.shape);
  }
  if (schema instanceof z.ZodRecord) {
    return [schema.keyType, schema.valueType];
  }
  if (schema instanceof z.ZodArray) {
    return [schema.element];
  }
  return schema instanceof z.ZodUnion ? schema.options : [];
}

/** A schema and all schemas within, each once. */
export function within(root: Schema): ReadonlySet<Schema> {
  const found = new Set<Schema>();
  const visit = (schema: Schema): void => {
    if (!found.has(bare(schema))) {
      found.add(bare(schema));
      inside(schema).forEach(visit);
    }
  };
  visit(root);
  return found;
}

/** The names of all fields, of enums' choices and of other literals: a schema's words. */
export function wordsOf(root: Schema): readonly string[] {
  const words = [...within(root)].flatMap((schema) => {
    if (schema instanceof z.ZodObject) {
      return Object.keys(schema.shape);
    }
    if (schema instanceof z.ZodEnum) {
      return schema.options.map(String);
    }
    return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
  });
  return [...new Set(words)];
}

/** Texts that the schemas give as examples, among the words of their descriptions too. */
export function examplesOf(root: Schema): readonly string[] {
  const words = [...within(root)].flatMap((schema) => {
    const { description = "", examples } = z.globalRegistry.get(schema) ?? {};
    const texts = Array.isArray(examples)
      ? examples.filter((each) => typeof each === "string")
      : [];
    return [...texts, ...description.split(/[\s"'`,;()[\]]+/u)];
  });
  return [...new Set(words)].filter((word) => word !== "");
}

/** What a string's schema asks for: its patterns and its longest length. */
export function limitsOf(schema: z.ZodString): {
  readonly patterns: readonly RegExp[];
  readonly longest: number;
} {
  const patterns = (schema.def.checks ?? []).flatMap((check) => {
    const { def: definition } = check._zod;
    return "pattern" in definition && definition.pattern instanceof RegExp
      ? [definition.pattern]
      : [];
  });
  return { patterns, longest: schema.maxLength ?? 200 };
}
