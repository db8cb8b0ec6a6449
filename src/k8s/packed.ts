import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Release } from "../release/release.ts";

/** What a finished release mostly weighs, and what is seldom read of one: members of these three objects. */
const packable = {
  plan: ["manifest", "objects", "diff", "changes", "policy", "risks", "warnings"],
  status: ["inventory"],
  source: ["manifest"],
} as const;
type Part = keyof typeof packable;
type Members = Readonly<Record<string, unknown>>;

/** Less is not worth the work. */
const leastLength = 1_000;
/** Where an object keeps what all three share, compressed; nobody who reads, spreads or serializes it meets that. */
const held = Symbol("packed");

/**
 * A finished release as many of them are kept: the large and seldom read members are compressed, and unpacked for who
 * reads them. It is the same value to whoever reads, spreads or serializes it. Measured in docs/performance.md
 * ("Many apps").
 */
export function packed(release: Release): Release {
  const { spec, status } = release;
  if (status?.plan === undefined || !isTerminal(phaseOf(release))) return release;
  const plan = split(status.plan, "plan");
  const source = split(spec.source, "source");
  const rest = split(status, "status");
  const text = JSON.stringify({ plan: plan.heavy, status: rest.heavy, source: source.heavy });
  if (text.length < leastLength) return release;
  // As a string of bytes: a Buffer of its own would weigh as much again.
  const whole = deflateRawSync(text, { level: 1 }).toString("latin1");
  return {
    ...release,
    spec: { ...spec, source: light(source, whole) },
    // Put in before: whoever spreads an object unpacks it.
    status: light({ ...rest, others: { ...rest.others, plan: light(plan, whole) } }, whole),
  };
}

/** An object in two. */
interface Split<Whole> {
  readonly part: Part;
  readonly heavy: Members;
  readonly others: Partial<Whole>;
}

function split<Whole extends object>(object: Whole, part: Part): Split<Whole> {
  const names: readonly string[] = packable[part];
  const members = Object.entries(object);
  return {
    part,
    heavy: Object.fromEntries(members.filter(([name]) => names.includes(name))),
    others: Object.fromEntries(members.filter(([name]) => !names.includes(name))) as Partial<Whole>,
  };
}

function light<Whole extends object>({ part, heavy, others }: Split<Whole>, whole: string): Whole {
  const getters = unpackers[part].filter(([name]) => Object.hasOwn(heavy, name));
  const hidden = { [held]: { value: whole } };
  return Object.defineProperties(others, { ...hidden, ...Object.fromEntries(getters) }) as Whole;
}

interface Holding {
  readonly [held]: string;
}

/** One getter for all objects: with one each, every object would have a layout of its own. */
const unpackers = {
  plan: unpackersOf("plan"),
  status: unpackersOf("status"),
  source: unpackersOf("source"),
} as const;

function unpackersOf(part: Part): readonly (readonly [string, PropertyDescriptor])[] {
  return packable[part].map((name) => [
    name,
    {
      enumerable: true,
      get(this: Holding): unknown {
        return unpack(this[held])[part][name];
      },
    },
  ]);
}

function unpack(whole: string): Readonly<Record<Part, Members>> {
  const text = inflateRawSync(Buffer.from(whole, "latin1")).toString();
  return JSON.parse(text) as Readonly<Record<Part, Members>>;
}
