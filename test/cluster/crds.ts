import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import type { ApiClient, KubernetesObject } from "./api-client.ts";

interface CustomResourceDefinition extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

const collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** docc's own definitions, if the tree has them. */
export async function doccCrds(): Promise<string[]> {
  const folder = path.join(import.meta.dirname, "..", "..", "deploy", "crds");
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => path.join(folder, name));
}

/** Applies every definition in one file; the names of what was applied come back. */
export async function installCrds(api: ApiClient, file: string): Promise<string[]> {
  const documents = parseAllDocuments(await readFile(file, "utf8"));
  const definitions = documents.map((document): unknown => document.toJS()).filter(isDefinition);
  for (const definition of definitions) {
    await api.request("PATCH", `${collection}/${definition.metadata.name}?fieldManager=rig`, {
      body: definition,
      contentType: "application/apply-patch+yaml",
    });
  }
  return definitions.map((definition) => definition.metadata.name);
}

/** Whether the server serves the definition's kind by now. */
export async function isEstablished(api: ApiClient, name: string): Promise<boolean> {
  const definition = await api.request<CustomResourceDefinition>("GET", `${collection}/${name}`);
  return (definition.status?.conditions ?? []).some(
    (condition) => condition.type === "Established" && condition.status === "True",
  );
}

function isDefinition(document: unknown): document is CustomResourceDefinition {
  return (
    typeof document === "object" &&
    document !== null &&
    "kind" in document &&
    document.kind === "CustomResourceDefinition"
  );
}
