import type { Platform } from "../platform.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { ObjectMeta } from "./objects.ts";

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
export function labelsOf(
  { application, team }: Pick<Manifest, "application" | "team">,
  { environment }: Platform,
): Record<string, string> {
  return {
    ...selectorLabels(application),
    "app.kubernetes.io/managed-by": "docc",
    "docc.dev/environment": environment,
    ...(team === undefined ? {} : { "docc.dev/team": team }),
  };
}

/**
 * The recommended label for the version: the tag, where all containers have one and it is a label's
 * value. Only what runs the image has it, so that a new tag changes nothing else.
 */
export function versionLabel({ containers }: Manifest): Record<string, string> {
  const [tag, ...others] = new Set(Object.values(containers).map(({ image_tag: each }) => each));
  return tag !== undefined && others.length === 0 && isLabelValue(tag)
    ? { "app.kubernetes.io/version": tag }
    : {};
}

/** kubernetes.io, "Labels and Selectors"; tags may be longer and end otherwise. */
function isLabelValue(text: string): boolean {
  return /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/u.test(text);
}

export function metaOf(
  name: string,
  manifest: Pick<Manifest, "application" | "team">,
  platform: Platform,
  annotations: Readonly<Record<string, string>> = {},
): ObjectMeta {
  const meta = { name, namespace: platform.namespace, labels: labelsOf(manifest, platform) };
  return Object.keys(annotations).length === 0 ? meta : { ...meta, annotations };
}
