import { z } from "zod";
import { becomings, notes } from "./note.ts";

/**
 * Kubernetes quantities, as far as cpu and memory need them: kubernetes.io, "Resource Management for
 * Pods and Containers". Exponents are left out: nobody reads 1e3 as memory.
 */
const cpuPattern = /^(?:\d{1,6}m|\d{1,3}(?:\.\d{1,3})?)$/u;
const memoryPattern = /^(?<count>\d{1,12}(?:\.\d{1,3})?)(?<unit>[kMGT]|[KMGT]i)$/u;

const powers = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
} as const;

/** Less than this no container runtime starts a process in. */
const LEAST_MEMORY = 4 * powers.Mi;
const MOST_MEMORY = 64 * powers.Ti;
const MOST_CPU = 512;

/** Cores of a cpu quantity; undefined where it is none. */
function coresOf(quantity: string | number): number | undefined {
  const text = String(quantity);
  if (!cpuPattern.test(text)) {
    return undefined;
  }
  return text.endsWith("m") ? Number(text.slice(0, -1)) / 1_000 : Number(text);
}

/** Bytes of a memory quantity; undefined where it is none. */
function bytesOf(quantity: string): number | undefined {
  const groups = memoryPattern.exec(quantity)?.groups;
  const unit = groups?.["unit"];
  return unit === undefined || !isUnit(unit) ? undefined : Number(groups?.["count"]) * powers[unit];
}

function isUnit(unit: string): unit is keyof typeof powers {
  return Object.hasOwn(powers, unit);
}

export function isCpu(quantity: string | number): boolean {
  const cores = coresOf(quantity);
  return cores !== undefined && cores >= 0.001 && cores <= MOST_CPU;
}

export function isMemory(quantity: string): boolean {
  const bytes = bytesOf(quantity);
  return bytes !== undefined && bytes >= LEAST_MEMORY && bytes <= MOST_MEMORY;
}

const badCpu = {
  code: "bad-quantity",
  says: "is no amount of cpu",
  hint: `Give cores, like "500m" for half a core or "2", at most ${MOST_CPU}.`,
} as const;

export const cpu = z
  .union([
    z.string().refine(isCpu).register(notes, badCpu),
    z.number().refine(isCpu).register(notes, badCpu),
  ])
  .describe('the cpu that a copy asks for, like "500m" for half a core')
  .meta({ examples: ["500m", "2"] })
  .register(becomings, {
    becomes:
      "`resources.requests.cpu`. No limit: an idle node's cpu is there to be used. Without it the operator's default.",
  });

export const memory = z
  .string()
  .refine(isMemory)
  .describe('the memory that a copy asks for and may use, like "512Mi"')
  .meta({ examples: ["512Mi", "2Gi"] })
  .register(notes, { code: "bad-quantity", says: "is no amount of memory", hint: memoryHint })
  .register(becomings, {
    becomes:
      "`resources.requests.memory` and `resources.limits.memory`: beyond it the container is killed. Without it the operator's default.",
  });

/** What a refused amount of memory was probably meant to be. */
function memoryHint(given: string): string {
  const meant = /^(?<count>\d+(?:\.\d+)?) ?(?<unit>m|mb|mib|g|gb|gib|k|kb|kib)?$/iu.exec(
    given,
  )?.groups;
  const letter = (meant?.["unit"] ?? "m").charAt(0).toUpperCase();
  const guess = `${meant?.["count"]}${letter}i`;
  return meant !== undefined && isMemory(guess)
    ? `Did you mean "${guess}"?`
    : 'Give an amount with its unit, from "4Mi" to "64Ti".';
}
