import { byKey } from "../canonical.ts";
import type { Platform } from "../platform.ts";
import type { Ingress, Manifest } from "../schema/manifest.ts";
import { metaOf } from "./labels.ts";
import { hostOf, ingressName, needsCertificate, tlsSecretName } from "./names.ts";
import type { Certificate } from "./objects.ts";

/** One ingress with everything that its short form leaves out. */
export interface Exposure {
  /** Of its objects. */
  readonly name: string;
  readonly scheme: Ingress["scheme"];
  /** Sorted, at least one. */
  readonly hosts: readonly string[];
  readonly path: string;
  readonly port: number;
  /** The Secret with its certificate; undefined for plain http. */
  readonly secret: string | undefined;
  /** Whether the issuer fills that Secret. */
  readonly isIssued: boolean;
}

/** The ingresses of a manifest for its environment, by key. */
export function exposuresOf(
  { application, ingresses }: Manifest,
  platform: Platform,
): readonly Exposure[] {
  return byKey(ingresses).map(([key, ingress]) => {
    const name = ingressName(application, key);
    const isEncrypted = needsCertificate(ingress.scheme);
    return {
      name,
      scheme: ingress.scheme,
      hosts: ingress.hosts?.toSorted() ?? [hostOf(name, platform)],
      path: ingress.path ?? "/",
      port: ingress.container_port,
      secret: isEncrypted ? (ingress.tls_secret ?? tlsSecretName(name)) : undefined,
      isIssued: isEncrypted && ingress.tls_secret === undefined,
    };
  });
}

/** A Certificate for each ingress that has no Secret of its own. */
export function certificatesOf(manifest: Manifest, platform: Platform): readonly Certificate[] {
  const { group, kind, name: issuer } = platform.issuer;
  return exposuresOf(manifest, platform)
    .filter(({ isIssued }) => isIssued)
    .map(({ name, hosts }) => ({
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: metaOf(name, manifest, platform),
      spec: {
        secretName: tlsSecretName(name),
        dnsNames: hosts,
        issuerRef: { group, kind, name: issuer },
        privateKey: { rotationPolicy: "Always" },
      },
    }));
}
