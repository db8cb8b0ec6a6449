import { z } from "zod";
import { quoted } from "../../text/clean.ts";
import type { Path } from "../problem.ts";
import { schemaAt } from "../schema/at.ts";
import { notes } from "../schema/note.ts";
import type { Json } from "./json.ts";

/** Keys that reading refuses: reading/yaml-tree.ts. */
const reserved: readonly string[] = ["__proto__", "constructor", "prototype", "<<"];

/** Whether a manifest can have this value there, as far as the schema says. */
export function fits(path: Path, value: Json): boolean {
  const schema = schemaAt(path, value);
  return schema !== undefined && z.core.safeParse(schema, value).success;
}

/** Whether an object of a manifest can have this key there. */
export function fitsKey(path: Path, key: string): boolean {
  const record = schemaAt(path);
  return (
    record instanceof z.ZodRecord &&
    !reserved.includes(key) &&
    z.core.safeParse(record.keyType, key).success
  );
}

/** One sentence on a text that {@link fits} refuses there. */
export function refusal(path: Path, value: string): string {
  const schema = schemaAt(path, value);
  const note = schema === undefined ? undefined : notes.get(schema);
  return `${quoted(value)} ${note?.says ?? "does not fit into a manifest"}.`;
}
