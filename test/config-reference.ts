import { z } from "zod";
import { configSchema } from "../src/config.ts";

/** The part of a JSON Schema that the reference reads. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
}

/** A key of docc.yaml, with dots; `<name>` where the operator chooses. */
export interface Key {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** Every key of docc.yaml, tables before what they hold. */
export function configKeys(): readonly Key[] {
  return keysOf(z.toJSONSchema(configSchema, { io: "input" }) as Schema, "");
}

function keysOf(schema: Schema, path: string): readonly Key[] {
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, each]) => [
    { path: at(key), schema: each, required: schema.required?.includes(key) ?? false },
    ...keysOf(each, at(key)),
  ]);
  const { additionalProperties: named, items } = schema;
  return [
    ...own,
    ...(typeof named === "object" ? keysOf(named, at("<name>")) : []),
    ...(items === undefined ? [] : keysOf(items, `${path}[]`)),
  ];
}

function isTable({ schema: { type, properties, additionalProperties } }: Key): boolean {
  return type === "object" && (properties !== undefined || additionalProperties !== undefined);
}

function typeOf({ type = "", enum: values, minimum, maximum, items }: Schema): string {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(", ");
  if (type === "integer") return `whole number, ${minimum} to ${maximum}`;
  if (type === "array") {
    return `list of ${typeOf(items ?? {})}${items?.enum === undefined ? "s" : ""}`;
  }
  return type === "string" ? "text" : type;
}

function defaultOf({ schema, required }: Key): string {
  if (required) return "required";
  return schema.default === undefined
    ? ""
    : `\`${JSON.stringify(schema.default).replaceAll('"', "")}\``;
}

function row(key: Key): string {
  const { path, schema } = key;
  const meaning = schema.description ?? "";
  if (isTable(key))
    return `| **\`${path}\`** | table | ${key.required ? "required" : ""} | ${meaning} |`;
  return `| \`${path}\` | ${typeOf(schema)} | ${defaultOf(key)} | ${meaning} |`;
}

export const example = `environments:
  staging:
    namespace: apps-staging
    domain: staging.example.com
  production:
    namespace: apps
    domain: example.com
    channel: C0123456789
    registries: [registry.example.com]
    rollout: { timeout: 15m, stable: 2m }
people:
  - { slack: U0123456789, kubernetes: developer@corp.example.com }
retention:
  releases: 20
`;

/** docs/config.md, made from the schema that reads docc.yaml. */
export function configReference(): string {
  return `<!-- Made from src/config.ts: UPDATE=1 npx vitest run test/config.test.ts -->
# docc.yaml

The operator's one file; \`DOCC_CONFIG\` names it. It holds no secret. A wrong key stops docc at its start,
with the key, its line and the nearest right one. Two environments never share a context and a namespace.

\`\`\`yaml
${example}\`\`\`

A duration is written like \`60s\`, \`10m\` or \`1h30m\`. Commands without \`in=\` mean the first environment that
is not called production; production alone is the default only when there is no other. A channel, or a person, may prefer
another one: [preferences.md](preferences.md).

| key | type | default | meaning |
|---|---|---|---|
${configKeys().map(row).join("\n")}

## The environment

Tokens come from the process's environment alone; [install.md](install.md) says where to find them.

| variable | meaning |
|---|---|
| \`SLACK_BOT_TOKEN\` | the bot token, \`xoxb-\`; required |
| \`SLACK_APP_TOKEN\` | the app-level token, \`xapp-\`; required in socket mode |
| \`SLACK_SIGNING_SECRET\` | required in http mode |
| \`DOCC_WEBHOOK_SECRET_<NAME>\` | what signs the events of the webhook of that name; required for each ([webhooks.md](webhooks.md)) |
| \`DOCC_CONFIG\` | this file; default \`docc.yaml\` |
| \`KUBECONFIG\` | the kubeconfig; absent: the pod's service account |
| \`LOG_LEVEL\` | \`debug\`, \`info\` (default), \`warn\`, \`error\` |
| \`SLACK_API_URL\` | another Slack-like server; https, or http on loopback |
`;
}
