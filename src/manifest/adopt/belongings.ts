import { at, isObject, type Json, listAt, membersAt, plain, textAt } from "./json.ts";
import { nameOf } from "./remarks.ts";
import { podPath } from "./part.ts";

/**
 * Of the objects of a namespace those that belong to a Deployment, in their order: Services and
 * PodDisruptionBudgets that select its pods, what leads to those Services, the autoscaler that scales
 * it, and the Certificates and ListenerSets that those use.
 *
 * @param deployment a live Deployment, as JSON
 * @param objects everything of the namespace that may belong to it, as JSON
 */
export function belongings(deployment: unknown, objects: readonly unknown[]): readonly Json[] {
  const target = plain(deployment);
  const all = objects.map((each) => plain(each));
  const labels = at(target, "spec", "template", "metadata", "labels");
  const services = ofKind(all, "Service").filter((each) =>
    selects(at(each, "spec", "selector"), labels),
  );
  const names = services.flatMap((each) => nameOf(each) ?? []);
  const exposures = all.filter((each) => leadsTo(each, names));
  const secrets = [...exposures, target].flatMap(secretsOf);
  const sets = ofKind(all, "ListenerSet").filter((set) =>
    exposures.some((route) => hangsOn(route, set)),
  );
  const certified = [...secrets, ...sets.flatMap(secretsOf)];
  const own = new Set([
    ...services,
    ...exposures,
    ...sets,
    ...ofKind(all, "HorizontalPodAutoscaler").filter((each) => scales(each, target)),
    ...ofKind(all, "PodDisruptionBudget").filter((each) =>
      matches(at(each, "spec", "selector"), labels),
    ),
    ...ofKind(all, "Certificate").filter((each) =>
      certified.includes(textAt(each, "spec", "secretName") ?? ""),
    ),
  ]);
  return all.filter((each) => own.has(each));
}

function ofKind(objects: readonly Json[], kind: string): readonly Json[] {
  return objects.filter((each) => textAt(each, "kind") === kind);
}

/** A Service's selector: all of its labels; an empty one selects nothing. */
function selects(selector: Json, labels: Json): boolean {
  const wanted = membersAt(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => textAt(labels, key) === value);
}

/** A LabelSelector: kubernetes.io, "Labels and Selectors"; an empty one selects everything. */
function matches(selector: Json, labels: Json): boolean {
  if (!isObject(selector)) {
    return false;
  }
  const isEach = membersAt(selector, "matchLabels").every(
    ([key, value]) => textAt(labels, key) === value,
  );
  return isEach && listAt(selector, "matchExpressions").every((each) => holds(each, labels));
}

function holds(expression: Json, labels: Json): boolean {
  const value = textAt(labels, textAt(expression, "key") ?? "");
  const isListed = value !== undefined && listAt(expression, "values").includes(value);
  switch (textAt(expression, "operator")) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/** Whether an Ingress or a route leads to one of the Services. */
function leadsTo(object: Json, services: readonly string[]): boolean {
  const rules = listAt(object, "spec", "rules");
  const backends = rules.flatMap((rule) => [
    ...listAt(rule, "http", "paths").map((path) => textAt(path, "backend", "service", "name")),
    ...listAt(rule, "backendRefs").map((reference) => textAt(reference, "name")),
  ]);
  const byDefault = textAt(object, "spec", "defaultBackend", "service", "name");
  const isExposing = ["Ingress", "HTTPRoute", "TLSRoute"].includes(textAt(object, "kind") ?? "");
  return (
    isExposing &&
    [...backends, byDefault].some((name) => name !== undefined && services.includes(name))
  );
}

function hangsOn(route: Json, set: Json): boolean {
  return listAt(route, "spec", "parentRefs").some(
    (parent) => textAt(parent, "kind") === "ListenerSet" && textAt(parent, "name") === nameOf(set),
  );
}

/** Names of Secrets with certificates: of an Ingress, a ListenerSet, or mounted in pods. */
function secretsOf(object: Json): readonly string[] {
  return [
    ...listAt(object, "spec", "tls").map((entry) => textAt(entry, "secretName")),
    ...listAt(object, "spec", "listeners").flatMap((listener) =>
      listAt(listener, "tls", "certificateRefs").map((reference) => textAt(reference, "name")),
    ),
    ...listAt(object, ...podPath, "volumes").map((volume) =>
      textAt(volume, "secret", "secretName"),
    ),
  ].flatMap((name) => name ?? []);
}

function scales(autoscaler: Json, deployment: Json): boolean {
  const target = at(autoscaler, "spec", "scaleTargetRef");
  return textAt(target, "kind") === "Deployment" && textAt(target, "name") === nameOf(deployment);
}
