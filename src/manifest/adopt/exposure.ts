import { canonicalJson } from "../canonical.ts";
import type { Ingress } from "../schema/manifest.ts";
import type { JsonObject } from "./json.ts";
import type { Subject } from "./remarks.ts";

/** A way of traffic into the application, on its way into an ingress of the manifest. */
export interface Exposure {
  /** The Ingress or route that it comes from. */
  readonly subject: Subject;
  readonly scheme: Ingress["scheme"];
  /** None: docc takes its default. */
  readonly hosts: readonly string[];
  readonly path: string;
  readonly port: number;
  /** The Secret with the certificate, where one is named. */
  readonly secret: string | undefined;
  /** The Secret of a listener that it shares with another one of the application. */
  readonly sharedSecret?: string | undefined;
}

/** An ingress of the manifest and where it comes from. */
export interface Taken {
  readonly key: string;
  readonly subject: Subject;
  readonly field: JsonObject;
  /** That it answers to, docc's default with them. */
  readonly hosts: readonly string[];
  /** Whether docc's issuer fills its Secret. */
  readonly isIssued: boolean;
  /** The Secret that it has its certificate from now. */
  readonly secretBefore: string | undefined;
}

/** What is needed to follow traffic to a container. */
export interface Backends {
  /** The container's port behind a backend; undefined where it leads elsewhere. */
  readonly portOf: (service: string, port: string | number) => number | undefined;
}

/** An exposure of one host, before those that differ in nothing else are taken together. */
export type Way = Omit<Exposure, "hosts" | "subject"> & { readonly host: string | undefined };

const MOST_HOSTS = 20;

/** Ways that differ in the host alone, as one exposure each; no longer than a manifest's list. */
export function together(subject: Subject, ways: readonly Way[]): readonly Exposure[] {
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const { host, ...rest } = way;
    const key = canonicalJson({ ...rest, hasHost: host !== undefined });
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  return [...groups.values()].flatMap((group) => {
    const hosts = [...new Set(group.flatMap(({ host }) => host ?? []))];
    const [first] = group;
    return first === undefined
      ? []
      : chunks(hosts).map((chunk) => {
          const { host: _host, ...rest } = first;
          return { ...rest, subject, hosts: chunk };
        });
  });
}

function chunks(hosts: readonly string[]): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(hosts.length / MOST_HOSTS));
  return Array.from({ length: count }, (_, index) =>
    hosts.slice(index * MOST_HOSTS, (index + 1) * MOST_HOSTS),
  );
}
