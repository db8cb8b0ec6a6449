import type { z } from "zod";
import { needsCertificate } from "./objects/names.ts";
import type { Path } from "./problem.ts";
import { containers } from "./schema/container.ts";
import { deploy } from "./schema/deploy.ts";
import { env } from "./schema/env.ts";
import { defaultStartSeconds, health } from "./schema/health.ts";
import { ingresses } from "./schema/ingress.ts";
import { links } from "./schema/links.ts";
import { manifestSchema } from "./schema/manifest.ts";
import { cpu, memory } from "./schema/quantity.ts";
import { defaultCpuTarget } from "./schema/scale.ts";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** At least one of some keys. */
function needs(...keys: readonly string[]): JsonSchema {
  return { anyOf: keys.map((key) => ({ required: [key] })) };
}

function has(key: string, value: JsonSchema = {}): JsonSchema {
  return { required: [key], properties: { [key]: value } };
}

/** JSON Schema's own condition. */
function when(condition: JsonSchema, consequence: JsonSchema): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- the keyword's name; nobody awaits a schema
  return { if: condition, then: consequence };
}

/**
 * Refuses some keys beside something else. Not `oneOf`: editors say of it, and at the whole object, that
 * it "matches multiple schemas"; of this they say our words, at the key.
 */
function refuses(keys: readonly string[], beside: JsonSchema, message: string): JsonSchema {
  const properties = Object.fromEntries(keys.map((key) => [key, false]));
  return when(beside, { properties, errorMessage: message });
}

const container = containers.valueType;
const { ports, writable } = container.shape;
const ingress = ingresses.valueType;
const [, reference] = env.valueType.options;

/** rules/exposure.ts, certificates: who encrypts without auto_tls names a Secret. */
const needsSecret = when(
  has("scheme", { enum: ingress.shape.scheme.options.filter(needsCertificate) }),
  {
    required: ["tls_secret"],
    errorMessage: "TLS needs a certificate: set auto_tls to true, or name a tls_secret.",
  },
);

const oneQuestion = "Keep one of path, tcp and command.";
const duration: JsonSchema = { pattern: "^(?:\\d+(?:ms|s|m|h|d))+$" };

/** By schema, what zod does not tell: refinements as patterns, and rules/ as conditions. */
export const keywords: ReadonlyMap<z.core.$ZodType, JsonSchema> = new Map<
  z.core.$ZodType,
  JsonSchema
>([
  [
    manifestSchema,
    {
      if: has("auto_tls", { const: true }),
      else: { properties: { ingresses: { additionalProperties: needsSecret } } },
    },
  ],
  [containers, { minProperties: 1 }],
  [
    container,
    {
      ...needs("image_tag", "image_digest"),
      allOf: [
        refuses(["image_digest"], has("image_tag"), "Keep image_tag or image_digest."),
        refuses(
          ["run_as_user"],
          has("run_as_root", { const: true }),
          "Keep run_as_root or run_as_user.",
        ),
      ],
    },
  ],
  [ports.unwrap(), { uniqueItems: true }],
  [writable.unwrap(), { uniqueItems: true }],
  [
    reference,
    {
      ...needs("secret", "config"),
      ...refuses(["config"], has("secret"), "Keep secret or config."),
    },
  ],
  [
    health,
    {
      ...needs("path", "tcp", "command"),
      allOf: [
        refuses(["tcp", "command"], has("path"), oneQuestion),
        refuses(["command"], has("tcp"), oneQuestion),
      ],
      dependencies: { port: ["path"], tls: ["path"] },
    },
  ],
  [
    ingress,
    refuses(
      ["path"],
      has("scheme", { const: "tls" }),
      "TLS that goes through to the container has no path.",
    ),
  ],
  // Quantities and durations have bounds, too: those are arithmetic.
  [cpu.options[0], { pattern: "^(?=.*[1-9])(?:\\d{1,6}m|\\d{1,3}(?:\\.\\d{1,3})?)$" }],
  [cpu.options[1], { minimum: 0.001, maximum: 512 }],
  [memory, { pattern: "^(?=.*[1-9])\\d{1,12}(?:\\.\\d{1,3})?(?:[kMGT]|[KMGT]i)$" }],
  [deploy.shape.timeout.unwrap(), duration],
  [deploy.shape.stable.unwrap(), duration],
  [
    links.valueType,
    {
      // Braces only around what docc fills in, and none in the host.
      pattern:
        '^https:\\/\\/[^/?#@\\\\{}\\s]+(?:[/?#](?:[^\\s\\\\<>"`{}]|\\{(?:app|from|to)\\})*)?$',
    },
  ],
]);

/**
 * What docc assumes where a key is left out, beyond the schema's own defaults: `*` is any name or item, a
 * number the branch of a union.
 */
export const assumed: readonly { readonly path: Path; readonly value: unknown }[] = [
  { path: ["scale", 1, "cpu"], value: defaultCpuTarget },
  { path: ["containers", "*", "ports", "*", 1, "protocol"], value: "TCP" },
  { path: ["containers", "*", "health", "tls"], value: false },
  { path: ["containers", "*", "health", "start_seconds"], value: defaultStartSeconds },
  { path: ["containers", "*", "health", "restart_when_unhealthy"], value: false },
  { path: ["containers", "*", "writable"], value: ["/tmp"] },
  { path: ["containers", "*", "run_as_root"], value: false },
  { path: ["ingresses", "*", "path"], value: "/" },
  { path: ["deploy", "auto_rollback"], value: false },
];

/** Something to begin with, where an editor completes an empty file; it steps through what is marked. */
export const smallManifest = {
  label: "a small application",
  description: "With a port and a health check",
  body: {
    application: "${1:shop}",
    maintainer: "${2:shop-team@example.com}",
    containers: {
      "${3:web}": {
        image: "${4:registry.example.com/shop/web}",
        image_tag: "${5:1.0.0}",
        ports: [8080],
        memory: "512Mi",
        health: { path: "/healthz" },
      },
    },
  },
} as const;
