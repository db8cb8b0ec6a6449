import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Plan, Release } from "../release/release.ts";

/** The texts of a plan: nearly all that a finished release weighs, and seldom read again. */
const texts = ["manifest", "objects", "diff"] as const satisfies readonly (keyof Plan)[];
type Texts = Pick<Plan, (typeof texts)[number]>;

/** Less is not worth the work. */
const leastLength = 1_000;

/**
 * A finished release as many of them are kept: the texts of its plan are compressed, and unpacked for who reads them.
 * It is the same value to whoever reads, spreads or serializes it. Measured in docs/performance.md ("Many apps").
 */
export function packed(release: Release): Release {
  const { status } = release;
  if (status?.plan === undefined || !isTerminal(phaseOf(release))) return release;
  return { ...release, status: { ...status, plan: packedPlan(status.plan) } };
}

function packedPlan(plan: Plan): Plan {
  const { manifest, objects, diff, ...others } = plan;
  if (manifest.length + objects.length + diff.length < leastLength) return plan;
  const whole = pack({ manifest, objects, diff });
  const unpacked = Object.fromEntries(
    texts.map((name) => [name, { get: () => unpack(whole)[name], enumerable: true }]),
  );
  return Object.defineProperties(others, unpacked) as Plan;
}

/** As a string of bytes: a Buffer of its own would weigh as much again. */
function pack(plan: Texts): string {
  return deflateRawSync(JSON.stringify(plan), { level: 1 }).toString("latin1");
}

function unpack(whole: string): Texts {
  return JSON.parse(inflateRawSync(Buffer.from(whole, "latin1")).toString()) as Texts;
}
