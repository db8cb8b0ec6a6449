import { z } from "zod";
import { cap } from "../../text/cap.ts";
import { oneLine, quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { type Note, notes } from "./note.ts";
import { type Schema, schemaAt } from "./at.ts";
import { type Json, nodeAt, type Tree } from "../reading/tree.ts";

type Issue = z.core.$ZodIssue;

/** What the schema's refusals mean in docc's words. */
export function problemsOf(issues: readonly Issue[], root: Tree): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, root));
}

function problemsOfIssue(issue: Issue, root: Tree): readonly Problem[] {
  const path = pathOf(issue.path);
  if (nodeAt(root, path) === undefined) {
    return [missing(path)];
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path));
    case "invalid_key":
      return [refusedKey(path), ...problemsUnderKey(path, root)];
    case "invalid_union":
      return problemsOf(branchOf(issue), root);
    case "invalid_type":
      return [wrongType(path, root)];
    case "invalid_value":
      return [valueProblem(path, root)];
    case "too_small":
      return [refusedValue(path, root, (note) => note.tooFew ?? note)];
    default:
      return [refusedValue(path, root)];
  }
}

function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}

/** The complaints of the branch whose type the value has, else that it has none of the types. */
function branchOf(issue: z.core.$ZodIssueInvalidUnion): Issue[] {
  const [first = [], ...others] = issue.errors;
  const branch = [first, ...others].find((errors) => !errors.some(isAboutType));
  return (branch ?? first.slice(0, 1)).map((inner) => ({
    ...inner,
    path: [...issue.path, ...inner.path],
  }));
}

function isAboutType({ code, path }: Issue): boolean {
  return code === "invalid_type" && path.length === 0;
}

function unknownKey(key: string, path: Path): Problem {
  const schema = schemaAt(path);
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const known = keys.filter((name) => !name.startsWith("$"));
  const meant = nearest(key, known);
  const where = path.length === 0 ? "a manifest" : pathText(path);
  return {
    code: "unknown-key",
    message: `${quoted(key)} is no key of ${where}.`,
    hint:
      meant === undefined ? `The keys are ${known.join(", ")}.` : `Did you mean ${quoted(meant)}?`,
    path: [...path, key],
    at: "key",
  };
}

function missing(path: Path): Problem {
  const where = path.length === 1 ? "" : ` in ${pathText(path.slice(0, -1))}`;
  return {
    code: "missing-key",
    message: `${keyName(path)} is missing${where}.`,
    hint: definition(path, schemaAt(path)),
    path,
  };
}

function wrongType(path: Path, root: Tree): Problem {
  const node = nodeAt(root, path);
  const schema = schemaAt(path, node?.value);
  const isPrivate = noteOf(schema).isPrivate ?? false;
  return {
    code: "wrong-type",
    message: `${keyName(path)} must be ${typeName(schema)}, but is ${valueName(node, isPrivate)}.`,
    hint: requoted(node, schema, isPrivate) ?? definition(path, schema),
    path,
  };
}

/** What to do where only quotes are missing, or too many. */
function requoted(
  node: Tree | undefined,
  schema: Schema | undefined,
  isPrivate: boolean,
): string | undefined {
  const { value = null, written = "" } = node ?? {};
  const isPlain = typeof value === "number" || typeof value === "boolean";
  if (isPlain && written !== "" && admits(schema, z.ZodString)) {
    return isPrivate ? "Put it in quotes." : `Put it in quotes: ${quoted(written)}.`;
  }
  const isNumeral = typeof value === "string" && /^-?\d{1,9}$/u.test(value);
  return isNumeral && admits(schema, z.ZodNumber) ? `Remove the quotes: ${value}.` : undefined;
}

function admits(
  schema: Schema | undefined,
  type: typeof z.ZodString | typeof z.ZodNumber,
): boolean {
  const options: readonly unknown[] = schema instanceof z.ZodUnion ? schema.options : [schema];
  return options.some((option) => option instanceof type);
}

/** An enum refuses values of every type in the same way. */
function valueProblem(path: Path, root: Tree): Problem {
  const value = nodeAt(root, path)?.value;
  return typeof value === "string" ? refusedValue(path, root) : wrongType(path, root);
}

function refusedKey(path: Path): Problem {
  const key = String(path.at(-1));
  const record = schemaAt(path.slice(0, -1));
  const note = record instanceof z.ZodRecord ? noteOf(record.keyType) : unnoted;
  return { ...refusal(note, quoted(key), key), path, at: "key" };
}

/** Zod skips the value of a refused key; a person wants to hear of both. */
function problemsUnderKey(path: Path, root: Tree): readonly Problem[] {
  const record = schemaAt(path.slice(0, -1));
  if (!(record instanceof z.ZodRecord)) {
    return [];
  }
  const parsed = z.core.safeParse(record.valueType, nodeAt(root, path)?.value);
  const issues = parsed.error?.issues ?? [];
  return problemsOf(
    issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })),
    root,
  );
}

function refusedValue(
  path: Path,
  root: Tree,
  choose: (note: Note) => Note = (note) => note,
): Problem {
  const node = nodeAt(root, path);
  const text = typeof node?.value === "string" ? node.value : undefined;
  const shown = text === undefined ? (node?.written ?? keyName(path)) : quoted(text);
  const found = noteOf(schemaAt(path, node?.value));
  if (found.isPrivate === true) {
    return { ...refusal(found, keyName(path), ""), path };
  }
  const note = choose(found);
  return { ...refusal(note, shown, text ?? ""), path };
}

function refusal({ code, says, hint }: Note, shown: string, value: string): Omit<Problem, "path"> {
  const message = `${shown} ${says}.`;
  return { code, message, hint: typeof hint === "string" ? hint : hint(value) };
}

const unnoted: Note = { code: "bad-value", says: "is not allowed here", hint: "" };

function noteOf(schema: Schema | undefined): Note {
  return (schema === undefined ? undefined : notes.get(schema)) ?? unnoted;
}

/** What a field is, out of its description. */
function definition(path: Path, schema: Schema | undefined): string {
  const description = schema === undefined ? undefined : z.globalRegistry.get(schema)?.description;
  return description === undefined ? "" : `${keyName(path)} is ${description}.`;
}

/** `"image_tag"`, or `containers.kubecon.ports[0]` for an item, whose index alone says little. */
function keyName(path: Path): string {
  const last = path.at(-1);
  return typeof last === "string" ? quoted(last) : pathText(path);
}

function typeName(schema: Schema | undefined): string {
  if (schema instanceof z.ZodUnion) {
    return [...new Set(schema.options.map(typeName))].join(" or ");
  }
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) {
    return "text";
  }
  if (schema instanceof z.ZodNumber) {
    return schema instanceof z.ZodNumberFormat ? "a whole number" : "a number";
  }
  if (schema instanceof z.ZodBoolean) {
    return "true or false";
  }
  return schema instanceof z.ZodArray ? "a list" : "an object";
}

function valueName(node: Tree | undefined, isPrivate: boolean): string {
  const value: Json = node?.value ?? null;
  if (value === null) {
    return node?.written === "" ? "empty" : "null";
  }
  if (typeof value === "object") {
    return Array.isArray(value) ? "a list" : "an object";
  }
  if (isPrivate) {
    return `a ${typeof value}`;
  }
  const written = cap(oneLine(node?.written ?? String(value)), 60);
  return typeof value === "string" ? `the text ${quoted(value)}` : `the ${typeof value} ${written}`;
}
