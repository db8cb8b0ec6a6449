import {
  publishedKey,
  publishedName,
  type PublishedEnvironments,
  publishedText,
  readPublished,
} from "../release/published.ts";
import type { KubeApi } from "./api.ts";
import { isKubeError } from "./errors.ts";
import { configMaps } from "./kinds.ts";

/** Says of the environments what docc.yaml says, for terminals; the same again changes nothing. */
export async function publish(
  api: Pick<KubeApi, "apply">,
  namespace: string,
  environments: PublishedEnvironments,
): Promise<void> {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: publishedName,
      namespace,
      labels: { "app.kubernetes.io/part-of": "docc" },
    },
    data: { [publishedKey]: publishedText(environments) },
  };
  await api.apply(object, { fieldManager: "docc", force: true });
}

/** @returns none where docc has published none, or they cannot be read: nothing depends on them */
export async function readPublishedAt(
  api: Pick<KubeApi, "find">,
  namespace: string,
): Promise<PublishedEnvironments> {
  try {
    const found = await api.find(configMaps, { namespace, name: publishedName });
    return readPublished(found?.data?.[publishedKey]);
  } catch (error) {
    if (isKubeError(error)) return new Map();
    throw error;
  }
}
