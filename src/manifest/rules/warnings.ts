import { inEnvironment, leastScale } from "../environment.ts";
import { deadlineOf } from "../objects/deployment.ts";
import { needsCertificate } from "../objects/names.ts";
import { firstTcpPort, portOf } from "../objects/ports.ts";
import type { Platform } from "../platform.ts";
import type { Path, Problem } from "../problem.ts";
import type { Tree } from "../reading/tree.ts";
import type { Container, Manifest } from "../schema/manifest.ts";
import { looksLikeCredential } from "./credentials.ts";
import { envPlaces } from "./env.ts";
import { unusedEnvironments } from "./environments.ts";
import { namesAt, standing, valueAt } from "./places.ts";
import { ends } from "./scale.ts";

/** What the owner of a valid manifest should know about it where it goes. */
export function warningsOf(manifest: Manifest, root: Tree, platform: Platform): Problem[] {
  const here = inEnvironment(manifest, platform.environment);
  const containers = Object.entries(here.containers);
  return [
    ...singleReplica(here, root, platform),
    ...containers.flatMap(([name, container]) => [
      ...mutableTag(name, container),
      ...noHealth(name, container),
      ...unlistedPort(name, container),
      ...noMemory(name, container, platform),
      ...slowStart(name, container, deadlineOf(here, platform)),
    ]),
    ...credentials(root),
    ...unusedEnvironments(root, platform),
    ...unusedTls(here),
  ];
}

function singleReplica(
  manifest: Manifest,
  root: Tree,
  { environment }: Platform,
): readonly Problem[] {
  const isReached = Object.keys(manifest.ingresses).length > 0;
  const path = standing(root, environment, { field: "scale" })?.path ?? ["scale"];
  return isReached && leastScale(manifest) === 1
    ? [
        {
          code: "single-replica",
          message:
            "Traffic from outside reaches a single replica: each deploy or node loss is felt.",
          hint: "Take a scale of 2 or more.",
          path: typeof manifest.scale === "number" ? path : (ends(root, path).min?.path ?? path),
        },
      ]
    : [];
}

function mutableTag(name: string, { image_tag: tag }: Container): readonly Problem[] {
  return tag === "latest"
    ? [
        {
          code: "mutable-tag",
          message: 'The tag "latest" can mean another image at every start of a pod.',
          hint: "Name one build, so that a rollback finds it again.",
          path: ["containers", name, "image_tag"],
        },
      ]
    : [];
}

function noHealth(name: string, { ports, health }: Container): readonly Problem[] {
  return ports.length > 0 && health === undefined
    ? [
        {
          code: "no-health",
          message: `Nothing says when ${name} is well: it gets traffic as soon as its port opens.`,
          hint: 'Add "health": {"path": "/healthz"}, or what the container has.',
          path: ["containers", name],
          at: "key",
        },
      ]
    : [];
}

function unlistedPort(name: string, { ports, health }: Container): readonly Problem[] {
  const field = health?.tcp === undefined ? "port" : "tcp";
  const asked = health?.[field];
  return asked === undefined || ports.some((each) => portOf(each).port === asked)
    ? []
    : [
        {
          code: "unlisted-port",
          message: `The health check asks port ${asked}, which ${name} does not list.`,
          hint:
            firstTcpPort(ports) === undefined
              ? `Add "ports": [${asked}], or is it another port?`
              : `It lists ${ports.map((each) => portOf(each).port).join(", ")}: is it one of them?`,
          path: ["containers", name, "health", field],
        },
      ];
}

/** @param deadline seconds that the rollout may take */
function slowStart(name: string, { health }: Container, deadline: number): readonly Problem[] {
  const seconds = health?.start_seconds ?? 0;
  return seconds < deadline
    ? []
    : [
        {
          code: "slow-start",
          message: `${name} may take ${seconds} s to start, and a rollout that takes ${deadline} s has failed.`,
          hint: 'Give the rollout more time, with "deploy": {"timeout": "1h"}.',
          path: ["containers", name, "health", "start_seconds"],
        },
      ];
}

function noMemory(name: string, { memory }: Container, { defaults }: Platform): readonly Problem[] {
  if (memory !== undefined) {
    return [];
  }
  const path = ["containers", name];
  const hint = 'Say what one copy needs, like "memory": "512Mi".';
  const message =
    defaults.memory === undefined
      ? `${name} may use all memory of its node, and be the first to go when that is short.`
      : `${name} does not say what memory it needs: beyond ${defaults.memory} it is killed.`;
  return [{ code: "no-memory", message, hint, path, at: "key" }];
}

function credentials(root: Tree): readonly Problem[] {
  return envPlaces(root).flatMap((path) =>
    namesAt(root, path).flatMap((name): readonly Problem[] => {
      const value = valueAt(root, [...path, name]);
      return typeof value === "string" && looksLikeCredential(name, value)
        ? [inTheOpen(name, [...path, name])]
        : [];
    }),
  );
}

function inTheOpen(name: string, path: Path): Problem {
  return {
    code: "secret-in-env",
    message: `The value of ${name} looks like a credential, and everybody who sees the manifest sees it.`,
    hint: `Put it into a Secret: "${name}": {"secret": "NAME", "key": "KEY"}.`,
    path,
    at: "key",
  };
}

function unusedTls({ auto_tls: isOn, ingresses }: Manifest): readonly Problem[] {
  const isIssued = Object.values(ingresses).some(
    ({ scheme, tls_secret: secret }) => needsCertificate(scheme) && secret === undefined,
  );
  const unused = Object.entries(ingresses)
    .filter(
      ([, { scheme, tls_secret: secret }]) => secret !== undefined && !needsCertificate(scheme),
    )
    .map(([name]): Problem => ({
      code: "unused-tls-secret",
      message: "This ingress is plain http and uses no certificate.",
      hint: 'Take the scheme "https", or remove tls_secret.',
      path: ["ingresses", name, "tls_secret"],
    }));
  return isOn && !isIssued
    ? [
        ...unused,
        {
          code: "unused-auto-tls",
          message: "auto_tls is on, and no ingress needs a certificate to be issued.",
          hint: "Change a scheme, or remove auto_tls.",
          path: ["auto_tls"],
        },
      ]
    : unused;
}
