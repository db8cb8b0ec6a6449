import type { Platform } from "../platform.ts";

/** Characters of a DNS label: the name is also the host's first label. */
export const LONGEST_NAME = 63;

/** Name of an ingress' objects: the application's when the key equals it. */
export function ingressName(application: string, key: string): string {
  return key === application ? application : `${application}-${key}`;
}

export function hostOf(name: string, platform: Platform): string {
  return `${name}.${platform.domain}`;
}

/** The Secret that cert-manager fills for an ingress. */
export function tlsSecretName(name: string): string {
  return `${name}-tls`;
}

/** Below it stand the certificates of ingresses, a directory each. */
export const tlsMountRoot = "/etc/docc/tls";

/** Where containers find an ingress' certificate: `tls.crt`, `tls.key`, sometimes `ca.crt`. */
export function tlsMountPath(key: string): string {
  return `${tlsMountRoot}/${key}`;
}

/** Whether traffic of a scheme is encrypted, and so needs a certificate. */
export function needsCertificate(scheme: string): boolean {
  return scheme === "https" || scheme === "tls";
}

/** The name of a port in Services and containers; at most 15 characters are allowed. */
export function portName({
  port,
  name,
}: {
  readonly port: number;
  readonly name?: string;
}): string {
  return name ?? `port-${port}`;
}
