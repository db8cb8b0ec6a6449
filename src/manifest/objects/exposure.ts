import { byKey } from "../canonical.ts";
import { metaOf, selectorLabels } from "./labels.ts";
import { hostOf, ingressName, needsCertificate, portName, tlsSecretName } from "./names.ts";
import type { Certificate, Ingress, Service } from "./objects.ts";
import { ingressProfiles, type Platform } from "../platform.ts";
import type { Ingress as IngressField, Manifest } from "../schema/manifest.ts";

/** One Service with the ports of all containers, or none for an application without ports. */
export function servicesOf(manifest: Manifest, platform: Platform): readonly Service[] {
  const { application, containers } = manifest;
  const ports = Object.values(containers)
    .flatMap((container) => container.ports)
    .toSorted((left, right) => left - right);
  if (ports.length === 0) {
    return [];
  }
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metaOf(application, application, platform),
      spec: {
        type: "ClusterIP",
        selector: selectorLabels(application),
        ports: ports.map((port) => ({
          name: portName(port),
          port,
          protocol: "TCP",
          targetPort: port,
        })),
      },
    },
  ];
}

export function certificatesOf(manifest: Manifest, platform: Platform): readonly Certificate[] {
  return byKey(manifest.ingresses)
    .filter(([, { scheme }]) => needsCertificate(scheme))
    .map(([key]) => certificateOf(ingressName(manifest.application, key), manifest, platform));
}

function certificateOf(name: string, manifest: Manifest, platform: Platform): Certificate {
  const { group, kind, name: issuer } = platform.issuer;
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: metaOf(name, manifest.application, platform),
    spec: {
      secretName: tlsSecretName(name),
      dnsNames: [hostOf(name, platform)],
      issuerRef: { group, kind, name: issuer },
      privateKey: { rotationPolicy: "Always" },
    },
  };
}

export function ingressesOf(manifest: Manifest, platform: Platform): readonly Ingress[] {
  return byKey(manifest.ingresses).map(([key, ingress]) =>
    ingressOf(ingressName(manifest.application, key), ingress, manifest.application, platform),
  );
}

function ingressOf(
  name: string,
  { scheme, container_port: port }: IngressField,
  application: string,
  platform: Platform,
): Ingress {
  const host = hostOf(name, platform);
  const service = { name: application, port: { number: port } };
  const { passThrough } = ingressProfiles[platform.ingress.profile];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metaOf(name, application, platform, scheme === "tls" ? passThrough : undefined),
    spec: {
      ingressClassName: platform.ingress.className,
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } }],
      // For tls the controller must not end TLS, so it gets no Secret.
      ...(scheme === "https" ? { tls: [{ hosts: [host], secretName: tlsSecretName(name) }] } : {}),
    },
  };
}
