import fc from "fast-check";
import { z } from "zod";
import { commonTexts, oddTexts } from "./texts.ts";
import { examplesOf, limitsOf, type Schema, within } from "./walk.ts";

/** Strings for one schema, made before the run: a pattern's strings are expensive. */
export type Pools = ReadonlyMap<Schema, readonly string[]>;

/** Strings made for each pattern. */
const POOL = 80;

export function poolsOf(root: Schema, seed: number): Pools {
  const examples = [...examplesOf(root), ...commonTexts];
  const strings = [...within(root)].filter((schema) => schema instanceof z.ZodString);
  return new Map(strings.map((schema) => [schema, poolOf(schema, examples, seed)]));
}

function poolOf(schema: z.ZodString, examples: readonly string[], seed: number): string[] {
  const { patterns, longest } = limitsOf(schema);
  const made = patterns.flatMap((pattern) => matching(pattern, longest, seed));
  const edges = patterns.length === 0 ? [...oddTexts, "x".repeat(longest)] : [];
  const fitting = [...examples, ...made, ...edges].filter((text) => schema.safeParse(text).success);
  return [...new Set(fitting)];
}

/** Strings a pattern matches; none where it uses what cannot be generated, such as a look-ahead. */
function matching(pattern: RegExp, longest: number, seed: number): readonly string[] {
  try {
    const strings = fc.stringMatching(pattern, { maxLength: longest });
    return fc.sample(strings, { seed, numRuns: POOL });
  } catch {
    return [];
  }
}
