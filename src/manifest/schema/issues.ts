import { z } from "zod";
import { cap } from "../../text/cap.ts";
import { oneLine, quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { type Note, notes } from "./note.ts";
import { type Schema, schemaAt } from "./at.ts";
import { type Json, nodeAt, type Tree } from "../reading/tree.ts";

type Issue = z.core.$ZodIssue;

/** What the schema's refusals mean in docc's words; each once, whatever number of checks refuse it. */
export function problemsOf(issues: readonly Issue[], root: Tree): Problem[] {
  const problems = issues.flatMap((issue) => problemsOfIssue(issue, root));
  return [
    ...new Map(problems.map((each) => [JSON.stringify([each.code, each.path]), each])).values(),
  ];
}

function problemsOfIssue(issue: Issue, root: Tree): readonly Problem[] {
  const path = pathOf(issue.path);
  if (nodeAt(root, path) === undefined) {
    return [missing(path)];
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownKeys(issue.keys, path, root);
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

export function unknownKey(key: string, path: Path, hint: string): Problem {
  const where = path.length === 0 ? "a manifest" : pathText(path);
  const message = `${quoted(key)} is no key of ${where}.`;
  return { code: "unknown-key", message, hint, path: [...path, key], at: "key" };
}

/** Unknown keys of one object that get a hint; beyond them the file is something else. */
const MOST_HINTS = 100;

function unknownKeys(keys: readonly string[], path: Path, root: Tree): readonly Problem[] {
  const schema = schemaAt(path, {});
  const known = schema instanceof z.ZodObject ? knownKeys(schema) : [];
  const given = known.filter((key) => nodeAt(root, [...path, key]) !== undefined);
  return keys.map((key, index) =>
    unknownKey(key, path, index < MOST_HINTS ? surplusHint(key, known, given) : ""),
  );
}

/** What to do about an unknown key; misspelt.ts has told of those that are near one not given yet. */
function surplusHint(key: string, known: readonly string[], given: readonly string[]): string {
  const meant = nearest(key, given);
  return meant === undefined
    ? `The keys are ${known.join(", ")}.`
    : `${quoted(meant)} is there already: remove one of them.`;
}

/** The keys of an object that are for people. */
export function knownKeys({ shape }: z.ZodObject): readonly string[] {
  return Object.keys(shape).filter((name) => !name.startsWith("$"));
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

/** What to do where quotes are missing, or too many: it should be right then. */
function requoted(
  node: Tree | undefined,
  schema: Schema | undefined,
  isPrivate: boolean,
): string | undefined {
  const { value = null, written = "" } = node ?? {};
  const text = optionOf(schema, z.ZodString);
  if (text !== undefined && written !== "" && ["number", "boolean"].includes(typeof value)) {
    if (isPrivate) {
      return "Put it in quotes.";
    }
    return takes(text, written)
      ? `Put it in quotes: ${quoted(written)}.`
      : hintOf(noteOf(text), written);
  }
  const number = optionOf(schema, z.ZodNumber);
  const isNumeral = typeof value === "string" && /^-?\d{1,9}$/u.test(value);
  if (number === undefined || !isNumeral) {
    return undefined;
  }
  return takes(number, Number(value)) ? `Remove the quotes: ${value}.` : hintOf(noteOf(number), "");
}

/** The schema itself or, of a union, the option that is of a type. */
function optionOf(
  schema: Schema | undefined,
  type: typeof z.ZodString | typeof z.ZodNumber,
): Schema | undefined {
  const options = schema instanceof z.ZodUnion ? schema.options : [schema];
  return options.find((option) => option instanceof type);
}

function takes(schema: Schema, value: Json): boolean {
  return z.core.safeParse(schema, value).success;
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
  const note = choose(noteOf(schemaAt(path, node?.value)));
  const isPrivate = note.isPrivate ?? false;
  return { ...refusal(note, isPrivate ? keyName(path) : shown, text ?? ""), path };
}

function refusal(note: Note, shown: string, value: string): Omit<Problem, "path"> {
  return { code: note.code, message: `${shown} ${note.says}.`, hint: hintOf(note, value) };
}

function hintOf({ hint }: Note, value: string): string {
  return typeof hint === "string" ? hint : hint(value);
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
