import fc from "fast-check";
import { env, type WrittenContainer } from "./container.ts";
import { hostsIn, type WrittenIngress } from "./exposure.ts";
import { cpu, label, memory } from "./text.ts";

export type WrittenScale =
  | number
  | { readonly min: number; readonly max: number; readonly cpu?: number };
export type WrittenDifference = Readonly<Record<string, unknown>>;

/** What an environment's differences are about. */
export interface Base {
  readonly scale?: WrittenScale;
  readonly containers: Readonly<Record<string, WrittenContainer>>;
  readonly ingresses?: Readonly<Record<string, WrittenIngress>>;
}

const target = fc.integer({ min: 1, max: 100 });

export function scale(most: number): fc.Arbitrary<WrittenScale> {
  return fc.oneof(fc.integer({ min: 0, max: most }), range(most));
}

function range(most: number): fc.Arbitrary<Exclude<WrittenScale, number>> {
  const end = fc.integer({ min: 1, max: most });
  return fc
    .tuple(end, end, fc.option(target, { nil: undefined }))
    .map(([one, other, cpuTarget]) => ({
      min: Math.min(one, other),
      max: Math.max(one, other),
      ...(cpuTarget === undefined ? {} : { cpu: cpuTarget }),
    }));
}

/** What differs by environment, `here` and elsewhere. */
export function environments(
  base: Base,
  here: string,
  most: number,
  domains: readonly string[],
): fc.Arbitrary<Readonly<Record<string, WrittenDifference>>> {
  const name = fc.oneof(fc.constantFrom(here, "staging"), label(63));
  return fc
    .uniqueArray(name, { maxLength: 3 })
    .chain((names) =>
      fc.tuple(
        ...names.map((each, index) =>
          difference(base, `e${index}`, most, domains).map((own) => [each, own] as const),
        ),
      ),
    )
    .map((entries) => Object.fromEntries(entries));
}

function difference(
  base: Base,
  place: string,
  most: number,
  domains: readonly string[],
): fc.Arbitrary<WrittenDifference> {
  const containers = Object.keys(base.containers);
  const ingresses = Object.keys(base.ingresses ?? {});
  const ofContainer = { env, cpu, memory };
  const short = containers.length === 1 ? ofContainer : {};
  const hosts = ingresses.length === 1 ? { hosts: hostsIn(`${place}.short`, domains) } : {};
  return fc.record(
    {
      scale: differentScale(base.scale, most),
      ...short,
      ...hosts,
      containers: someOf(containers, () => record(ofContainer)),
      ingresses: someOf(ingresses, (index) =>
        record({ hosts: hostsIn(`${place}.i${index}`, domains) }),
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
}

function record(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  return fc.record(fields, { requiredKeys: [], noNullPrototype: true });
}

/** An object with some of the names. */
function someOf(
  names: readonly string[],
  of: (index: number) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc.record(Object.fromEntries(names.map((name, index) => [name, of(index)])), {
    requiredKeys: [],
    noNullPrototype: true,
  });
}

/** A scale, or the part of a range that differs from one in the rest of the manifest. */
function differentScale(base: WrittenScale | undefined, most: number): fc.Arbitrary<unknown> {
  if (typeof base !== "object") {
    return scale(most);
  }
  return fc.oneof(
    scale(most),
    fc.constant({}),
    target.map((cpuTarget) => ({ cpu: cpuTarget })),
    fc.integer({ min: 1, max: base.max }).map((min) => ({ min })),
    fc.integer({ min: base.min, max: most }).map((max) => ({ max })),
  );
}
