import type { Platform } from "../platform.ts";
import type { Manifest } from "../schema/manifest.ts";
import { metaOf, selectorLabels } from "./labels.ts";
import type { Service } from "./objects.ts";
import { sortedPorts } from "./ports.ts";

/** One Service with the ports of all containers, or none for an application without ports. */
export function servicesOf(manifest: Manifest, platform: Platform): readonly Service[] {
  const { application, containers } = manifest;
  const ports = sortedPorts(Object.values(containers));
  if (ports.length === 0) {
    return [];
  }
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metaOf(application, manifest, platform),
      spec: {
        type: "ClusterIP",
        selector: selectorLabels(application),
        ports: ports.map(({ name, port, protocol }) => ({
          name,
          port,
          protocol,
          targetPort: port,
        })),
      },
    },
  ];
}
