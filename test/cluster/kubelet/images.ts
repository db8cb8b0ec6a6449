import { createHash } from "node:crypto";
import type { SandboxImage } from "../../../sandbox/images.ts";

/** `sha256:…` of an image in the rigs' imaginary registry: derived from its reference alone. */
export function imageDigest(reference: string): string {
  return `sha256:${createHash("sha256").update(reference).digest("hex")}`;
}

/**
 * Finds an image by `repository:tag`, `repository:tag@digest` or `repository@digest`. A digest that
 * is not the image's own finds nothing.
 */
export function findImage(
  images: readonly SandboxImage[],
  reference: string,
): SandboxImage | undefined {
  const [tagged = "", digest] = reference.split("@");
  return images.find((image) => {
    if (digest !== undefined && digest !== imageDigest(image.reference)) return false;
    return tagged === image.reference || (digest !== undefined && tagged === repository(image));
  });
}

/** Whether the reference is one a kubelet would even try (a rough form of distribution's grammar). */
export function isValidReference(reference: string): boolean {
  return /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/.test(
    reference,
  );
}

function repository(image: SandboxImage): string {
  return image.reference.slice(0, image.reference.lastIndexOf(":"));
}
