import { isRecord } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";

/** A host that an object of the cluster answers to. */
export interface TakenHost {
  readonly host: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The application that docc made the object for; undefined where docc did not. */
  readonly app?: string;
}

const exposing = ["Ingress", "HTTPRoute", "TLSRoute"];

/** Whether an object answers to hosts at all. */
export function isExposing({ kind }: Pick<KubernetesObject, "kind">): boolean {
  return exposing.includes(kind);
}

/**
 * The first host of the wanted objects that something else in the cluster answers to. What docc made for
 * the same application in the same namespace is its own, and so is an object that is wanted itself: whether docc
 * may have that one is asked elsewhere.
 */
export function takenHost(
  wanted: readonly KubernetesObject[],
  app: string,
  taken: readonly TakenHost[],
): TakenHost | undefined {
  const hosts = new Set(wanted.flatMap(hostsOf));
  const namespaces = new Set(wanted.map(({ metadata }) => metadata.namespace));
  const isWanted = ({ kind, namespace, name }: TakenHost): boolean =>
    wanted.some(
      (each) =>
        each.kind === kind && each.metadata.namespace === namespace && each.metadata.name === name,
    );
  return taken.find(
    (each) =>
      hosts.has(each.host) &&
      !(each.app === app && namespaces.has(each.namespace)) &&
      !isWanted(each),
  );
}

/** The hosts that an object answers to: of anything but an Ingress or a route none. */
export function hostsOf(
  object: Pick<KubernetesObject, "kind"> & { readonly spec?: unknown },
): readonly string[] {
  if (!isExposing(object) || !isRecord(object.spec)) return [];
  const { rules = [], hostnames = [] } = object.spec;
  const listed: readonly unknown[] = Array.isArray(hostnames) ? hostnames : [];
  const ruled: readonly unknown[] = Array.isArray(rules) ? rules : [];
  return [...listed, ...ruled.map((rule) => (isRecord(rule) ? rule["host"] : undefined))].filter(
    (host) => typeof host === "string",
  );
}
