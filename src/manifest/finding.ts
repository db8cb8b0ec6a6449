/** An error refuses the manifest; a warning is told and the manifest goes on. */
export type Severity = "error" | "warning";

const advice = (meaning: string) => ({ severity: "warning" as const, meaning, isAdvice: true });
const error = (meaning: string) => ({ severity: "error" as const, meaning });
const warning = (meaning: string) => ({ severity: "warning" as const, meaning });

/**
 * Every code a finding can carry, with its severity and what it means. A code once released keeps
 * its meaning: editors, CI and people's notes refer to it.
 */
export const findingCodes = {
  "not-parsable": error("The text is not JSON or YAML, or not UTF-8 text at all."),
  "too-big": error("The file is larger than a manifest can be."),
  "too-deep": error("Lists or objects are nested deeper than in any manifest."),
  "yaml-feature": error("A YAML feature that hides what is deployed: anchor, alias, tag, merge."),
  "several-documents": error("The file holds several YAML documents; one application per file."),
  "not-a-manifest": error(
    "The file is something else: a Kubernetes object, a Compose file, a list.",
  ),
  "duplicate-key": error("A key is given twice; a reviewer might see only one of them."),
  "reserved-key": error("A key that JavaScript programs may mistake for their own."),
  "unknown-key": error("A key that manifests do not have."),
  "missing-key": error("A required key is not there."),
  "exclusive-keys": error("Two keys stand side by side of which only one may."),
  "ambiguous-key": error(
    "A key of an environment that could mean several containers or ingresses.",
  ),
  "wrong-type": error("The value is of another type, such as a number where text belongs."),
  "out-of-range": error("A number is too small or too large."),
  "too-many": error("A list or object has more entries than allowed."),
  "empty-list": error("A list has no entry, where one is needed."),
  "bad-name": error("A name is not usable for Kubernetes objects."),
  "bad-image": error("The image is not a repository name without tag or digest."),
  "bad-tag": error("The text is not an image tag."),
  "bad-digest": error("The text is not the digest of an image."),
  "bad-maintainer": error("The maintainer is no e-mail address and no Slack id."),
  "bad-channel": error("The text is no id of a Slack channel."),
  "bad-value": error("The value is not one of the few allowed."),
  "bad-quantity": error("The text is no amount of cpu or memory."),
  "bad-duration": error("The text is no duration, or out of its range."),
  "bad-path": error("The text is no path of a URL, or no absolute path of a directory."),
  "bad-host": error("The text is no host name."),
  "bad-url": error("The text is no https address that docc can show."),
  "registry-not-allowed": error("The image comes from a registry the operator does not allow."),
  "no-containers": error("The application has no container."),
  "duplicate-port": error("Two containers of the pod, or one twice, list the same port."),
  "duplicate-name": error("Two ports of the pod have the same name."),
  "duplicate-path": error("A directory is listed twice, or inside one that docc mounts."),
  "duplicate-host": error("Two ingresses answer to the same host and path."),
  "no-such-port": error("An ingress leads to a TCP port that no container lists."),
  "no-such-ingress": error("An environment names an ingress the manifest does not have."),
  "no-such-environment": error(
    "The platform has no environment of that name, but one much like it.",
  ),
  "host-not-allowed": error("The host is in no domain that the team may use."),
  "root-not-allowed": error("The operator does not allow containers to run as root."),
  "tls-needs-auto_tls": error(
    "An ingress needs a certificate: auto_tls is off, and no tls_secret.",
  ),
  "tls-has-no-path": error("An ingress that passes TLS through cannot tell paths apart."),
  "tls-not-supported": error("The ingress controller cannot pass TLS through to the container."),
  "unknown-word": error("A key=value word that does not change manifests."),
  "ambiguous-word": error("A word that could mean several containers, or is given twice."),
  "no-such-container": error(
    "A word or an environment names a container the manifest does not have.",
  ),
  "single-replica": warning("Traffic from outside reaches a single replica."),
  "mutable-tag": warning("The tag does not name one build."),
  "no-health": advice("A container with ports has no health check."),
  "no-memory": advice("A container does not say how much memory it needs."),
  "secret-in-env": warning("The value of a variable looks like a credential."),
  "slow-start": warning("A container may take longer to start than its rollout may take."),
  "unused-environment": advice("The platform has no environment of that name."),
  "unlisted-port": warning("A health check asks a port that the container does not list."),
  "unused-auto-tls": warning("auto_tls is on and no ingress uses an issued certificate."),
  "unused-tls-secret": warning("An ingress without TLS names a Secret with a certificate."),
} as const satisfies Record<string, { severity: Severity; meaning: string; isAdvice?: boolean }>;

export type FindingCode = keyof typeof findingCodes;

/** Something to say about a manifest, at a place of its text. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  /** One plain sentence, safe to show. */
  readonly message: string;
  /** Where in the manifest, like `containers.kubecon.ports[0]`; empty for the whole. */
  readonly path: string;
  /** 1-based; 0 where the finding is about no place in the text, such as a command's word. */
  readonly line: number;
  /** 1-based, in UTF-16 units as editors count; 0 together with `line`. */
  readonly column: number;
  /** What to do next, or empty. */
  readonly hint: string;
}

/** A warning for who writes the manifest; at every deploy of it again it would only be noise. */
export function isAdvice({ code }: Finding): boolean {
  return "isAdvice" in findingCodes[code];
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}
