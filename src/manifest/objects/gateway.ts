import type { Platform } from "../platform.ts";
import type { Manifest } from "../schema/manifest.ts";
import { type Exposure, exposuresOf } from "./exposure.ts";
import { metaOf } from "./labels.ts";
import type { HttpRoute, Listener, ListenerSet, ParentRef, TlsRoute } from "./objects.ts";

type Gateway = NonNullable<Platform["gateway"]>;

const group = "gateway.networking.k8s.io";
const HTTPS_PORT = 443;

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
  return exposuresOf(manifest, platform).flatMap((exposure) => [
    ...listenerSetsOf(exposure, manifest, platform, gateway),
    routeOf(exposure, manifest, platform, gateway),
  ]);
}

function listenerSetsOf(
  exposure: Exposure,
  manifest: Manifest,
  platform: Platform,
  gateway: Gateway,
): readonly ListenerSet[] {
  return exposure.scheme === "http"
    ? []
    : [
        {
          apiVersion: `${group}/v1`,
          kind: "ListenerSet",
          metadata: metaOf(exposure.name, manifest, platform),
          spec: {
            parentRef: { group, kind: "Gateway", ...gateway },
            listeners: exposure.hosts.map((host, index) => listenerOf(host, index, exposure)),
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

function routeOf(
  exposure: Exposure,
  manifest: Manifest,
  platform: Platform,
  gateway: Gateway,
): HttpRoute | TlsRoute {
  const { name, scheme, hosts, path, port } = exposure;
  const metadata = metaOf(name, manifest, platform);
  const backendRefs = [{ name: manifest.application, port }];
  const shared = { parentRefs: [parentOf(exposure, gateway)], hostnames: hosts };
  if (scheme === "tls") {
    const spec = { ...shared, rules: [{ backendRefs }] };
    return { apiVersion: `${group}/v1`, kind: "TLSRoute", metadata, spec };
  }
  const matches = [{ path: { type: "PathPrefix" as const, value: path } }];
  const spec = { ...shared, rules: [{ matches, backendRefs }] };
  return { apiVersion: `${group}/v1`, kind: "HTTPRoute", metadata, spec };
}

function parentOf({ name, scheme }: Exposure, gateway: Gateway): ParentRef {
  return scheme === "http"
    ? { group, kind: "Gateway", ...gateway }
    : { group, kind: "ListenerSet", name };
}
