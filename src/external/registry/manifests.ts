import { createHash } from "node:crypto";
import { digestPattern } from "../../manifest/schema/image.ts";
import { RegistryFailure, statusFailure } from "./failure.ts";
import type { Answer } from "./http.ts";
import { membersOf } from "./json.ts";
import type { Session } from "./session.ts";

/** An image for several processors first: its digest is the one that all nodes can use. */
const accept = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Registries must take manifests of 4 MiB: distribution-spec, "Pushing Manifests". */
const mostBytes = 4 * 1_024 * 1_024;

/**
 * The digest of a tag, or of a digest the digest itself. HEAD costs nothing of Docker Hub's pull quota;
 * a registry that does not tell the digest there is asked for the manifest, whose bytes are the truth.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 *
 * @param reference tag or digest
 * @returns undefined when the registry has no such manifest
 * @throws RegistryFailure
 */
export async function findDigest(session: Session, reference: string): Promise<string | undefined> {
  const path = `manifests/${reference}`;
  const head = await session.ask("HEAD", path, { accept, mostBytes });
  if (head.status === 404) return undefined;
  const told = head.status === 200 ? toldDigest(head) : undefined;
  if (told !== undefined) return fitting(told, reference);
  if (head.status === 429 || head.status >= 500) throw statusFailure(head.status);
  const answer = await session.ask("GET", path, { accept, mostBytes });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw statusFailure(answer.status);
  return fitting(contentDigest(answer), reference);
}

function toldDigest(answer: Answer): string | undefined {
  const told = answer.header("docker-content-digest") ?? "";
  return digestPattern.test(told) ? told : undefined;
}

/** A sign-in page with status 200 has a hash, too: only a manifest counts. */
function contentDigest(answer: Answer): string {
  if (membersOf(answer.body)["schemaVersion"] !== 2) {
    throw new RegistryFailure("answers with something that is no image manifest");
  }
  const digest = `sha256:${createHash("sha256").update(answer.body).digest("hex")}`;
  return fitting(toldDigest(answer) ?? digest, digest);
}

/** @param wanted a digest that `digest` must equal; a tag may have any */
function fitting(digest: string, wanted: string): string {
  if (digestPattern.test(wanted) && digest !== wanted) {
    throw new RegistryFailure("answers with another digest than its content has");
  }
  return digest;
}
