import { quoted } from "../../text/clean.ts";
import { hostOf, ingressName, LONGEST_NAME, needsCertificate } from "../objects/names.ts";
import { ingressProfiles, type Platform } from "../platform.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { childrenAt, nodeAt, type Tree } from "../reading/tree.ts";
import { isWithin } from "../schema/host.ts";
import { fieldsOf, namesAt, standing, valueAt } from "./places.ts";

/** Names of ingresses, behind the application's, fit into a DNS label. */
export function ingressNames(root: Tree): readonly Problem[] {
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

/** Who encrypts has a certificate. */
export function certificates(root: Tree): readonly Problem[] {
  const autoTls = nodeAt(root, ["auto_tls"])?.value ?? false;
  if (autoTls !== false) {
    return [];
  }
  return fieldsOf(root, ["ingresses"], "scheme").flatMap(({ name, value, path }) => {
    const hasSecret = nodeAt(root, ["ingresses", name, "tls_secret"]) !== undefined;
    return typeof value === "string" && needsCertificate(value) && !hasSecret
      ? [
          {
            code: "tls-needs-auto_tls" as const,
            message: `The scheme ${quoted(value)} needs a certificate, and auto_tls is off.`,
            hint: 'Add "auto_tls": true to the manifest, or name a Secret with a certificate as tls_secret.',
            path,
          },
        ]
      : [];
  });
}

/** TLS goes through only where the controller can, and then nobody sees paths. */
export function passThrough(root: Tree, { gateway, ingress }: Platform): readonly Problem[] {
  const isPossible =
    gateway !== undefined || ingressProfiles[ingress.profile].passThrough !== undefined;
  return fieldsOf(root, ["ingresses"], "scheme")
    .filter(({ value }) => value === "tls")
    .flatMap(({ name, path }): readonly Problem[] => [
      ...(isPossible ? [] : [notSupported(path)]),
      ...(nodeAt(root, ["ingresses", name, "path"]) === undefined ? [] : [hasNoPath(name)]),
    ]);
}

function notSupported(path: Path): Problem {
  return {
    code: "tls-not-supported",
    message: "This platform's ingress controller cannot pass TLS through to a container.",
    hint: 'Take the scheme "https", where TLS ends at the ingress, or ask the operator.',
    path,
  };
}

function hasNoPath(name: string): Problem {
  return {
    code: "tls-has-no-path",
    message:
      "TLS that goes through to the container is not opened on its way, so there is no path.",
    hint: 'Remove path, or take the scheme "https".',
    path: ["ingresses", name, "path"],
    at: "key",
  };
}

/** A host that an ingress answers to here, and where that is said; at the ingress' key by default. */
interface Claim {
  readonly host: string;
  readonly path: Path;
  readonly isDefault: boolean;
  /** Host and path, the two that must be one ingress' own. */
  readonly place: string;
}

/** Hosts are in the team's domains, and each host and path belongs to one ingress. */
export function hosts(root: Tree, platform: Platform): readonly Problem[] {
  const claims = namesAt(root, ["ingresses"]).flatMap((name) => claimsOf(root, name, platform));
  const allowed = allowedDomains(root, platform);
  return [
    ...claims
      .filter(({ isDefault, host }) => !isDefault && !allowed.some((each) => isWithin(host, each)))
      .map((claim) => notAllowed(claim, allowed)),
    ...duplicates(claims),
  ];
}

function claimsOf(root: Tree, ingress: string, platform: Platform): readonly Claim[] {
  const application = valueAt(root, ["application"]);
  const below = valueAt(root, ["ingresses", ingress, "path"]) ?? "/";
  const place = (host: string): string => `${host}${typeof below === "string" ? below : "/"}`;
  const found = standing(root, platform.environment, { field: "hosts", ingress });
  if (found === undefined) {
    const name = typeof application === "string" ? ingressName(application, ingress) : ingress;
    const host = hostOf(name, platform);
    return [{ host, path: ["ingresses", ingress], isDefault: true, place: place(host) }];
  }
  return childrenAt(root, found.path).flatMap(([, { value: host }], index) =>
    typeof host === "string"
      ? [{ host, path: [...found.path, index], isDefault: false, place: place(host) }]
      : [],
  );
}

function allowedDomains(root: Tree, platform: Platform): readonly string[] {
  const { domain, domains = [], teamDomains = {} } = platform;
  const team = valueAt(root, ["team"]);
  const own = typeof team === "string" && Object.hasOwn(teamDomains, team) ? teamDomains[team] : [];
  return [domain, ...domains, ...(own ?? [])];
}

function notAllowed({ host, path }: Claim, allowed: readonly string[]): Problem {
  return {
    code: "host-not-allowed",
    message: `${quoted(host)} is in no domain that this application may use here.`,
    hint: `Allowed are ${allowed.join(", ")} and what is below; ask the operator for more.`,
    path,
  };
}

function duplicates(claims: readonly Claim[]): readonly Problem[] {
  const first = new Map<string, Claim>();
  return claims.flatMap((claim): readonly Problem[] => {
    const before = first.get(claim.place);
    if (before === undefined) {
      first.set(claim.place, claim);
      return [];
    }
    return [
      {
        code: "duplicate-host",
        message: `${quoted(claim.place, 100)} is taken already, by ${pathText(before.path)}.`,
        hint: "Give one of them another host or path.",
        path: claim.path,
        at: claim.isDefault ? "key" : "value",
      },
    ];
  });
}
