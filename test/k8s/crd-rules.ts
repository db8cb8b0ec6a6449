import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { isRecord } from "../../src/manifest/canonical.ts";

type Path = readonly (string | number)[];

/** Where the fields of a custom resource are described. */
const root: Path = ["spec", "versions", 0, "schema", "openAPIV3Schema"];

/**
 * The messages of every CEL rule of one of docc's CRDs, however deep, each once and in order.
 * @param name of the CRD
 * @param field one field of the object, to have its rules alone; by itself the rules at the root are not among them
 */
export function rulesOf(name: string, field?: "spec" | "status"): readonly string[] {
  const file = new URL(`../../deploy/crds/${name}.yaml`, import.meta.url);
  const path = field === undefined ? root : [...root, "properties", field];
  const schema = at(parse(readFileSync(file, "utf8")), path);
  if (schema === undefined) throw new RangeError(`${name} has no schema of ${path.join(".")}`);
  return [...new Set(messagesIn(schema))].toSorted();
}

/** The rules of a schema that no attack is on: an attack expects the beginning of a message. */
export function leftOut(rules: readonly string[], attacked: readonly string[]): readonly string[] {
  return rules.filter((rule) => !attacked.some((message) => rule.startsWith(message)));
}

function at(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return value instanceof Object ? at(Reflect.get(value, key), rest) : undefined;
}

function messagesIn(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(messagesIn);
  if (!isRecord(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "x-kubernetes-validations" && Array.isArray(value)
      ? value.flatMap((rule: unknown) => (isRecord(rule) ? [String(rule["message"])] : []))
      : messagesIn(value),
  );
}
