import { sorted } from "./canonical.ts";
import { inEnvironment } from "./environment.ts";
import { deploymentOf } from "./objects/deployment.ts";
import { certificatesOf } from "./objects/exposure.ts";
import { gatewayObjectsOf } from "./objects/gateway.ts";
import { ingressesOf } from "./objects/ingress.ts";
import type { ApplicationObject } from "./objects/objects.ts";
import { autoscalersOf, disruptionBudgetsOf } from "./objects/scaling.ts";
import { servicesOf } from "./objects/service.ts";
import type { Platform } from "./platform.ts";
import type { Manifest } from "./schema/manifest.ts";

/** Digests (`sha256:…`) that tags stand for, by container. */
export type Digests = ReadonlyMap<string, string>;

/**
 * The Kubernetes objects of an application in the platform's environment. Pure, total and
 * deterministic: equal manifests, platforms and digests give byte-identical objects, every list and
 * every key in order.
 *
 * They come in the order of applying: what others need, first. Pods wait for the Secrets that
 * Certificates fill; the Service is there before the pods that it leads to; the autoscaler finds its
 * Deployment; and traffic from outside comes last, when everything behind it exists. What they are:
 * seed/talk.md, slide by slide; the rest is facts/kubernetes.md section 4.
 *
 * @param digests what a registry says of the manifest's tags; a tag without one is deployed as it is
 */
export function translate(
  manifest: Manifest,
  platform: Platform,
  digests: Digests = new Map(),
): readonly ApplicationObject[] {
  const here = inEnvironment(manifest, platform.environment);
  const { gateway } = platform;
  return [
    ...certificatesOf(here, platform),
    ...servicesOf(here, platform),
    ...disruptionBudgetsOf(here, platform),
    deploymentOf(here, platform, digests),
    ...autoscalersOf(here, platform),
    ...(gateway === undefined
      ? ingressesOf(here, platform)
      : gatewayObjectsOf(here, platform, gateway)),
  ].map(sorted);
}
