import { quoted } from "../../text/clean.ts";
import { hostOf, ingressName, LONGEST_NAME, needsCertificate } from "../objects/names.ts";
import { ingressProfiles, type Platform } from "../platform.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { type Json, nodeAt, type Tree } from "../reading/tree.ts";
import { hostPattern, isWithin } from "../schema/host.ts";
import { applicationName } from "../schema/names.ts";
import { fieldsOf, itemsAt, namesAt, standing, valueAt } from "./places.ts";

/** Names of ingresses, behind the application's, fit into a DNS label. */
export function ingressNames(root: Tree): readonly Problem[] {
  const { data: application } = applicationName.safeParse(valueAt(root, ["application"]));
  if (application === undefined) {
    return [];
  }
  return namesAt(root, ["ingresses"])
    .filter((key) => key.length <= LONGEST_NAME)
    .filter((key) => ingressName(application, key).length > LONGEST_NAME)
    .map((key) => ({
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
  /** The path below which it answers, without the slash at its end, which means nothing. */
  readonly below: string;
  readonly scheme: Json;
  readonly path: Path;
  readonly isDefault: boolean;
}

/** Hosts are in the team's domains, and each host and path belongs to one ingress. */
export function hosts(root: Tree, platform: Platform): readonly Problem[] {
  const claims = namesAt(root, ["ingresses"]).flatMap((name) => claimsOf(root, name, platform));
  const allowed = allowedDomains(root, platform);
  const isAllowed = (host: string): boolean =>
    allowed === undefined || allowed.some((each) => isWithin(host, each));
  return [
    ...claims
      .filter(({ isDefault, host }) => !isDefault && hostPattern.test(host))
      .filter(({ host }) => !isAllowed(host))
      .map((claim) => notAllowed(claim, allowed ?? [])),
    ...duplicates(claims),
  ];
}

function claimsOf(root: Tree, ingress: string, platform: Platform): readonly Claim[] {
  const application = valueAt(root, ["application"]);
  const given = valueAt(root, ["ingresses", ingress, "path"]);
  const below = typeof given === "string" ? given.replace(/\/$/u, "") : "";
  const scheme = valueAt(root, ["ingresses", ingress, "scheme"]);
  const found = standing(root, platform.environment, { field: "hosts", ingress });
  if (found === undefined) {
    const name = typeof application === "string" ? ingressName(application, ingress) : ingress;
    const host = hostOf(name, platform);
    return [{ host, below, scheme, path: ["ingresses", ingress], isDefault: true }];
  }
  return itemsAt(root, found.path).flatMap(({ value: host, path }) =>
    typeof host === "string" ? [{ host, below, scheme, path, isDefault: false }] : [],
  );
}

/** Undefined where nobody said which domains there are. */
function allowedDomains(root: Tree, platform: Platform): readonly string[] | undefined {
  const { domain, domains, teamDomains = {} } = platform;
  if (domains === undefined) {
    return undefined;
  }
  const team = valueAt(root, ["team"]);
  // A team that was refused may be any.
  const own = Object.entries(teamDomains)
    .filter(([name]) => name === team || (team !== null && typeof team !== "string"))
    .flatMap(([, theirs]) => theirs);
  return [domain, ...domains, ...own];
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
  const taken = new Map<string, Claim[]>();
  return claims.flatMap((claim): readonly Problem[] => {
    const ofHost = taken.get(claim.host) ?? [];
    const before = ofHost.find((other) => collide(other, claim));
    if (before === undefined) {
      taken.set(claim.host, [...ofHost, claim]);
      return [];
    }
    return [
      {
        code: "duplicate-host",
        message: `${quoted(`${claim.host}${claim.below}`, 100)} is taken already, by ${pathText(before.path)}.`,
        hint: "Give one of them another host or path.",
        path: claim.path,
        at: claim.isDefault ? "key" : "value",
      },
    ];
  });
}

/** TLS that goes through takes all that is encrypted for its host: nobody can see paths in it. */
function collide(left: Claim, right: Claim): boolean {
  const schemes = [left.scheme, right.scheme];
  const isHidden =
    schemes.includes("tls") && schemes.every((each) => each === "tls" || each === "https");
  return left.below === right.below || isHidden;
}
