import { schema as manifestSchema } from "../editor.ts";
import { code, table } from "./markdown.ts";

/** The part of a JSON Schema that the reference reads. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
}

/** A field of the manifest: `<name>` is any name, and `[]` any item of a list. */
export interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** Every field of the manifest, in the order of the schema, what holds others before them. */
export function fields(): readonly Field[] {
  return fieldsOf(manifestSchema, "");
}

function fieldsOf(schema: Schema, path: string): readonly Field[] {
  const { properties = {}, required = [], additionalProperties: named, items, anyOf = [] } = schema;
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  return [
    ...Object.entries(properties).flatMap(([key, each]) => [
      { path: at(key), schema: each, isRequired: required.includes(key) },
      ...fieldsOf(each, at(key)),
    ]),
    ...(typeof named === "object" ? fieldsOf(named, at("<name>")) : []),
    ...(items === undefined ? [] : fieldsOf(items, `${path}[]`)),
    ...anyOf.flatMap((form) => fieldsOf(form, path)),
  ];
}

/** The tables of the page: each shows what stands below its prefix and in no later table. */
const tables: readonly { readonly prefix: string; readonly title: string }[] = [
  { prefix: "", title: "The application" },
  { prefix: "scale.", title: "`scale`, as a range" },
  { prefix: "containers.<name>.", title: "`containers.<name>`" },
  { prefix: "containers.<name>.ports[].", title: "`containers.<name>.ports[]`, as an object" },
  {
    prefix: "containers.<name>.env.<name>.",
    title: "`containers.<name>.env.<name>`, as an object",
  },
  { prefix: "containers.<name>.health.", title: "`containers.<name>.health`" },
  { prefix: "ingresses.<name>.", title: "`ingresses.<name>`" },
  { prefix: "environments.<name>.", title: "`environments.<name>`" },
  { prefix: "deploy.", title: "`deploy`" },
];

/** The fields as tables. */
export function fieldTables(): string {
  return tables
    .map(({ prefix, title }, index) => {
      const later = tables.slice(index + 1).map((each) => each.prefix);
      const rows = fields()
        .filter(({ path }) => path.startsWith(prefix))
        .filter(({ path }) => !later.some((each) => each !== prefix && path.startsWith(each)))
        .filter(isToldHere)
        .map((field) => row(field, prefix));
      const head = ["key", "type", "default", "meaning", "what it becomes", "example"];
      return `### ${title}\n\n${table(head, rows)}`;
    })
    .join("\n\n");
}

/** What differs in an environment is told where it stands for all of them. */
const twins: Readonly<Record<string, string>> = {
  "environments.<name>.env": "`containers.<name>.env`, of the only container.",
  "environments.<name>.cpu": "`containers.<name>.cpu`, of the only container.",
  "environments.<name>.memory": "`containers.<name>.memory`, of the only container.",
  "environments.<name>.hosts": "`ingresses.<name>.hosts`, of the only ingress.",
};

function isToldHere({ path }: Field): boolean {
  return !/^environments\.<name>\..+[.[]/u.test(path);
}

function row({ path, schema, isRequired }: Field, prefix: string): readonly string[] {
  const { description = "", markdownDescription = description } = schema;
  const [meaning = "", becomes = ""] = markdownDescription.split("\n\nWhat it becomes: ");
  const twin = twins[path];
  return [
    code(path.slice(prefix.length)),
    typeOf(schema),
    isRequired ? "required" : defaultOf(path, schema),
    ...(twin === undefined ? [meaning, becomes] : [twin, "The same, there."]),
    exampleOf(schema),
  ];
}

function typeOf(schema: Schema): string {
  const { type, enum: values, anyOf = [], items = {}, additionalProperties: named } = schema;
  if (values !== undefined) {
    return values.map(code).join(", ");
  }
  switch (type) {
    case undefined:
      return [...new Set(anyOf.filter((form) => form.type !== undefined).map(typeOf))].join(
        "; or ",
      );
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "array":
      return `list, ${schema.maxItems} at most, of: ${typeOf(items)}`;
    case "object":
      return typeof named === "object"
        ? `by name, ${schema.maxProperties} at most: ${typeOf(named)}`
        : "object";
    default:
      return numberOf(schema);
  }
}

function numberOf({ type, minimum, maximum }: Schema): string {
  const what = type === "integer" ? "whole number" : "number";
  return maximum === undefined
    ? `${what}, ${minimum} or more`
    : `${what}, ${minimum} to ${maximum}`;
}

/** Where a default is not the schema's own. */
const elsewhere: Readonly<Record<string, string>> = {
  "containers.<name>.command": "the image's",
  "containers.<name>.args": "the image's",
  "containers.<name>.cpu": "the operator's",
  "containers.<name>.memory": "the operator's",
  "containers.<name>.read_only": "the operator's",
  "containers.<name>.run_as_user": "the image's",
  "containers.<name>.ports[].name": "`port-<port>`",
  "containers.<name>.health.port": "the first TCP port",
  "ingresses.<name>.hosts": "`<name>.<domain>`",
  channel: "the environment's",
  "deploy.timeout": "the operator's",
  "deploy.stable": "the operator's",
};

function defaultOf(path: string, { default: value }: Schema): string {
  return value === undefined ? (elsewhere[path] ?? "") : code(flow(value));
}

function exampleOf({ examples = [], enum: values = [], type }: Schema): string {
  const [example = values[0] ?? (type === "boolean" ? true : undefined)] = examples;
  return example === undefined ? "" : code(flow(example));
}

/** A value as YAML in one line, as people write it. */
function flow(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(flow).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${key}: ${flow(member)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return typeof value === "string" &&
    /^[a-z/][\w./@-]*$/iu.test(value) &&
    !/^(?:true|false)$/u.test(value)
    ? value
    : JSON.stringify(value);
}
