import type { Container, Difference, Ingress, Manifest } from "./schema/manifest.ts";

/**
 * The manifest as it is meant in one environment: what differs there merged over the rest, field by
 * field, and nothing left of the other environments. Manifests that differ in nothing stay as they are.
 * Which of two places counts: {@link placesOf} in rules/places.ts says the same of texts.
 */
export function inEnvironment(manifest: Manifest, environment: string): Manifest {
  const { environments, ...rest } = manifest;
  const own = environments?.[environment];
  if (own === undefined) {
    return rest;
  }
  return {
    ...rest,
    scale: mergedScale(rest.scale, own.scale),
    containers: mapValues(rest.containers, (container, name, isOnly) =>
      mergedContainer(container, [isOnly ? own : {}, own.containers?.[name] ?? {}]),
    ),
    ingresses: mapValues(rest.ingresses, (ingress, name, isOnly) =>
      mergedIngress(ingress, own.ingresses?.[name]?.hosts ?? (isOnly ? own.hosts : undefined)),
    ),
  };
}

/** The fewest copies that run by a manifest. */
export function leastScale({ scale }: Pick<Manifest, "scale">): number {
  return typeof scale === "number" ? scale : scale.min;
}

/** The most copies that run by a manifest. */
export function mostScale({ scale }: Pick<Manifest, "scale">): number {
  return typeof scale === "number" ? scale : scale.max;
}

type Scale = Manifest["scale"];

function mergedScale(base: Scale, own: Difference["scale"]): Scale {
  if (own === undefined || typeof own === "number") {
    return own ?? base;
  }
  const { min, max, cpu } = { ...(typeof base === "number" ? {} : base), ...defined(own) };
  // The rules refuse a range with only one end.
  const range = { min: min ?? 1, max: max ?? min ?? 1 };
  return cpu === undefined ? range : { ...range, cpu };
}

type ContainerDifference = Pick<Difference, "env" | "cpu" | "memory">;

function mergedContainer(base: Container, own: readonly ContainerDifference[]): Container {
  return own.reduce<Container>((container, { env, cpu, memory }) => {
    const merged = { ...container, ...defined({ cpu, memory }) };
    return env === undefined ? merged : { ...merged, env: { ...container.env, ...env } };
  }, base);
}

function mergedIngress(base: Ingress, hosts: Ingress["hosts"]): Ingress {
  return hosts === undefined ? base : { ...base, hosts };
}

/** The members that are not undefined. */
function defined<Value extends object>(
  object: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  const entries = Object.entries(object).filter(([, member]) => member !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only members were taken away
  return Object.fromEntries(entries) as { [Key in keyof Value]?: Exclude<Value[Key], undefined> };
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value, name: string, isOnly: boolean) => Value,
): Record<string, Value> {
  const entries = Object.entries(record);
  const isOnly = entries.length === 1;
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value, name, isOnly)]));
}
