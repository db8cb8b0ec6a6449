import { ingressProfiles, type Platform } from "../platform.ts";
import type { Manifest } from "../schema/manifest.ts";
import { type Exposure, exposuresOf } from "./exposure.ts";
import { metaOf } from "./labels.ts";
import type { Ingress } from "./objects.ts";

/** One Ingress each: kubernetes.io, "Ingress". */
export function ingressesOf(manifest: Manifest, platform: Platform): readonly Ingress[] {
  return exposuresOf(manifest, platform).map((exposure) => ingressOf(exposure, manifest, platform));
}

function ingressOf(exposure: Exposure, manifest: Manifest, platform: Platform): Ingress {
  const { name, scheme, hosts, path, port, secret } = exposure;
  const service = { name: manifest.application, port: { number: port } };
  const { passThrough } = ingressProfiles[platform.ingress.profile];
  const backend = { path, pathType: "Prefix", backend: { service } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metaOf(name, manifest, platform, scheme === "tls" ? passThrough : undefined),
    spec: {
      ingressClassName: platform.ingress.className,
      rules: hosts.map((host) => ({ host, http: { paths: [backend] } })),
      // For tls the controller must not end TLS, so it gets no Secret.
      ...(scheme === "https" && secret !== undefined
        ? { tls: [{ hosts: [...hosts], secretName: secret }] }
        : {}),
    },
  };
}
