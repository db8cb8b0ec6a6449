import type { TakenHost } from "../release/hosts.ts";
import type { KubeApi } from "./api.ts";
import { isKubeError } from "./errors.ts";
import { httpRoutes, ingresses, type Kind, tlsRoutes } from "./kinds.ts";
import type { KubeObject, OpaqueObject, Stored } from "./objects.ts";
import { isRecord } from "./redact.ts";

/** Objects a page; of each page only the hosts are kept. */
const pageSize = 500;

/** Where to look: the whole cluster unless it names a namespace. */
type Scope = { readonly namespace?: string };

/**
 * The hosts that Ingresses, HTTPRoutes and TLSRoutes of all namespaces answer to. Where docc may not list
 * the whole cluster, those of `namespace`; what it may not list even there it cannot have made either.
 */
export async function takenHosts(api: KubeApi, namespace: string): Promise<readonly TakenHost[]> {
  const look = async <T extends KubeObject>(kind: Kind<T>, hostsOf: HostsOf<T>) =>
    visible((scope) => listHosts(api, kind, scope, hostsOf), namespace);
  const taken = await Promise.all([
    look(ingresses, ({ spec }) => spec?.rules?.map(({ host }) => host) ?? []),
    look(httpRoutes, hostnamesOf),
    look(tlsRoutes, hostnamesOf),
  ]);
  return taken.flat();
}

type HostsOf<T> = (object: T) => readonly unknown[];

/** https://gateway-api.sigs.k8s.io/reference/spec/: both routes have `spec.hostnames`. */
function hostnamesOf({ spec }: OpaqueObject): readonly unknown[] {
  const hostnames = isRecord(spec) ? spec["hostnames"] : undefined;
  return Array.isArray(hostnames) ? hostnames : [];
}

/** What is found in the widest scope that docc may list; nothing of a kind that is not served. */
async function visible<T>(
  list: (scope: Scope) => Promise<readonly T[]>,
  namespace: string,
): Promise<readonly T[]> {
  for (const scope of [{}, { namespace }]) {
    try {
      return await list(scope);
    } catch (error) {
      if (isKubeError(error, "not-served")) return [];
      if (!isKubeError(error, "forbidden")) throw error;
    }
  }
  return [];
}

async function listHosts<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  scope: Scope,
  hostsOf: HostsOf<T>,
): Promise<readonly TakenHost[]> {
  let taken: TakenHost[] = [];
  for await (const { first, items } of api.list(kind, { ...scope, limit: pageSize })) {
    if (first) taken = [];
    for (const item of items) taken.push(...claimsOf(kind, item, hostsOf(item)));
  }
  return taken;
}

/** An object may name a host several times, once for each path. An empty host is any host. */
function claimsOf(
  { kind }: Kind,
  { metadata }: Stored<KubeObject>,
  hosts: readonly unknown[],
): readonly TakenHost[] {
  const { name, namespace = "", labels = {} } = metadata;
  const app = labels["app.kubernetes.io/instance"];
  const ours = labels["app.kubernetes.io/managed-by"] === "docc" && app !== undefined;
  return [...new Set(hosts)]
    .filter((host) => typeof host === "string")
    .filter((host) => host !== "")
    .map((host) => ({ host, kind, namespace, name, ...(ours ? { app } : {}) }));
}
