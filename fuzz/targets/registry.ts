import type { Target } from "../target.ts";
import { manifestTarget } from "./manifest.ts";

/** Everything that can be fuzzed, by the word that `npm run fuzz --` takes. */
export const targets: ReadonlyMap<string, Target> = new Map([["manifest", manifestTarget]]);
