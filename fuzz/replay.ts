import { examine } from "./examine.ts";
import { shown } from "./found.ts";
import type { Target } from "./target.ts";

/** Takes one input alone, shows it and what is wrong with it; 1 when something is. */
export function replay({ open }: Target, seed: number, index: number): number {
  const one = open(seed)(index);
  console.log(`index ${index}, seed ${seed}, made as ${one.made}, ${one.source.length} long`);
  console.log(`around: ${one.around}`);
  console.log(`input: ${shown(one.source)}`);
  const { faults, ms, seen } = examine(one, one.source);
  console.log(`reached: ${seen.join(", ")}; ${ms.toFixed(1)} ms`);
  for (const { kind, what, detail } of faults) {
    console.log(`${kind}: ${what}\n${detail}`);
  }
  return faults.length > 0 ? 1 : 0;
}
