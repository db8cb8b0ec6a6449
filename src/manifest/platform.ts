/**
 * Ingress controllers and what sets them apart for docc: the annotations that make an Ingress hand
 * TLS through to the container, unread. Traefik and F5 NGINX can do that only by resources of
 * their own (IngressRouteTCP, TransportServer), never for an Ingress, so they have none.
 *
 * haproxy is HAProxy Technologies' controller: github.com/haproxytech/kubernetes-ingress,
 * annotation ssl-passthrough.
 */
export const ingressProfiles = {
  haproxy: { passThrough: { "haproxy.org/ssl-passthrough": "true" } },
  traefik: { passThrough: undefined },
  "f5-nginx": { passThrough: undefined },
  plain: { passThrough: undefined },
} as const satisfies Record<string, { passThrough: Readonly<Record<string, string>> | undefined }>;

type IngressProfile = keyof typeof ingressProfiles;

/** What an operator decides for one environment and the translation must know. */
export interface Platform {
  /** Label `docc.dev/environment` of every object. */
  readonly environment: string;
  /** Names of all environments, so that a manifest cannot mistake one; absent: not known here. */
  readonly environments?: readonly string[];
  readonly namespace: string;
  /** Hosts without a name of their own are `<name>.<domain>`. */
  readonly domain: string;
  /** Further domains that hosts may be in; absent: any. */
  readonly domains?: readonly string[];
  /** Further domains by team. */
  readonly teamDomains?: Readonly<Record<string, readonly string[]>>;
  readonly ingress: { readonly className: string; readonly profile: IngressProfile };
  /** Present: exposure by Gateway API, below this Gateway, instead of Ingress. */
  readonly gateway?: { readonly name: string; readonly namespace: string };
  /** cert-manager's issuer for auto_tls. */
  readonly issuer: {
    readonly name: string;
    readonly kind: "ClusterIssuer" | "Issuer";
    readonly group: string;
  };
  /** Registry hosts, with their port if any, that images may come from; absent: all. */
  readonly registries?: readonly string[];
  /** Names of Secrets that images are pulled with. */
  readonly pullSecrets?: readonly string[];
  /** What containers get that do not say; quantities as in Kubernetes, absent: nothing. */
  readonly defaults: {
    readonly cpu?: string;
    readonly memory?: string;
    readonly readOnly: boolean;
  };
  /** Whether `run_as_root` is allowed. */
  readonly allowRoot: boolean;
  /** The greatest `scale` of an application. */
  readonly maxScale: number;
  readonly progressDeadlineSeconds: number;
}

export const defaultPlatform: Platform = {
  environment: "production",
  namespace: "default",
  domain: "example.com",
  ingress: { className: "haproxy", profile: "haproxy" },
  issuer: { name: "letsencrypt", kind: "ClusterIssuer", group: "cert-manager.io" },
  defaults: { cpu: "100m", memory: "512Mi", readOnly: true },
  allowRoot: false,
  maxScale: 100,
  progressDeadlineSeconds: 600,
};
