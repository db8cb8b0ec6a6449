import { needsCertificate } from "../objects/names.ts";
import type { Problem } from "../problem.ts";
import type { Manifest } from "../schema/manifest.ts";

/** What the owner of a valid manifest should know. */
export function warningsOf(manifest: Manifest): Problem[] {
  return [...singleReplica(manifest), ...mutableTags(manifest), ...unusedAutoTls(manifest)];
}

function singleReplica({ scale, ingresses }: Manifest): readonly Problem[] {
  const isReached = Object.keys(ingresses).length > 0;
  return isReached && scale === 1
    ? [
        {
          code: "single-replica",
          message:
            "Traffic from outside reaches a single replica: each deploy or node loss is felt.",
          hint: "Take a scale of 2 or more.",
          path: ["scale"],
        },
      ]
    : [];
}

function mutableTags({ containers }: Manifest): readonly Problem[] {
  return Object.entries(containers)
    .filter(([, { image_tag: tag }]) => tag === "latest")
    .map(([name]) => ({
      code: "mutable-tag",
      message: 'The tag "latest" can mean another image at every start of a pod.',
      hint: "Name one build, so that a rollback finds it again.",
      path: ["containers", name, "image_tag"],
    }));
}

function unusedAutoTls({ auto_tls: isOn, ingresses }: Manifest): readonly Problem[] {
  const isUsed = Object.values(ingresses).some(({ scheme }) => needsCertificate(scheme));
  return isOn && !isUsed
    ? [
        {
          code: "unused-auto-tls",
          message: "auto_tls is on, and no ingress has the scheme https or tls.",
          hint: "Change a scheme, or remove auto_tls.",
          path: ["auto_tls"],
        },
      ]
    : [];
}
