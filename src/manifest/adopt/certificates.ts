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
  for (const certificate of certificates) {
    const secret = textAt(certificate.value, "spec", "secretName");
    const user = taken.find(
      ({ isIssued, secretBefore }) => isIssued && secretBefore === secret && secret !== undefined,
    );
    if (user === undefined) {
      const why = "docc makes none in its place: it must stay, since an ingress uses its Secret.";
      to.leaveWhole(certificate, [], why);
      continue;
    }
    const name = ingressName(application, user.key);
    const docc = ours.find((each) => nameOf(each) === name) ?? null;
    leaveRest(certificate, certificateFields, docc, to);
    leaveMetadata(certificate, ["metadata"], { ours: at(docc, "metadata"), said: new Set() }, to);
    const names = listAt(docc, "spec", "dnsNames");
    listAt(certificate.value, "spec", "dnsNames").forEach((host, index) => {
      if (!names.includes(host)) {
        const why = "docc's certificate is for the hosts of its ingress alone.";
        to.leave(certificate, ["spec", "dnsNames", index], why);
      }
    });
  }
}
