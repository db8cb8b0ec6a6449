import type { DecisionAnswer } from "../release/decision-record.ts";
import type { Plan, Release } from "../release/release.ts";
import { oneLine } from "../text/clean.ts";

/** docc's answer to a decision as data for programs: stable, and explained in docs/cli.md. Pure. */
export function decisionData(
  { outcome, code, sentence }: DecisionAnswer,
  { metadata }: Pick<Release, "metadata">,
  { digest }: Pick<Plan, "digest">,
): object {
  return { outcome, code, sentence: oneLine(sentence), release: metadata.name, plan: digest };
}
