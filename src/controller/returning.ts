import { storedManifest } from "../manifest/canonical.ts";
import { changeManifest } from "../manifest/change.ts";
import { hasErrors } from "../manifest/finding.ts";
import { rescaled } from "../manifest/rescale.ts";
import { digestsOf } from "../release/images.ts";
import { objectsOf } from "../release/plan.ts";
import type { Application, Plan, Source } from "../release/release.ts";
import { atTodaysScale } from "../release/todays-scale.ts";
import { badManifest } from "./bad-manifest.ts";
import { pinImages } from "./images.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { recordedPlan } from "./recorded.ts";
import { cause, Refusal } from "./refusal.ts";
import type { Accepted } from "./step.ts";
import { notAdvice, type Wanted } from "./wanted.ts";

/** A release that returns to what an earlier one has made. */
export type Rollback = Accepted & {
  readonly spec: { readonly source: Extract<Source, { readonly type: "release" }> };
};

export function isRollback(release: Accepted): release is Rollback {
  return release.spec.source.type === "release";
}

/**
 * The objects of an earlier release as they were, images by their digests, but for the scale: that is
 * today's, or the one asked for. Its manifest must hold by today's rules, and its images must be there.
 */
export async function earlierWanted(
  { spec }: Rollback,
  env: Environment,
  head: Application,
  ports: ControllerPorts,
): Promise<Wanted> {
  const { app } = head.spec;
  const { revision } = spec.source;
  const plan = await planOf(spec.source, env, head, ports);
  const stored = storedManifest(plan.manifest);
  const applied = head.status?.applied;
  const before = applied === undefined ? undefined : storedManifest(applied.manifest);
  const theirs = `revision ${revision} had`;
  const today = atTodaysScale(stored, { before, environment: env.name, theirs });
  const { scale } = spec.words;
  const { manifest, findings } = changeManifest(
    today.manifest,
    scale === undefined ? {} : { scale },
    env.platform,
  );
  if (manifest === undefined || hasErrors(findings)) {
    const next = "choose another revision or scale=, or deploy a corrected manifest";
    throw new Refusal(
      { ...badManifest(`the manifest of revision ${revision}`, findings), next },
      app,
    );
  }
  const objects = objectsOf(plan);
  const images = await pinImages(manifest, env, digestsOf(objects));
  return {
    manifest,
    objects: rescaled(objects, manifest, env.platform),
    before,
    warnings: [
      ...(scale === undefined ? today.warnings : []),
      ...notAdvice(findings),
      ...images.warnings,
    ],
  };
}

/** The plan of the release to return to, whose objects are this environment's still. */
async function planOf(
  { release, revision }: Rollback["spec"]["source"],
  { name, platform }: Environment,
  { spec: { app } }: Application,
  ports: ControllerPorts,
): Promise<Plan> {
  const plan = await recordedPlan({ release, revision, app, environment: name }, ports);
  if (objectsOf(plan).some(({ metadata }) => metadata.namespace !== platform.namespace)) {
    const sentence = `revision ${revision} ran in another namespace than ${name} has now`;
    throw new Refusal(cause("no-such-revision", sentence, "deploy its manifest instead"), app);
  }
  return plan;
}
