import type { Json } from "../../src/manifest/reading/tree.ts";
import type { Random, Weighted } from "../random.ts";
import type { Change } from "./changes.ts";
import { withSlips } from "./slips.ts";
import type { Values } from "./values.ts";
import type { Schema } from "./walk.ts";
import { flowText, jsonText, yamlText } from "./written.ts";

type Write = (value: Json, random: Random) => string;

/** Values as the schema has them, valid, nearly valid and invalid, in all ways to write them. */
export function structures(
  schema: Schema,
  values: Values,
  change: Change,
  manifests: readonly Json[],
): (random: Random) => string {
  const make: Weighted<(random: Random) => Json> = [
    [3, (random) => random.pick(manifests)],
    [4, (random) => changedOften(random.pick(manifests), random, change)],
    [2, (random) => values.valueFor(schema, random, 0)],
    [2, (random) => values.valueFor(schema, random, random.pick([0.01, 0.05, 0.2]))],
  ];
  return (random) => {
    const value = random.weighted(make)(random);
    return random.weighted(ways)(value, random);
  };
}

function changedOften(start: Json, random: Random, change: Change): Json {
  let value = start;
  for (let left = random.int(1, 4); left > 0; left -= 1) {
    value = change(value, random);
  }
  return value;
}

const slipped =
  (write: Write): Write =>
  (value, random) =>
    withSlips(write(value, random), random.int(1, 3), random);

const ways: Weighted<Write> = [
  [5, jsonText],
  [5, yamlText],
  [3, flowText],
  [2, slipped(jsonText)],
  [2, slipped(yamlText)],
  [1, slipped(flowText)],
];
