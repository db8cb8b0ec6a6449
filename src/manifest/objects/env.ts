import type { V1EnvVar } from "@kubernetes/client-node";
import { byKey } from "../canonical.ts";
import type { Container } from "../schema/manifest.ts";
import { literal } from "./literal.ts";

type Value = NonNullable<Container["env"]>[string];

/** Variables by name, so that the same ones never look like a change. */
export function envOf(env: Container["env"]): readonly V1EnvVar[] {
  return byKey(env ?? {}).map(([name, value]) => variable(name, value));
}

function variable(name: string, value: Value): V1EnvVar {
  if (typeof value === "string") {
    return { name, value: literal(value) };
  }
  const { secret, config, key } = value;
  return secret === undefined
    ? { name, valueFrom: { configMapKeyRef: { name: config ?? "", key } } }
    : { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
