import { ingressName } from "../objects/names.ts";
import type { Platform } from "../platform.ts";
import type { Taken } from "./exposure.ts";
import { leaveRest } from "./fields.ts";
import { at, type Json, listAt, textAt } from "./json.ts";
import { leaveMetadata } from "./metadata.ts";
import { certificateFields } from "./other-fields.ts";
import { isOfDocc, nameOf, type Remarks, type Subject } from "./remarks.ts";

/** The Certificates around an application by the Secret that each fills. */
export type Certificates = ReadonlyMap<string, Subject>;

export function certificatesBySecret(subjects: readonly Subject[]): Certificates {
  return new Map(
    subjects.map((subject) => [textAt(subject.value, "spec", "secretName") ?? "", subject]),
  );
}

/**
 * Whether a Secret comes from the issuer that docc asks as well, so that auto_tls says it. What docc
 * made for one ingress and another one uses is a Secret like any other.
 *
 * @param name of the ingress' objects
 */
export function isIssuedFor(
  name: string,
  secret: string,
  certificates: Certificates,
  platform: Platform,
): boolean {
  const certificate = certificates.get(secret);
  if (certificate === undefined) {
    return false;
  }
  const isForAnother = isOfDocc(certificate) && nameOf(certificate.value) !== name;
  return isOfIssuer(certificate.value, platform) && !isForAnother;
}

/** cert-manager.io, "API reference", ObjectReference: what is not said of an issuer. */
function isOfIssuer(certificate: Json, { issuer }: Platform): boolean {
  const reference = at(certificate, "spec", "issuerRef");
  return (
    textAt(reference, "name") === issuer.name &&
    (textAt(reference, "kind") ?? "Issuer") === issuer.kind &&
    (textAt(reference, "group") || "cert-manager.io") === issuer.group
  );
}

/** Lists what docc's Certificates do not say, and those that stay because docc makes none. */
export function leaveCertificates(
  certificates: readonly Subject[],
  taken: readonly Taken[],
  application: string,
  ours: readonly Json[],
  to: Remarks,
): void {
  // An Ingress with an annotation of cert-manager owns the Certificate that is made for it.
  const titles = new Set(taken.map(({ subject }) => subject.title));
  for (const certificate of certificates) {
    const secret = textAt(certificate.value, "spec", "secretName");
    const users = taken.filter(({ isIssued, secretBefore }) => isIssued && secretBefore === secret);
    const names = new Set(users.map(({ key }) => ingressName(application, key)));
    const replacing = ours.filter((each) => names.has(nameOf(each) ?? ""));
    if (secret === undefined || replacing.length === 0) {
      const why = "docc makes none in its place: it must stay, since its Secret is used.";
      to.leaveWhole(certificate, [], why);
    } else {
      leaveCertificate(certificate, replacing, titles, to);
    }
  }
}

/** @param replacing docc's Certificates in its place, one for each ingress */
function leaveCertificate(
  certificate: Subject,
  replacing: readonly Json[],
  titles: ReadonlySet<string>,
  to: Remarks,
): void {
  const [first = null] = replacing;
  leaveRest(certificate, certificateFields, first, to);
  leaveMetadata(certificate, ["metadata"], { ours: at(first, "metadata"), titles }, to);
  const names = replacing.flatMap((each) => listAt(each, "spec", "dnsNames"));
  listAt(certificate.value, "spec", "dnsNames").forEach((host, index) => {
    if (!names.includes(host)) {
      const why = "docc's certificates are for the hosts of ingresses alone.";
      to.leave(certificate, ["spec", "dnsNames", index], why);
    }
  });
}
