import { madeName } from "../made-name.ts";
import { hostOf, ingressName, LONGEST_NAME, tlsMountPath } from "../objects/names.ts";
import type { Platform } from "../platform.ts";
import { quoted } from "../../text/clean.ts";
import { type Certificates, isIssuedFor } from "./certificates.ts";
import type { Exposure, Taken } from "./exposure.ts";
import { fits, fitsKey } from "./fits.ts";
import { objectOf } from "./json.ts";
import { nameOf, type Remarks, type Subject } from "./remarks.ts";

/** What decides about keys, hosts and certificates. */
export interface Surroundings {
  readonly application: string;
  readonly platform: Platform;
  readonly certificates: Certificates;
  /** Secrets that containers see where docc mounts certificates, by key. */
  readonly mounted: ReadonlyMap<string, string>;
}

const MOST_INGRESSES = 20;

/** The ingresses of the manifest, each under a key of its own and each with hosts of its own. */
export function ingressesOf(
  exposures: readonly Exposure[],
  around: Surroundings,
  to: Remarks,
): readonly Taken[] {
  const claimed = new Set<string>();
  return exposures.reduce<readonly Taken[]>((taken, exposure) => {
    const { subject, path } = exposure;
    if (taken.length >= MOST_INGRESSES) {
      to.leaveWhole(subject, [], `A manifest has ${MOST_INGRESSES} ingresses at most.`);
      return taken;
    }
    const keys = taken.map(({ key }) => key);
    const key = keyOf(subject, around.application, keys);
    const hosts = exposure.hosts.filter((host) => !claimed.has(host + path));
    if (hosts.length < exposure.hosts.length) {
      const why = "Another ingress of the application has this host and path already.";
      to.leave(subject, ["spec"], why);
    }
    if (hosts.length === 0 && exposure.hosts.length > 0) {
      return taken;
    }
    const byDefault = hostOf(ingressName(around.application, key), around.platform);
    for (const host of hosts.length === 0 ? [byDefault] : hosts) {
      claimed.add(host + path);
    }
    return [...taken, takenOf(key, { ...exposure, hosts }, around, to)];
  }, []);
}

/** The part of a name that docc puts behind the application's, or the name itself. */
function keyOf({ value }: Subject, application: string, taken: readonly string[]): string {
  const name = nameOf(value) ?? "";
  const own = name.startsWith(`${application}-`) ? name.slice(application.length + 1) : name;
  const isFree = (key: string): boolean =>
    fitsKey(["ingresses"], key) &&
    !taken.includes(key) &&
    ingressName(application, key).length <= LONGEST_NAME;
  const room = LONGEST_NAME - application.length - "-".length;
  const made = madeName(own, room - 3, "web").slice(0, room - 3);
  const numbered = Array.from({ length: taken.length + 1 }, (_, index) => `${made}-${index + 2}`);
  return [own, made, ...numbered].find(isFree) ?? `i-${taken.length}`;
}

function takenOf(key: string, exposure: Exposure, around: Surroundings, to: Remarks): Taken {
  const { subject, scheme, hosts, path, port } = exposure;
  const { application, platform } = around;
  const { isIssued, secret, secretBefore } = certificateOf(key, exposure, around, to);
  const byDefault = hostOf(ingressName(application, key), platform);
  const isDefault = hosts.length === 0 || (hosts.length === 1 && hosts[0] === byDefault);
  const field = objectOf({
    scheme,
    container_port: port,
    hosts: isDefault ? undefined : hosts.toSorted(),
    path: path === "/" ? undefined : path,
    tls_secret: secret,
  });
  const answersTo = hosts.length === 0 ? [byDefault] : hosts;
  return { key, subject, field, hosts: answersTo, isIssued, secretBefore };
}

function certificateOf(
  key: string,
  { subject, scheme, secret: named, sharedSecret }: Exposure,
  { application, platform, certificates, mounted }: Surroundings,
  to: Remarks,
): {
  readonly isIssued: boolean;
  readonly secret: string | undefined;
  readonly secretBefore: string | undefined;
} {
  if (scheme === "http") {
    return { isIssued: false, secret: undefined, secretBefore: undefined };
  }
  // Of ingresses that share a listener only one has its own Secret there.
  const secret = named ?? mounted.get(key) ?? sharedSecret;
  const name = ingressName(application, key);
  if (secret !== undefined && !isIssuedFor(name, secret, certificates, platform)) {
    if (fits(["ingresses", "any", "tls_secret"], secret)) {
      return { isIssued: false, secret, secretBefore: secret };
    }
    to.leave(subject, ["spec", "tls"], `${quoted(secret)} cannot name a Secret in a manifest.`);
  }
  if (secret === undefined) {
    const why =
      scheme === "tls"
        ? `docc has a certificate issued and mounts it at ${tlsMountPath(key)}, beside the container's own.`
        : "It names no Secret with a certificate; docc has one issued.";
    to.leave(subject, ["spec"], why);
  }
  return { isIssued: true, secret: undefined, secretBefore: secret };
}
