import { quoted } from "../../text/clean.ts";
import type { Path } from "../problem.ts";
import { hostPattern } from "../schema/host.ts";
import { type Backends, type Exposure, together, type Way } from "./exposure.ts";
import { fits, refusal } from "./fits.ts";
import { at, type Json, listAt, split, textAt } from "./json.ts";
import { nameOf, type Remarks, type Subject } from "./remarks.ts";

/** What an HTTPRoute or TLSRoute exposes: gateway-api.sigs.k8s.io, "API specification". */
export function exposuresOfRoute(
  subject: Subject,
  listenerSets: readonly Subject[],
  backends: Backends,
  to: Remarks,
): readonly Exposure[] {
  const tls = tlsOf(subject, listenerSets);
  const hosts = hostsOf(subject, to);
  const places = listAt(subject.value, "spec", "rules").flatMap((rule, index) =>
    placesOf(subject, rule, ["spec", "rules", index], backends, to),
  );
  return together(
    subject,
    places.flatMap((place) => hosts.map((host): Way => ({ host, ...tls, ...place }))),
  );
}

function tlsOf(
  { value }: Subject,
  listenerSets: readonly Subject[],
): Pick<Way, "scheme" | "secret" | "sharedSecret"> {
  if (textAt(value, "kind") === "TLSRoute") {
    return { scheme: "tls", secret: undefined };
  }
  const sets = parentSets(value, listenerSets);
  const [own, shared] = split(sets, (set) => nameOf(set.value) === nameOf(value));
  return sets.length === 0
    ? { scheme: "http", secret: undefined }
    : {
        scheme: "https",
        secret: own.flatMap(secretsOf)[0],
        sharedSecret: shared.flatMap(secretsOf)[0],
      };
}

/** The ListenerSets that a route hangs on. */
function parentSets(route: Json, listenerSets: readonly Subject[]): readonly Subject[] {
  const parents = listAt(route, "spec", "parentRefs")
    .filter((parent) => textAt(parent, "kind") === "ListenerSet")
    .map((parent) => textAt(parent, "name"));
  return listenerSets.filter(({ value }) => parents.includes(nameOf(value)));
}

function secretsOf({ value }: Subject): readonly string[] {
  return listAt(value, "spec", "listeners").flatMap(
    (listener) => textAt(listAt(listener, "tls", "certificateRefs")[0], "name") ?? [],
  );
}

function hostsOf(subject: Subject, to: Remarks): readonly (string | undefined)[] {
  const written = listAt(subject.value, "spec", "hostnames");
  if (written.length === 0) {
    const why = "docc's routes answer to named hosts: without one it takes the operator's domain.";
    to.leave(subject, ["spec"], why);
    return [undefined];
  }
  return written.flatMap((host, index) => {
    if (typeof host === "string" && hostPattern.test(host)) {
      return [host];
    }
    const why = refusal(["ingresses", "any", "hosts", 0], typeof host === "string" ? host : "");
    to.leave(subject, ["spec", "hostnames", index], why);
    return [];
  });
}

type Place = Pick<Way, "path" | "port">;

function placesOf(
  subject: Subject,
  rule: Json,
  path: Path,
  backends: Backends,
  to: Remarks,
): readonly Place[] {
  const leave = (step: Path, why: string): void => to.leave(subject, [...path, ...step], why);
  const port = portOf(rule, backends, leave);
  if (port === undefined) {
    return [];
  }
  const matches = listAt(rule, "matches");
  return matches.length === 0
    ? [{ path: "/", port }]
    : matches.flatMap((match, index) => {
        const found = pathOf(match, (step, why) => leave(["matches", index, ...step], why));
        return found === undefined ? [] : [{ path: found, port }];
      });
}

function portOf(
  rule: Json,
  backends: Backends,
  leave: (step: Path, why: string) => void,
): number | undefined {
  const references = listAt(rule, "backendRefs");
  const ports = references.map((reference) => {
    const given = at(reference, "port");
    const isService = (textAt(reference, "kind") ?? "Service") === "Service";
    return isService && typeof given === "number"
      ? backends.portOf(textAt(reference, "name") ?? "", given)
      : undefined;
  });
  const first = ports.findIndex((port) => port !== undefined);
  references.forEach((reference, index) => {
    if (index !== first) {
      const name = quoted(textAt(reference, "name") ?? "");
      leave(
        ["backendRefs", index],
        `Traffic goes to one port of this application, not to ${name} as well.`,
      );
    }
  });
  if (references.length === 0) {
    leave([], "It leads nowhere.");
  }
  return ports[first];
}

function pathOf(match: Json, leave: (step: Path, why: string) => void): string | undefined {
  const path = textAt(match, "path", "value") ?? "/";
  const type = textAt(match, "path", "type") ?? "PathPrefix";
  if (!fits(["ingresses", "any", "path"], path)) {
    leave(["path", "value"], refusal(["ingresses", "any", "path"], path));
    return undefined;
  }
  if (type !== "PathPrefix") {
    const why = `${quoted(type)} becomes a prefix: docc's paths count with all below them.`;
    leave(["path", "type"], why);
  }
  return path;
}

/** Lists listeners and certificates that no ingress of the manifest uses. */
export function leaveListeners(
  subject: Subject,
  hosts: ReadonlySet<string>,
  secrets: ReadonlySet<string>,
  to: Remarks,
): void {
  listAt(subject.value, "spec", "listeners").forEach((listener, index) => {
    const path = ["spec", "listeners", index];
    if (!hosts.has(textAt(listener, "hostname") ?? "")) {
      to.leaveWhole(subject, path, "docc listens for the hosts of its ingresses alone.");
    }
    listAt(listener, "tls", "certificateRefs").forEach((reference, place) => {
      if (!secrets.has(textAt(reference, "name") ?? "")) {
        const why = "No ingress of the manifest uses this certificate.";
        to.leaveWhole(subject, [...path, "tls", "certificateRefs", place], why);
      }
    });
  });
}
