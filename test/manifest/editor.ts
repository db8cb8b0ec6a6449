import { Ajv, type ValidateFunction } from "ajv";
import { manifestJsonSchema } from "../../src/manifest/json-schema.ts";

/** The manifest's JSON Schema as an editor reads it from its file. */
export const schema: object = JSON.parse(JSON.stringify(manifestJsonSchema())) as object;

/**
 * An independent judge in an editor's place. It is strict, so that a misspelt keyword of the schema
 * throws; the editors' own keywords are named.
 */
export function judge(part: object): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  ajv.addVocabulary([
    "markdownDescription",
    "patternErrorMessage",
    "errorMessage",
    "defaultSnippets",
  ]);
  return ajv.compile(part);
}

const accepts = judge(schema);

/** What an editor would underline in a manifest. */
export function complaints(manifest: unknown): readonly string[] {
  return accepts(manifest) ? [] : (accepts.errors ?? []).map((error) => JSON.stringify(error));
}
