import { storedManifest } from "../manifest/canonical.ts";
import { changeManifest } from "../manifest/change.ts";
import { hasErrors } from "../manifest/finding.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { translate } from "../manifest/translate.ts";
import { digestsOf } from "../release/images.ts";
import { objectsOf } from "../release/plan.ts";
import type { Application, Source } from "../release/release.ts";
import { atTodaysScale } from "../release/todays-scale.ts";
import { badManifest } from "./bad-manifest.ts";
import { pinImages } from "./images.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { recordedPlan } from "./recorded.ts";
import { Refusal } from "./refusal.ts";
import type { Accepted } from "./step.ts";
import { notAdvice, type Wanted } from "./wanted.ts";

/** A release that brings here what succeeded in another environment. */
export type Promotion = Accepted & {
  readonly spec: { readonly source: Extract<Source, { readonly type: "promotion" }> };
};

export function isPromotion(release: Accepted): release is Promotion {
  return release.spec.source.type === "promotion";
}

/**
 * The manifest of the other environment's release by this environment's rules, with the very digests that
 * ran there: nobody has tested another image. The scale is this environment's own.
 * @throws Refusal where the record is gone, the manifest does not hold here, or an image is not there
 */
export async function promotedWanted(
  { spec }: Promotion,
  env: Environment,
  head: Application,
  ports: ControllerPorts,
): Promise<Wanted> {
  const { app } = head.spec;
  const { from } = spec.source;
  const plan = await recordedPlan({ ...from, app }, ports);
  const { current, applied } = head.status ?? {};
  const live = current ?? applied;
  const before = live === undefined ? undefined : storedManifest(live.manifest);
  const moved = moveTo(env.name, storedManifest(plan.manifest), before, from.environment);
  const { manifest, findings } = changeManifest(moved.manifest, spec.words, env.platform);
  if (manifest === undefined || hasErrors(findings)) {
    throw new Refusal(badManifest(`what runs in ${from.environment}`, findings), app);
  }
  const carried = digestsOf(objectsOf(plan));
  const images = await pinImages(manifest, env, carried);
  return {
    manifest,
    objects: translate(manifest, env.platform, images.digests),
    before,
    warnings: [
      ...("scale" in spec.words ? [] : moved.warnings),
      ...sayUnpinned(Object.keys(manifest.containers), carried, from.environment),
      ...notAdvice(findings),
      ...images.warnings,
    ],
  };
}

/** At the scale that the manifest names for this environment, else at the one that it has today. */
function moveTo(
  environment: string,
  manifest: Manifest,
  before: Manifest | undefined,
  from: string,
): ReturnType<typeof atTodaysScale> {
  if (manifest.environments?.[environment]?.scale !== undefined) return { manifest, warnings: [] };
  return atTodaysScale(manifest, { before, environment, theirs: `${from} has` });
}

/** Where an image ran by its tag alone there is nothing to carry but the tag. */
function sayUnpinned(
  containers: readonly string[],
  carried: ReadonlyMap<string, string>,
  environment: string,
): readonly string[] {
  return containers
    .filter((name) => !carried.has(name))
    .map((name) => `${environment} runs ${name} by its tag alone: it may be another image here`);
}
