import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";
import { replay } from "./replay.ts";
import { targets } from "./targets/registry.ts";

const usage = `Usage: npm run fuzz -- TARGET [--runs N] [--seed S] [--workers W] [--only INDEX]

TARGET is one of: ${[...targets.keys()].join(", ")}.
--runs     inputs, 1000000 unless told
--seed     0 to 4294967295; the same seed makes the same inputs
--workers  threads, 2 unless told
--only     takes one input of the seed alone, shows it and what is wrong with it
`;

/** Ends with 0 when nothing is wrong, 1 when something is, 2 when the words are. */
async function main(words: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "1000000" },
      seed: { type: "string", default: String(randomInt(2 ** 32)) },
      workers: { type: "string", default: "2" },
      only: { type: "string" },
    },
  });
  const [name = ""] = positionals;
  const target = targets.get(name);
  if (target === undefined || positionals.length > 1) {
    console.log(usage);
    return 2;
  }
  const seed = wholeNumber("seed", values.seed, 0, 2 ** 32 - 1);
  if (values.only !== undefined) {
    return replay(target, seed, wholeNumber("only", values.only, 0, 2 ** 31 - 1));
  }
  return fuzz(target, {
    module: new URL("./targets/registry.ts", import.meta.url).href,
    target: name,
    seed,
    runs: wholeNumber("runs", values.runs, 1, 2 ** 31 - 1),
    workers: wholeNumber("workers", values.workers, 1, 64),
    patience: 30_000,
  });
}

function wholeNumber(name: string, written: string, least: number, most: number): number {
  const value = /^\d+$/u.test(written) ? Number(written) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new RangeError(`--${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
