import type { Platform } from "../platform.ts";
import type { Manifest } from "../schema/manifest.ts";
import { type Exposure, exposuresOf } from "./exposure.ts";
import { metaOf } from "./labels.ts";
import type { HttpRoute, Listener, ListenerSet, ParentRef, TlsRoute } from "./objects.ts";

type Gateway = NonNullable<Platform["gateway"]>;

const group = "gateway.networking.k8s.io";
const HTTPS_PORT = 443;

/** What the objects of all exposures of an application are made from. */
interface Setting {
  readonly manifest: Manifest;
  readonly platform: Platform;
  readonly gateway: Gateway;
  readonly owners: Owners;
}

/** The exposure, by name, whose ListenerSet has the listener of a host. */
type Owners = ReadonlyMap<string, string>;

/**
 * Exposure by Gateway API 1.5: a route each and, where TLS is spoken, a ListenerSet with the
 * application's own hosts and certificate, so that the operator's Gateway need not change and no limit
 * of listeners is shared: gateway-api.sigs.k8s.io, "ListenerSet". Plain http hangs on the Gateway.
 */
export function gatewayObjectsOf(
  manifest: Manifest,
  platform: Platform,
  gateway: Gateway,
): readonly (ListenerSet | HttpRoute | TlsRoute)[] {
  const exposures = exposuresOf(manifest, platform);
  const setting = { manifest, platform, gateway, owners: ownersOf(exposures) };
  return exposures.flatMap((exposure) => [
    ...listenerSetsOf(exposure, setting),
    routeOf(exposure, setting),
  ]);
}

/**
 * The first exposure with a host has its listener. Of two equal listeners a Gateway takes the older one
 * and reports the other as conflicted (GEP-1713), so exposures that share a host and differ by path
 * share its listener too.
 */
function ownersOf(exposures: readonly Exposure[]): Owners {
  const owners = new Map<string, string>();
  for (const { name, scheme, hosts } of exposures) {
    for (const host of scheme === "http" ? [] : hosts) {
      owners.set(host, owners.get(host) ?? name);
    }
  }
  return owners;
}

function listenerSetsOf(
  exposure: Exposure,
  { manifest, platform, gateway, owners }: Setting,
): readonly ListenerSet[] {
  const { name, scheme } = exposure;
  const hosts = exposure.hosts.filter((host) => scheme !== "http" && owners.get(host) === name);
  return hosts.length === 0
    ? []
    : [
        {
          apiVersion: `${group}/v1`,
          kind: "ListenerSet",
          metadata: metaOf(name, manifest, platform),
          spec: {
            parentRef: { group, kind: "Gateway", ...gateway },
            listeners: hosts.map((host, index) => listenerOf(host, index, exposure)),
          },
        },
      ];
}

function listenerOf(hostname: string, index: number, { scheme, secret }: Exposure): Listener {
  // A host can be longer than a listener's name.
  const listener = { name: `host-${index + 1}`, hostname, port: HTTPS_PORT };
  return scheme === "tls"
    ? { ...listener, protocol: "TLS", tls: { mode: "Passthrough" } }
    : {
        ...listener,
        protocol: "HTTPS",
        tls: { mode: "Terminate", certificateRefs: [{ name: secret ?? "" }] },
      };
}

function routeOf(exposure: Exposure, setting: Setting): HttpRoute | TlsRoute {
  const { name, scheme, hosts, path, port } = exposure;
  const metadata = metaOf(name, setting.manifest, setting.platform);
  const backendRefs = [{ name: setting.manifest.application, port }];
  const shared = { parentRefs: parentsOf(exposure, setting), hostnames: hosts };
  if (scheme === "tls") {
    const spec = { ...shared, rules: [{ backendRefs }] };
    return { apiVersion: `${group}/v1`, kind: "TLSRoute", metadata, spec };
  }
  const matches = [{ path: { type: "PathPrefix" as const, value: path } }];
  const spec = { ...shared, rules: [{ matches, backendRefs }] };
  return { apiVersion: `${group}/v1`, kind: "HTTPRoute", metadata, spec };
}

function parentsOf(
  { scheme, hosts }: Exposure,
  { gateway, owners }: Setting,
): readonly ParentRef[] {
  if (scheme === "http") {
    return [{ group, kind: "Gateway", ...gateway }];
  }
  const names = new Set(hosts.flatMap((host) => owners.get(host) ?? []));
  return [...names].toSorted().map((name) => ({ group, kind: "ListenerSet", name }));
}
