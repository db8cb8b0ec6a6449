import type { ObjectMeta } from "./objects.ts";
import type { Platform } from "../platform.ts";

/**
 * What a Deployment's pods are found by. A selector is immutable, so it has only what never changes
 * for an application: kubernetes.io, "Recommended Labels".
 */
export function selectorLabels(application: string): Record<string, string> {
  return {
    "app.kubernetes.io/instance": application,
    "app.kubernetes.io/name": application,
  };
}

/** The labels by which an application's objects and pods are grouped. */
export function labelsOf(application: string, { environment }: Platform): Record<string, string> {
  return {
    ...selectorLabels(application),
    "app.kubernetes.io/managed-by": "docc",
    "docc.dev/environment": environment,
  };
}

export function metaOf(
  name: string,
  application: string,
  platform: Platform,
  annotations: Readonly<Record<string, string>> = {},
): ObjectMeta {
  const meta = { name, namespace: platform.namespace, labels: labelsOf(application, platform) };
  return Object.keys(annotations).length === 0 ? meta : { ...meta, annotations };
}
