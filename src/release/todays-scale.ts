import { inEnvironment } from "../manifest/environment.ts";
import { sayScale, withScale } from "../manifest/rescale.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";

export interface TodaysScale {
  /** What runs now; undefined before the first deploy. */
  readonly before: Manifest | undefined;
  readonly environment: string;
  /** Goes before the scale that is not taken: `revision 7 had`. */
  readonly theirs: string;
}

/**
 * A manifest of another time or place at the scale that the environment has today: how many copies run is
 * decided by today's traffic. Said where that makes a difference.
 */
export function atTodaysScale(
  manifest: Manifest,
  { before, environment, theirs }: TodaysScale,
): { readonly manifest: Manifest; readonly warnings: readonly string[] } {
  if (before === undefined) return { manifest, warnings: [] };
  const then = inEnvironment(manifest, environment).scale;
  const today = inEnvironment(before, environment).scale;
  const [was, is] = [sayScale(then), sayScale(today)];
  return {
    manifest: withScale(manifest, environment, today),
    warnings: was === is ? [] : [`the scale stays ${is}, as today; ${theirs} ${was}`],
  };
}
