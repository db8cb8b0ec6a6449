import { mostScale } from "../environment.ts";
import type { Platform } from "../platform.ts";
import type { Manifest } from "../schema/manifest.ts";
import { defaultCpuTarget } from "../schema/scale.ts";
import { metaOf, selectorLabels } from "./labels.ts";
import type { Autoscaler, DisruptionBudget } from "./objects.ts";

/** The autoscaler of a `{min, max}`. */
export function autoscalersOf(manifest: Manifest, platform: Platform): readonly Autoscaler[] {
  const { application, scale } = manifest;
  if (typeof scale === "number") {
    return [];
  }
  const target = { type: "Utilization", averageUtilization: scale.cpu ?? defaultCpuTarget };
  return [
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: metaOf(application, manifest, platform),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: application },
        minReplicas: scale.min,
        maxReplicas: scale.max,
        metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
      },
    },
  ];
}

/**
 * Where there can be two copies, a node that is emptied takes one at a time; a single one it may take, so
 * no node is held. Pods that are not ready are let go, so that a broken application holds none either:
 * kubernetes.io, "Unhealthy Pod Eviction Policy".
 */
export function disruptionBudgetsOf(
  manifest: Manifest,
  platform: Platform,
): readonly DisruptionBudget[] {
  const { application } = manifest;
  return mostScale(manifest) < 2
    ? []
    : [
        {
          apiVersion: "policy/v1",
          kind: "PodDisruptionBudget",
          metadata: metaOf(application, manifest, platform),
          spec: {
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels: selectorLabels(application) },
          },
        },
      ];
}
