import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";

const behind = (profile: Platform["ingress"]["profile"]): Platform => ({
  ...defaultPlatform,
  ingress: { className: profile === "plain" ? "nginx" : profile, profile },
});

const gateway = { name: "shared", namespace: "gateways" };

/** Another environment of the same house, with everything else set otherwise, too. */
const staging: Platform = {
  environment: "staging",
  environments: ["staging", "production"],
  namespace: "shops",
  domain: "staging.example.com",
  ingress: { className: "edge", profile: "haproxy" },
  issuer: { name: "internal", kind: "Issuer", group: "pki.example.com" },
  defaults: { cpu: "50m", memory: "256Mi", readOnly: true },
  allowRoot: false,
  maxScale: 5,
  progressDeadlineSeconds: 120,
};

/** The platforms that golden manifests name in their first line: `# platform: gateway`. */
export const platforms = {
  default: defaultPlatform,
  staging,
  traefik: behind("traefik"),
  "f5-nginx": behind("f5-nginx"),
  plain: behind("plain"),
  gateway: { ...defaultPlatform, gateway },
  "staging-gateway": { ...staging, gateway: { name: "edge", namespace: "shops" } },
  /** Images from two registries only, pulled with Secrets. */
  locked: {
    ...defaultPlatform,
    registries: ["registry.corp.example.com", "localhost:5000"],
    pullSecrets: ["registry-mirror", "registry-corp"],
  },
  /** Neither cpu nor memory for those who do not say. */
  bare: { ...defaultPlatform, defaults: { readOnly: true } },
  /** Containers may write into their images, unless they say otherwise. */
  lenient: { ...defaultPlatform, defaults: { ...defaultPlatform.defaults, readOnly: false } },
  "root-allowed": { ...defaultPlatform, allowRoot: true },
  /** Hosts in further domains, some of them a team's own. */
  domains: {
    ...defaultPlatform,
    domains: ["example.org"],
    teamDomains: { payments: ["pay.example.net"] },
  },
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof platforms;

export function isPlatformName(name: string): name is PlatformName {
  return Object.hasOwn(platforms, name);
}
