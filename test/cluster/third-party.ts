import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** Somebody else's CustomResourceDefinitions that docc's objects refer to, pinned by a Go module. */
export interface CrdModule {
  /** The folder with the module's pin; nothing of theirs is copied into the repository. */
  readonly pin: string;
  /** The definitions' folder inside the module. */
  readonly source: string;
  readonly files: readonly string[];
}

export const certManager: CrdModule = {
  pin: path.join(import.meta.dirname, "cert-manager"),
  source: "deploy/crds",
  files: ["cert-manager.io_certificates.yaml"],
};

/** The standard channel, whose kinds docc applies at v1: https://gateway-api.sigs.k8s.io/concepts/versioning/ */
const gatewayApi: CrdModule = {
  pin: path.join(import.meta.dirname, "gateway-api"),
  source: "config/crd/standard",
  files: [
    "gatewayclasses",
    "gateways",
    "httproutes",
    "listenersets",
    "referencegrants",
    "tlsroutes",
  ].map((plural) => `gateway.networking.k8s.io_${plural}.yaml`),
};

export const crdModules: readonly CrdModule[] = [certManager, gatewayApi];

export const crdFiles: readonly string[] = crdModules.flatMap(({ files }) => files);

/** What a module pins, as bytes to hash: another version or checksum is another text. */
export async function pinsOf(folder: string): Promise<string> {
  const files = ["go.mod", "go.sum"].map((file) => readFile(path.join(folder, file), "utf8"));
  return (await Promise.all(files)).join("");
}

/** Sixteen hex digits over the parts. */
export function keyOf(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}
