import { quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import { registryOf } from "../schema/image.ts";
import { ingressName, LONGEST_NAME, needsCertificate } from "../objects/names.ts";
import { ingressProfiles, type Platform } from "../platform.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { childrenAt, isObject, type Json, nodeAt, type Tree } from "../reading/tree.ts";

/**
 * Rules that look at several fields, or at what the operator set. They read the tree and not a
 * checked manifest, so that they speak up beside the schema's refusals; each says nothing where
 * what it needs was refused already.
 */
type Rule = (root: Tree, platform: Platform) => readonly Problem[];

/** What refuses a manifest beyond its schema. */
export function brokenRules(root: Tree, platform: Platform): Problem[] {
  return rules.flatMap((rule) => rule(root, platform));
}

const rules: readonly Rule[] = [
  entryCounts,
  scaleCap,
  ingressNames,
  duplicatePorts,
  ingressPorts,
  certificates,
  passThrough,
  registries,
];

const mostEntries = { ingresses: 20, containers: 10 } as const;

function entryCounts(root: Tree): readonly Problem[] {
  const surplus = Object.entries(mostEntries)
    .filter(
      ([key, most]) => isObject(valueAt(root, [key])) && childrenAt(root, [key]).length > most,
    )
    .map(([key, most]): Problem => ({
      code: "too-many",
      message: `There are more than ${most} ${key}.`,
      hint: `Keep ${most} at most, or make several applications of it.`,
      path: [key],
      at: "key",
    }));
  const containers = valueAt(root, ["containers"]);
  const isEmpty = isObject(containers) && Object.keys(containers).length === 0;
  return isEmpty ? [...surplus, noContainers] : surplus;
}

const noContainers: Problem = {
  code: "no-containers",
  message: "The application has no container.",
  hint: "Add one: its name, with image and image_tag.",
  path: ["containers"],
  at: "key",
};

function scaleCap(root: Tree, { maxScale }: Platform): readonly Problem[] {
  const scale = valueAt(root, ["scale"]);
  return typeof scale === "number" && Number.isSafeInteger(scale) && scale > maxScale
    ? [
        {
          code: "out-of-range",
          message: `A scale of ${scale} is more than this platform allows.`,
          hint: `Give ${maxScale} at most, or ask the operator.`,
          path: ["scale"],
        },
      ]
    : [];
}

function ingressNames(root: Tree): readonly Problem[] {
  const application = valueAt(root, ["application"]);
  if (typeof application !== "string") {
    return [];
  }
  return childrenAt(root, ["ingresses"])
    .filter(([key]) => key.length <= LONGEST_NAME)
    .filter(([key]) => ingressName(application, key).length > LONGEST_NAME)
    .map(([key]) => ({
      code: "bad-name",
      message: `The name ${quoted(ingressName(application, key), 100)} has more than ${LONGEST_NAME} characters.`,
      hint: "Choose a shorter name: it follows the application's, and starts the host name.",
      path: ["ingresses", key],
      at: "key",
    }));
}

interface ListedPort {
  readonly port: number;
  readonly path: Path;
}

/** The ports of all containers, in order; what is no port is the schema's to refuse. */
function listedPorts(root: Tree): readonly ListedPort[] {
  return childrenAt(root, ["containers"]).flatMap(([name]) =>
    childrenAt(root, ["containers", name, "ports"]).flatMap(([, { value }], index) =>
      isPort(value) ? [{ port: value, path: ["containers", name, "ports", index] }] : [],
    ),
  );
}

function duplicatePorts(root: Tree): readonly Problem[] {
  const first = new Map<number, Path>();
  const problems: Problem[] = [];
  for (const { port, path } of listedPorts(root)) {
    const before = first.get(port);
    if (before === undefined) {
      first.set(port, path);
    } else {
      problems.push({
        code: "duplicate-port",
        message: `Port ${port} is listed already, as ${pathText(before)}.`,
        hint: "The containers of a pod share one network: each needs ports of its own.",
        path,
      });
    }
  }
  return problems;
}

function ingressPorts(root: Tree): readonly Problem[] {
  const containers = nodeAt(root, ["containers"]);
  const areReadable = [...(containers?.children.values() ?? [])].every(hasReadablePorts);
  if (!isObject(containers?.value ?? null) || !areReadable) {
    return [];
  }
  const ports = listedPorts(root).map(({ port }) => port);
  return ingressFields(root, "container_port").flatMap(({ value, path }): readonly Problem[] =>
    !isPort(value) || ports.includes(value)
      ? []
      : [
          {
            code: "no-such-port",
            message: `No container lists port ${value}.`,
            hint: portHint(String(value), ports.map(String)),
            path,
          },
        ],
  );
}

/** Where a list of ports was refused, the port that an ingress wants may be the refused one. */
function hasReadablePorts(container: Tree): boolean {
  const ports = container.children.get("ports")?.value ?? [];
  return isObject(container.value) && Array.isArray(ports) && ports.every(isPort);
}

function portHint(port: string, ports: readonly string[]): string {
  if (ports.length === 0) {
    return `Add "ports": [${port}] to the container that listens on it.`;
  }
  const meant = ports.length === 1 ? ports[0] : nearest(port, ports);
  return meant === undefined ? `The ports are ${ports.join(", ")}.` : `Did you mean ${meant}?`;
}

function certificates(root: Tree): readonly Problem[] {
  const autoTls = nodeAt(root, ["auto_tls"])?.value ?? false;
  if (autoTls !== false) {
    return [];
  }
  return ingressFields(root, "scheme").flatMap(({ value, path }): readonly Problem[] =>
    typeof value === "string" && needsCertificate(value)
      ? [
          {
            code: "tls-needs-auto_tls",
            message: `The scheme ${quoted(value)} needs a certificate, and auto_tls is off.`,
            hint: 'Add "auto_tls": true to the manifest.',
            path,
          },
        ]
      : [],
  );
}

function passThrough(root: Tree, { ingress: { profile } }: Platform): readonly Problem[] {
  if (ingressProfiles[profile].passThrough !== undefined) {
    return [];
  }
  return ingressFields(root, "scheme")
    .filter(({ value }) => value === "tls")
    .map(({ path }) => ({
      code: "tls-not-supported",
      message: "This platform's ingress controller cannot pass TLS through to a container.",
      hint: 'Take the scheme "https", where TLS ends at the ingress, or ask the operator.',
      path,
    }));
}

function registries(root: Tree, { registries: allowed }: Platform): readonly Problem[] {
  if (allowed === undefined) {
    return [];
  }
  return childrenAt(root, ["containers"]).flatMap(([name]) => {
    const path = ["containers", name, "image"];
    const image = valueAt(root, path);
    const isAllowed =
      typeof image !== "string" || image === "" || allowed.includes(registryOf(image));
    return isAllowed ? [] : [foreignRegistry(image, path, allowed)];
  });
}

function foreignRegistry(image: string, path: Path, allowed: readonly string[]): Problem {
  const meant = nearest(registryOf(image), allowed);
  return {
    code: "registry-not-allowed",
    message: `Images from ${quoted(registryOf(image))} are not allowed here.`,
    hint: meant === undefined ? `Allowed: ${allowed.join(", ")}.` : `Did you mean ${meant}?`,
    path,
  };
}

function ingressFields(root: Tree, field: string): readonly { value: Json; path: Path }[] {
  return childrenAt(root, ["ingresses"]).flatMap(([name]) => {
    const path = ["ingresses", name, field];
    const node = nodeAt(root, path);
    return node === undefined ? [] : [{ value: node.value, path }];
  });
}

function valueAt(root: Tree, path: Path): Json {
  return nodeAt(root, path)?.value ?? null;
}

function isPort(value: Json): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
