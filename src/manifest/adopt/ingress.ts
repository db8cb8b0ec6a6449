import { ingressProfiles } from "../platform.ts";
import { hostPattern } from "../schema/host.ts";
import { quoted } from "../../text/clean.ts";
import { type Backends, type Exposure, together, type Way } from "./exposure.ts";
import { fits, refusal } from "./fits.ts";
import { at, type Json, listAt, textAt } from "./json.ts";
import type { Path } from "../problem.ts";
import type { Remarks, Subject } from "./remarks.ts";

/** Annotations by which controllers hand TLS through to the container, docc's and others'. */
const passThrough: readonly string[] = [
  ...Object.values(ingressProfiles).flatMap((profile) => Object.keys(profile.passThrough ?? {})),
  "nginx.ingress.kubernetes.io/ssl-passthrough",
  "haproxy-ingress.github.io/ssl-passthrough",
];

/** The annotation that makes an Ingress one of TLS that goes through, if it has one. */
export function passThroughOf({ value }: Subject): string | undefined {
  return passThrough.find((key) => textAt(value, "metadata", "annotations", key) === "true");
}

/** What an Ingress exposes of the application: kubernetes.io, "Ingress". */
export function exposuresOfIngress(
  subject: Subject,
  backends: Backends,
  to: Remarks,
): readonly Exposure[] {
  const rules = listAt(subject.value, "spec", "rules");
  leaveTlsOfNobody(subject, rules, to);
  const ways = rules.flatMap((rule, index) =>
    waysOf(subject, rule, ["spec", "rules", index], backends, to),
  );
  return together(subject, ways);
}

function waysOf(
  subject: Subject,
  rule: Json,
  path: Path,
  backends: Backends,
  to: Remarks,
): readonly Way[] {
  const host = textAt(rule, "host") || undefined;
  if (host !== undefined && !hostPattern.test(host)) {
    to.leave(subject, [...path, "host"], refusal(["ingresses", "any", "hosts", 0], host));
    return [];
  }
  const paths = listAt(rule, "http", "paths");
  if (host === undefined || paths.length === 0) {
    const why =
      paths.length === 0
        ? "It says nothing about paths, which leaves it to the default backend."
        : "docc's ingresses answer to named hosts: without one it takes the operator's domain.";
    to.leave(subject, path, why);
  }
  const tls = tlsOf(subject, host);
  return paths.flatMap((entry, index) => {
    const place = [...path, "http", "paths", index];
    const leave = (step: Path, why: string): void => to.leave(subject, [...place, ...step], why);
    const found = pathAndPort(entry, tls.scheme, backends, leave);
    return found === undefined ? [] : [{ host, ...tls, ...found }];
  });
}

function pathAndPort(
  entry: Json,
  scheme: Way["scheme"],
  backends: Backends,
  leave: (step: Path, why: string) => void,
): Pick<Way, "path" | "port"> | undefined {
  const service = at(entry, "backend", "service");
  const given = at(service, "port", "number") ?? at(service, "port", "name");
  const name = textAt(service, "name") ?? "";
  const port =
    typeof given === "number" || typeof given === "string"
      ? backends.portOf(name, given)
      : undefined;
  if (port === undefined) {
    leave(["backend"], `It leads to ${quoted(name)}, and to no port of this application there.`);
    return undefined;
  }
  const path = textAt(entry, "path") || "/";
  if (!fits(["ingresses", "any", "path"], path)) {
    leave(["path"], refusal(["ingresses", "any", "path"], path));
    return undefined;
  }
  const type = textAt(entry, "pathType") ?? "Prefix";
  if (type !== "Prefix") {
    leave(["pathType"], `${quoted(type)} becomes Prefix: docc's paths count with all below them.`);
  }
  if (scheme === "tls" && path !== "/") {
    leave(["path"], "TLS that goes through to the container hides paths.");
  }
  return { path: scheme === "tls" ? "/" : path, port };
}

function tlsOf(subject: Subject, host: string | undefined): Pick<Way, "scheme" | "secret"> {
  if (passThroughOf(subject) !== undefined) {
    return { scheme: "tls", secret: undefined };
  }
  const entry = listAt(subject.value, "spec", "tls").find((each) => covers(each, host));
  return entry === undefined
    ? { scheme: "http", secret: undefined }
    : { scheme: "https", secret: textAt(entry, "secretName") || undefined };
}

/** Whether an entry of `tls` is for a host; one without hosts is for all. */
function covers(entry: Json, host: string | undefined): boolean {
  const hosts = listAt(entry, "hosts");
  return (
    hosts.length === 0 || hosts.some((each) => typeof each === "string" && isFor(each, host ?? ""))
  );
}

function isFor(pattern: string, host: string): boolean {
  return (
    pattern === host ||
    (pattern.startsWith("*.") && host.slice(host.indexOf(".") + 1) === pattern.slice(2))
  );
}

function leaveTlsOfNobody(subject: Subject, rules: readonly Json[], to: Remarks): void {
  const hosts = rules.map((rule) => textAt(rule, "host") ?? "");
  listAt(subject.value, "spec", "tls").forEach((entry, index) => {
    const path = ["spec", "tls", index];
    if (passThroughOf(subject) !== undefined) {
      to.leave(subject, path, "TLS goes through to the container, which has its own certificate.");
    } else if (!hosts.some((host) => covers(entry, host))) {
      to.leave(subject, path, "No rule is for these hosts.");
    }
    listAt(entry, "hosts").forEach((host, place) => {
      const isUsed = hosts.some((each) => typeof host === "string" && isFor(host, each));
      if (!isUsed && hosts.some((each) => covers(entry, each))) {
        to.leave(subject, [...path, "hosts", place], "No rule is for this host.");
      }
    });
  });
}
