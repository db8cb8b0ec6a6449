import { isRecord, sorted } from "./canonical.ts";
import { inEnvironment } from "./environment.ts";
import type { KubernetesObject } from "./objects/objects.ts";
import { autoscalersOf, disruptionBudgetsOf } from "./objects/scaling.ts";
import type { Platform } from "./platform.ts";
import type { Manifest } from "./schema/manifest.ts";
import { defaultCpuTarget, type Scale } from "./schema/scale.ts";

/** A manifest that runs so many copies in an environment, said where its own scale for it stands. */
export function withScale(manifest: Manifest, environment: string, scale: Scale): Manifest {
  const own = manifest.environments?.[environment];
  if (own?.scale === undefined) return { ...manifest, scale };
  // What an environment leaves out comes from the rest of the manifest, so nothing is left out.
  const whole =
    typeof scale === "number" ? scale : { ...scale, cpu: scale.cpu ?? defaultCpuTarget };
  return {
    ...manifest,
    environments: { ...manifest.environments, [environment]: { ...own, scale: whole } },
  };
}

/** As it would be typed: `3`, `2..10`. */
export function sayScale(scale: Scale): string {
  return typeof scale === "number" ? String(scale) : `${scale.min}..${scale.max}`;
}

/**
 * Objects that docc made once, as they are with the scale of `manifest`: the Deployment's replicas, the
 * autoscaler and the disruption budget follow it, all the rest stays byte for byte.
 */
export function rescaled(
  objects: readonly KubernetesObject[],
  manifest: Manifest,
  platform: Platform,
): readonly KubernetesObject[] {
  const here = inEnvironment(manifest, platform.environment);
  const own = (kind: string): readonly KubernetesObject[] =>
    objects.filter((object) => object.kind === kind);
  const budgets = disruptionBudgetsOf(here, platform);
  // A budget says nothing of a number, so the one that was made stays what it was.
  const kept = budgets.length > 0 ? own("PodDisruptionBudget") : [];
  return objects
    .filter(isNoScaling)
    .flatMap((object) =>
      object.kind === "Deployment"
        ? [
            ...(kept.length > 0 ? kept : budgets.map(sorted)),
            withReplicas(object, typeof here.scale === "number" ? here.scale : undefined),
            ...autoscalersOf(here, platform).map(sorted),
          ]
        : [object],
    );
}

/** Objects without what their scale makes of them: equal ones differ in the number of copies at most. */
export function withoutScale(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects
    .filter(isNoScaling)
    .map((object) => (object.kind === "Deployment" ? withReplicas(object, undefined) : object));
}

const scaling = ["PodDisruptionBudget", "HorizontalPodAutoscaler"];

function isNoScaling({ kind }: KubernetesObject): boolean {
  return !scaling.includes(kind);
}

function withReplicas(
  deployment: KubernetesObject,
  replicas: number | undefined,
): KubernetesObject {
  const { replicas: _before, ...spec } = isRecord(deployment.spec) ? deployment.spec : {};
  return sorted({
    ...deployment,
    spec: replicas === undefined ? spec : { ...spec, replicas },
  });
}
