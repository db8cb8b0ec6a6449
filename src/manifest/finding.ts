/** An error refuses the manifest; a warning is told and the manifest goes on. */
export type Severity = "error" | "warning";

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
  "wrong-type": error("The value is of another type, such as a number where text belongs."),
  "out-of-range": error("A number is too small or too large."),
  "too-many": error("A list or object has more entries than allowed."),
  "bad-name": error("A name is not usable for Kubernetes objects."),
  "bad-image": error("The image is not a repository name without tag or digest."),
  "bad-tag": error("The text is not an image tag."),
  "bad-maintainer": error("The maintainer is no e-mail address and no Slack id."),
  "bad-value": error("The value is not one of the few allowed."),
  "registry-not-allowed": error("The image comes from a registry the operator does not allow."),
  "no-containers": error("The application has no container."),
  "duplicate-port": error("Two containers of the pod, or one twice, list the same port."),
  "no-such-port": error("An ingress leads to a port that no container lists."),
  "tls-needs-auto_tls": error("An ingress needs a certificate and auto_tls is not on."),
  "tls-not-supported": error("The ingress controller cannot pass TLS through to the container."),
  "unknown-word": error("A key=value word that does not change manifests."),
  "ambiguous-word": error("A word that could mean several containers, or is given twice."),
  "no-such-container": error("A word names a container the manifest does not have."),
  "single-replica": warning("Traffic from outside reaches a single replica."),
  "mutable-tag": warning("The tag does not name one build."),
  "unused-auto-tls": warning("auto_tls is on and no ingress uses a certificate."),
} as const satisfies Record<string, { severity: Severity; meaning: string }>;

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

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}
