import type { V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import { byKey } from "../canonical.ts";
import type { Container, Ingress, Manifest } from "../schema/manifest.ts";
import { ingressName, needsCertificate, tlsMountPath, tlsSecretName } from "./names.ts";

/**
 * A volume and where a container sees it. Volumes are numbered over the pod: what they are for can be
 * longer than a volume's name.
 */
export interface Mounted {
  readonly volume: V1Volume;
  readonly mount: V1VolumeMount;
}

/** Where a container may write that does not say. */
const defaultWritable = ["/tmp"] as const;

/**
 * The certificates of the ingresses, which every container sees, whole and read-only: those that are
 * issued, and the given one of an ingress whose TLS ends in the container.
 */
export function certificateMounts({ application, ingresses }: Manifest): readonly Mounted[] {
  return byKey(ingresses)
    .filter(([, ingress]) => needsCertificate(ingress.scheme) && !isEndedOutside(ingress))
    .map(([key, ingress], index) => {
      const name = `tls-${index + 1}`;
      const secretName = ingress.tls_secret ?? tlsSecretName(ingressName(application, key));
      return {
        volume: { name, secret: { secretName } },
        mount: { name, mountPath: tlsMountPath(key), readOnly: true },
      };
    });
}

/** With a given Secret and the scheme https only the ingress needs the key. */
function isEndedOutside({ scheme, tls_secret: secret }: Ingress): boolean {
  return scheme === "https" && secret !== undefined;
}

/** The directories that containers may write to, each a volume of one container, by container. */
export function writableMounts({ containers }: Manifest): ReadonlyMap<string, readonly Mounted[]> {
  let count = 0;
  return new Map(
    byKey(containers).map(([container, { writable }]) => [
      container,
      directoriesOf(writable).map((mountPath) => {
        count += 1;
        const name = `writable-${count}`;
        return { volume: { name, emptyDir: {} }, mount: { name, mountPath } };
      }),
    ]),
  );
}

function directoriesOf(writable: Container["writable"]): readonly string[] {
  return (writable ?? defaultWritable).toSorted();
}
