import { hostOf, ingressName, needsCertificate } from "./objects/names.ts";
import type { Platform } from "./platform.ts";
import type { Manifest } from "./schema/manifest.ts";
import { byKey } from "./canonical.ts";

/** The addresses an application is reached at from outside, sorted by the ingress' key. */
export function urlsOf(manifest: Manifest, platform: Platform): readonly string[] {
  return byKey(manifest.ingresses).map(([key, { scheme }]) => {
    const host = hostOf(ingressName(manifest.application, key), platform);
    return `${needsCertificate(scheme) ? "https" : "http"}://${host}`;
  });
}
