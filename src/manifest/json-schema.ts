import { z } from "zod";
import { assumed, type JsonSchema, keywords, smallManifest } from "./json-keywords.ts";
import type { Path } from "./problem.ts";
import { mostEntries } from "./rules/counts.ts";
import { manifestSchema } from "./schema/manifest.ts";
import { becomings, notes } from "./schema/note.ts";

/**
 * The manifest's JSON Schema, for editors: `manifest.schema.json`, which the tests write and hold. It is
 * draft-07, which VS Code's JSON service and redhat's YAML language server have understood for years; the
 * latter learned 2020-12 only in its release 1.20, and nothing here needs it.
 *
 * It accepts whatever docc accepts, and refuses what can be told from the text alone and without
 * arithmetic; the rest, and what the operator allows, only docc knows. `patternErrorMessage`,
 * `errorMessage`, `markdownDescription` and `defaultSnippets` are the editors' own keywords: other readers
 * pass over them.
 */
export function manifestJsonSchema(): object {
  const { $schema, ...made } = z.toJSONSchema(manifestSchema, {
    io: "input",
    target: "draft-07",
    override: ({ zodSchema, jsonSchema }) => annotate(zodSchema, jsonSchema),
  });
  for (const { path, most } of mostEntries) {
    Object.assign(schemaOf(made, path), { maxProperties: most });
  }
  for (const { path, value } of assumed) {
    Object.assign(schemaOf(made, path), { default: value });
  }
  return { $schema, title: "docc manifest", ...made, defaultSnippets: [smallManifest] };
}

/** Adds what zod cannot tell, and turns half sentences into whole ones. */
function annotate(schema: z.core.$ZodType, json: JsonSchema): void {
  Object.assign(json, keywords.get(schema));
  if (json.maximum === Number.MAX_SAFE_INTEGER) {
    delete json.maximum;
  }
  if (json.minItems === 0) {
    delete json.minItems;
  }
  describe(schema, json);
  explainPattern(schema, json);
}

function describe(schema: z.core.$ZodType, json: JsonSchema): void {
  if (json.description === undefined) {
    return;
  }
  json.description = sentence(json.description);
  const becomes = becomings.get(schema)?.becomes;
  if (becomes !== undefined) {
    json["markdownDescription"] = `${json.description}\n\nWhat it becomes: ${becomes}`;
  }
}

/** Descriptions complete the sentence "NAME is ...". */
function sentence(description: string): string {
  const whole = description.charAt(0).toUpperCase() + description.slice(1);
  return whole.endsWith(".") ? whole : `${whole}.`;
}

/** What docc says of a value that the pattern refuses, in place of the pattern. */
function explainPattern(schema: z.core.$ZodType, json: JsonSchema): void {
  const note = json.pattern === undefined ? undefined : notes.get(schema);
  if (note !== undefined) {
    const hint = typeof note.hint === "string" ? note.hint : note.hint("");
    json["patternErrorMessage"] = `The value ${note.says}. ${hint}`.trim();
  }
}

/** What stands at a path: `*` is any name or item, a number the branch of a union. */
function schemaOf(schema: JsonSchema, path: Path): JsonSchema {
  const [step, ...rest] = path;
  if (step === undefined) {
    return schema;
  }
  const child = childOf(schema, step);
  if (!isSchema(child)) {
    throw new TypeError(`The JSON Schema has nothing at ${path.join(".")}.`);
  }
  return schemaOf(child, rest);
}

function childOf(schema: JsonSchema, step: string | number): unknown {
  if (typeof step === "number") {
    return schema.anyOf?.[step];
  }
  return step === "*" ? (schema.items ?? schema.additionalProperties) : schema.properties?.[step];
}

function isSchema(child: unknown): child is JsonSchema {
  return typeof child === "object" && child !== null && !Array.isArray(child);
}
