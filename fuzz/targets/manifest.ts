import { manifestSchema } from "../../src/manifest/schema/manifest.ts";
import { blowUps } from "../generators/blow-ups.ts";
import { changesOf } from "../generators/changes.ts";
import { corpusOf, exampleManifests } from "../generators/corpus.ts";
import { grown } from "../generators/manifests.ts";
import { mutations } from "../generators/mutations.ts";
import { noise } from "../generators/noise.ts";
import { structures } from "../generators/structures.ts";
import { jsonDialect, soup, yamlDialect } from "../generators/tokens.ts";
import { commonTexts } from "../generators/texts.ts";
import { valuesOf } from "../generators/values.ts";
import { examplesOf, wordsOf } from "../generators/walk.ts";
import { Random, type Weighted } from "../random.ts";
import type { Source, Target } from "../target.ts";
import { circumstancesOf, inWords } from "./manifest-circumstances.ts";
import { checkManifest } from "./manifest-promises.ts";

/** What a manifest's file may hold, up to its objects: all that a stranger's file meets. */
export const manifestTarget: Target = {
  open: (seed) => {
    const makers = makersOf(seed);
    return (index) => {
      const random = new Random(seed, index);
      const { made, make } = random.weighted(makers);
      const source = make(random);
      const circumstances = circumstancesOf(random);
      return {
        made,
        source,
        around: inWords(circumstances),
        check: (any) => checkManifest(any, circumstances),
      };
    };
  },
};

interface Maker {
  readonly made: string;
  readonly make: (random: Random) => Source;
}

/** Blow-ups cost the most by far, so they come seldom: a million inputs have thousands of them. */
function makersOf(seed: number): Weighted<Maker> {
  const schema = manifestSchema;
  const words = [...wordsOf(schema), ...wordsOf(schema), ...examplesOf(schema), ...commonTexts];
  const values = valuesOf(schema, seed);
  const change = changesOf(schema, values);
  const manifests = grown(exampleManifests(), change, seed);
  const corpus = corpusOf(manifests);
  const [json, yaml] = [jsonDialect(words), yamlDialect(words)];
  return [
    [30, { made: "mutation", make: mutations(corpus, words) }],
    [10, { made: "JSON soup", make: soup(json, jsonBeginnings) }],
    [16, { made: "YAML soup", make: soup(yaml, yamlBeginnings) }],
    [38, { made: "structure", make: structures(schema, values, change, manifests) }],
    [5, { made: "noise", make: noise(corpus) }],
    [1, { made: "blow-up", make: blowUps([json, yaml], manifests) }],
  ];
}

const jsonBeginnings = [
  "",
  "{",
  '{"application": "shop", ',
  '{"maintainer": "a@b.example", "application": "a", "containers": {"web": {"image": "a", "image_tag": ',
  '{"containers": {"web": {',
  "[",
] as const;

const yamlBeginnings = [
  "",
  "application: shop\n",
  "maintainer: a@b.example\napplication: a\ncontainers: {web: {image: a, image_tag: b}}\n",
  "maintainer: a@b.example\napplication: a\ncontainers:\n  web:\n    image: a\n    image_tag: ",
  "{",
] as const;
