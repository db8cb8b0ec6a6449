import { inEnvironment } from "./environment.ts";
import { exposuresOf } from "./objects/exposure.ts";
import type { Platform } from "./platform.ts";
import type { Manifest } from "./schema/manifest.ts";

/** The addresses an application is reached at from outside, by the ingress' key and then by host. */
export function urlsOf(manifest: Manifest, platform: Platform): readonly string[] {
  const here = inEnvironment(manifest, platform.environment);
  return exposuresOf(here, platform).flatMap(({ scheme, hosts, path }) =>
    hosts.map(
      (host) => `${scheme === "http" ? "http" : "https"}://${host}${path === "/" ? "" : path}`,
    ),
  );
}
