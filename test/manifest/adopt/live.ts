import type { ApplicationObject } from "../../../src/manifest/objects/objects.ts";
import { adopt, type Adoption, belongings } from "../../../src/manifest/adopt/adopt.ts";
import { parseManifest } from "../../../src/manifest/parse.ts";
import { defaultPlatform, type Platform } from "../../../src/manifest/platform.ts";
import type { Manifest } from "../../../src/manifest/schema/manifest.ts";
import { translate } from "../../../src/manifest/translate.ts";

/** Adopts a list of objects, of which one is the Deployment and the others what may belong to it. */
export function adoptAll(
  objects: readonly { readonly kind: string }[],
  platform: Platform = defaultPlatform,
): Adoption {
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const others = objects.filter((each) => each !== deployment);
  return adopt(deployment, belongings(deployment, others), {
    platform,
    maintainer: "team@corp.example.com",
  });
}

/** docc's objects for what was adopted. */
export function again(
  { manifest }: Adoption,
  platform: Platform = defaultPlatform,
): readonly ApplicationObject[] {
  return translate(checked(JSON.stringify(manifest), platform), platform);
}

/** @throws with the findings unless the text is a manifest */
export function checked(text: string, platform: Platform = defaultPlatform): Manifest {
  const { manifest, findings } = parseManifest(text, { platform });
  if (manifest === undefined) {
    throw new Error(`${text}\n${JSON.stringify(findings, undefined, 2)}`);
  }
  return manifest;
}
