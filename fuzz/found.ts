import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { examine, type Fault } from "./examine.ts";
import { minimise } from "./minimise.ts";
import type { Found } from "./tally.ts";
import type { Case, Source } from "./target.ts";

/** A fault with the smallest input that shows it. */
export interface Minimised {
  readonly found: Found;
  readonly source: Source;
  /** What to read, of one line or more. */
  readonly description: string;
}

/** @param patience milliseconds for making the input smaller */
export function minimised(
  found: Found,
  made: Case,
  { target, seed, patience }: { target: string; seed: number; patience: number },
): Minimised {
  const { fault, first, count } = found;
  const isSame = (other: Fault): boolean => other.kind === fault.kind && other.what === fault.what;
  const faultIn = (source: Source): Fault | undefined => examine(made, source).faults.find(isSame);
  const canTry = fault.isDeadly !== true;
  const source = canTry
    ? minimise(made.source, (smaller) => faultIn(smaller) !== undefined, patience)
    : made.source;
  const { detail } = (canTry ? faultIn(source) : undefined) ?? fault;
  const lines = [
    `${target}: ${fault.kind}: ${fault.what}`,
    `inputs: ${count}, the first of index ${first.index}, made as ${first.made}`,
    `replay: npm run fuzz -- ${target} --seed ${seed} --only ${first.index}`,
    `around: ${made.around}`,
    `size: ${first.size}, minimised ${source.length}`,
    `input: ${shown(source)}`,
    `detail: ${detail.slice(0, 4_000)}`,
  ];
  return { found, source, description: `${lines.join("\n")}\n` };
}

/** The beginning of a source as a literal that can be pasted into a test. */
export function shown(source: Source): string {
  return typeof source === "string"
    ? JSON.stringify(source.slice(0, 2_000).toWellFormed())
    : `bytes ${JSON.stringify(Buffer.from(source.subarray(0, 2_000)).toString("latin1"))}`;
}

/**
 * Writes a fault's input, as a file that can be given to docc, and its description beside it.
 *
 * @returns the path of the input, from the repository on
 */
export function write(
  { found, source, description }: Minimised,
  { target, seed }: { target: string; seed: number },
): string {
  const folder = new URL("./found/", import.meta.url);
  const what = found.fault.what.replace(/\W+/gu, "-").slice(0, 60);
  const name = `${target}-${seed}-${found.first.index}-${what}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileURLToPath(new URL(`${name}.input`, folder)), source);
  writeFileSync(fileURLToPath(new URL(`${name}.txt`, folder)), description);
  return `fuzz/found/${name}.input`;
}
