import type { ApplicationObject, Deployment } from "../../src/manifest/objects/objects.ts";

/**
 * What in the objects of one application leads nowhere: a backend without a port of the Service, a route
 * without its ListenerSet, a mounted Secret that nobody fills, and so on. Secrets, ConfigMaps and Gateways
 * from outside count as there.
 */
export function looseEnds(objects: readonly ApplicationObject[]): readonly string[] {
  return [
    ...objects.flatMap((object) => looseIn(object, objects)),
    ...doubledListeners(objects).map((host) => `two listeners of ${host}`),
  ];
}

function looseIn(object: ApplicationObject, all: readonly ApplicationObject[]): readonly string[] {
  const { name } = object.metadata;
  switch (object.kind) {
    case "Service":
    case "PodDisruptionBudget":
      return selectsNothing(selectorOf(object), all) ? [`${object.kind} selects no pod`] : [];
    case "Deployment":
      return looseInDeployment(object, all);
    case "HorizontalPodAutoscaler":
      return all.some(
        ({ kind, metadata }) =>
          kind === object.spec.scaleTargetRef.kind &&
          metadata.name === object.spec.scaleTargetRef.name,
      )
        ? []
        : ["the autoscaler has no target"];
    case "Ingress":
      return withoutPort(name, portsOfIngress(object), all);
    case "HTTPRoute":
    case "TLSRoute":
      return [
        ...withoutPort(
          name,
          object.spec.rules.flatMap(({ backendRefs }) => backendRefs),
          all,
        ),
        ...withoutListener(object, all),
      ];
    case "Certificate":
    case "ListenerSet":
      return [];
  }
}

type Labels = Readonly<Record<string, string>>;

function selectorOf(
  object: Extract<ApplicationObject, { kind: "Service" | "PodDisruptionBudget" }>,
): Labels {
  return object.kind === "Service"
    ? (object.spec.selector ?? {})
    : (object.spec.selector?.matchLabels ?? {});
}

function podLabels(all: readonly ApplicationObject[]): Labels {
  return (
    all.flatMap((each) =>
      each.kind === "Deployment" ? [each.spec.template.metadata?.labels ?? {}] : [],
    )[0] ?? {}
  );
}

function selectsNothing(selector: Labels, all: readonly ApplicationObject[]): boolean {
  const labels = podLabels(all);
  const entries = Object.entries(selector);
  return entries.length === 0 || entries.some(([key, value]) => labels[key] !== value);
}

function looseInDeployment(
  { spec }: Deployment,
  all: readonly ApplicationObject[],
): readonly string[] {
  const {
    containers = [],
    volumes = [],
    topologySpreadConstraints = [],
  } = spec.template.spec ?? {};
  const mounts = containers.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.map(({ name }) => name),
  );
  const named = volumes.map(({ name }) => name);
  const selectors = [
    spec.selector.matchLabels ?? {},
    ...topologySpreadConstraints.map(({ labelSelector }) => labelSelector?.matchLabels ?? {}),
  ];
  return [
    ...mounts.filter((name) => !named.includes(name)).map((name) => `no volume ${name}`),
    ...named.filter((name) => !mounts.includes(name)).map((name) => `nobody mounts ${name}`),
    ...(new Set(named).size === named.length ? [] : ["two volumes have one name"]),
    ...selectors
      .filter((selector) => selectsNothing(selector, all))
      .map(() => "the Deployment selects no pod"),
  ];
}

interface Backend {
  readonly name: string;
  readonly port: number | undefined;
}

function portsOfIngress({
  spec,
}: Extract<ApplicationObject, { kind: "Ingress" }>): readonly Backend[] {
  return (spec.rules ?? []).flatMap(({ http }) =>
    (http?.paths ?? []).map(({ backend: { service } }) => ({
      name: service?.name ?? "",
      port: service?.port?.number,
    })),
  );
}

function withoutPort(
  name: string,
  backends: readonly Backend[],
  all: readonly ApplicationObject[],
): readonly string[] {
  const ports = all.flatMap((each) =>
    each.kind === "Service"
      ? (each.spec.ports ?? [])
          .filter(({ protocol }) => protocol === "TCP")
          .map(({ port }) => `${each.metadata.name}:${port}`)
      : [],
  );
  return backends
    .map((backend) => `${backend.name}:${backend.port}`)
    .filter((backend) => !ports.includes(backend))
    .map((backend) => `${name} leads to ${backend}, which no Service has`);
}

type Route = Extract<ApplicationObject, { kind: "HTTPRoute" | "TLSRoute" }>;

/** Hosts of a route that none of its ListenerSets has; what hangs on a Gateway is the operator's. */
function withoutListener(
  { metadata, spec }: Route,
  all: readonly ApplicationObject[],
): readonly string[] {
  const sets = spec.parentRefs.filter(({ kind }) => kind === "ListenerSet").map(({ name }) => name);
  const hosts = all.flatMap((each) =>
    each.kind === "ListenerSet" && sets.includes(each.metadata.name)
      ? each.spec.listeners.map(({ hostname }) => hostname)
      : [],
  );
  return sets.length === 0
    ? []
    : spec.hostnames
        .filter((host) => !hosts.includes(host))
        .map((host) => `${metadata.name} has no listener for ${host}`);
}

function doubledListeners(all: readonly ApplicationObject[]): readonly string[] {
  const hosts = all.flatMap((each) =>
    each.kind === "ListenerSet" ? each.spec.listeners.map(({ hostname }) => hostname) : [],
  );
  return hosts.filter((host, index) => hosts.indexOf(host) !== index);
}
