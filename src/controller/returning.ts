import { storedManifest } from "../manifest/canonical.ts";
import { changeManifest } from "../manifest/change.ts";
import { inEnvironment } from "../manifest/environment.ts";
import { hasErrors } from "../manifest/finding.ts";
import { rescaled, withScale } from "../manifest/rescale.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import type { Scale } from "../manifest/schema/scale.ts";
import { withDigestsOf } from "../release/images.ts";
import { objectsOf } from "../release/plan.ts";
import type { Application, Plan, Source } from "../release/release.ts";
import { badManifest } from "./bad-manifest.ts";
import { pinImages } from "./images.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
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
  const today = before === undefined ? stored : withScale(stored, env.name, scaleOf(before, env));
  const { scale } = spec.words;
  const { manifest, findings } = changeManifest(
    today,
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
  const images = await pinImages(withDigestsOf(manifest, objects), env);
  return {
    manifest,
    objects: rescaled(objects, manifest, env.platform),
    before,
    warnings: [
      ...(scale === undefined
        ? sayKept(scaleOf(stored, env), scaleOf(manifest, env), revision)
        : []),
      ...notAdvice(findings),
      ...images.warnings,
    ],
  };
}

/** The plan of the release to return to, read now: retention, or a hand, may have been there before us. */
async function planOf(
  { release, revision }: Rollback["spec"]["source"],
  { name, platform }: Environment,
  { spec: { app } }: Application,
  { records }: ControllerPorts,
): Promise<Plan> {
  const found = await records.findRelease(release);
  const status = found?.status;
  const isIt =
    found?.spec.environment === name && status?.app === app && status.revision === revision;
  if (!isIt || status.plan === undefined) {
    const sentence = `the record of revision ${revision} is not there any more`;
    throw new Refusal(cause("no-such-revision", sentence, "choose another one"), app);
  }
  if (status.phase !== "succeeded") {
    const sentence = `revision ${revision} never succeeded`;
    throw new Refusal(cause("no-such-revision", sentence, "choose one that did"), app);
  }
  if (objectsOf(status.plan).some(({ metadata }) => metadata.namespace !== platform.namespace)) {
    const sentence = `revision ${revision} ran in another namespace than ${name} has now`;
    throw new Refusal(cause("no-such-revision", sentence, "deploy its manifest instead"), app);
  }
  return status.plan;
}

function scaleOf(manifest: Manifest, { name }: Environment): Scale {
  return inEnvironment(manifest, name).scale;
}

function sayKept(then: Scale, now: Scale, revision: number): readonly string[] {
  const [was, is] = [sayScale(then), sayScale(now)];
  return was === is ? [] : [`the scale stays ${is}, as today; revision ${revision} had ${was}`];
}

/** As it would be typed. */
function sayScale(scale: Scale): string {
  return typeof scale === "number" ? String(scale) : `${scale.min}..${scale.max}`;
}
