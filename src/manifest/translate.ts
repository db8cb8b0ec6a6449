import { sorted } from "./canonical.ts";
import { deploymentOf } from "./objects/deployment.ts";
import { certificatesOf, ingressesOf, servicesOf } from "./objects/exposure.ts";
import type { ApplicationObject } from "./objects/objects.ts";
import type { Platform } from "./platform.ts";
import type { Manifest } from "./schema/manifest.ts";

/**
 * The Kubernetes objects of an application. Pure, total and deterministic: equal manifests and
 * platforms give byte-identical objects, every list and every key in order.
 *
 * They come in the order of applying: what others need, first. Pods wait for the Secrets that
 * Certificates fill; the Service is there before the pods that it leads to, and traffic from
 * outside comes last, when everything behind it exists. What they are: seed/talk.md, slide by
 * slide; the rest is facts/kubernetes.md section 4.
 */
export function translate(manifest: Manifest, platform: Platform): readonly ApplicationObject[] {
  return [
    ...certificatesOf(manifest, platform),
    ...servicesOf(manifest, platform),
    deploymentOf(manifest, platform),
    ...ingressesOf(manifest, platform),
  ].map(sorted);
}
