import { isCpu, isMemory } from "../schema/quantity.ts";
import type { Json } from "./json.ts";

/** Kubernetes quantities: apimachinery, pkg/api/resource, Quantity. */
const pattern =
  /^(?<sign>[+-]?)(?<count>\d{1,30}(?:\.\d{0,12})?|\.\d{1,12})(?:(?<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?<exponent>[+-]?\d{1,2}))?$/u;

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** What a quantity amounts to, in cores or bytes; undefined where it is none. */
export function amountOf(quantity: Json): number | undefined {
  const groups = pattern.exec(textOf(quantity))?.groups;
  if (groups === undefined) {
    return undefined;
  }
  const { sign, count, suffix, exponent } = groups;
  const factor = suffix === undefined ? 10 ** Number(exponent ?? 0) : (factors[suffix] ?? 1);
  return Number(count) * factor * (sign === "-" ? -1 : 1);
}

/** The same amount of cpu as a manifest writes it; undefined where none is equal. */
export function cpuOf(quantity: Json): string | undefined {
  const text = textOf(quantity);
  const milli = (amountOf(quantity) ?? Number.NaN) * 1_000;
  return [text, `${Math.round(milli)}m`].find((each) => isCpu(each) && isEqual(each, quantity));
}

/** Largest first: 1024Ki is 1Mi. */
const units = ["Ti", "Gi", "Mi", "Ki", "T", "G", "M", "k"] as const;

/** The same amount of memory as a manifest writes it; undefined where none is equal. */
export function memoryOf(quantity: Json): string | undefined {
  const bytes = amountOf(quantity) ?? Number.NaN;
  const inUnits = units.map((unit) => [bytes / (factors[unit] ?? 1), unit] as const);
  const whole = inUnits.filter(([count]) => Number.isSafeInteger(count));
  const written = [...whole, ...inUnits].map(([count, unit]) => `${count}${unit}`);
  return [textOf(quantity), ...written].find((each) => isMemory(each) && isEqual(each, quantity));
}

function textOf(quantity: Json): string {
  return typeof quantity === "number" || typeof quantity === "string" ? String(quantity) : "";
}

function isEqual(written: string, quantity: Json): boolean {
  const [left = Number.NaN, right = Number.NaN] = [amountOf(written), amountOf(quantity)];
  // Thousandths of a thousandth: beyond what decimal fractions lose in binary.
  return Math.abs(left - right) <= Math.abs(right) * 1e-9;
}
