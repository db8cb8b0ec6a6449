import { sorted } from "./canonical.ts";
import type { KubernetesObject } from "./objects/objects.ts";

/** What a Deployment says about how it came to be, for `kubectl describe` and for drift. */
export interface Stamps {
  /** Name of the Release. */
  readonly release: string;
  /** The application's revision in its environment, from 1. */
  readonly revision: number;
  readonly requester: string;
  readonly maintainer: string;
  /** Where it is told, when somewhere. */
  readonly thread?: string;
  /** The manifest as canonical JSON. */
  readonly manifest: string;
}

/**
 * The same objects with the stamps as annotations of the Deployment. The pod template has none: a
 * stamp must never cause a rollout.
 */
export function stamp<Kind extends KubernetesObject>(
  objects: readonly Kind[],
  stamps: Stamps,
): readonly Kind[] {
  return objects.map((object) =>
    object.kind === "Deployment" ? sorted(stamped(object, annotationsOf(stamps))) : object,
  );
}

function stamped<Kind extends KubernetesObject>(
  object: Kind,
  annotations: Readonly<Record<string, string>>,
): Kind {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
  };
}

/** Bytes; all annotations of an object may have 256 KiB together. */
const LONGEST_MANIFEST = 128 * 1024;

function annotationsOf(stamps: Stamps): Readonly<Record<string, string>> {
  const { release, revision, requester, maintainer, thread, manifest } = stamps;
  return {
    "docc.dev/release": release,
    "docc.dev/revision": String(revision),
    "docc.dev/requester": requester,
    "docc.dev/maintainer": maintainer,
    ...(thread === undefined ? {} : { "docc.dev/thread": thread }),
    // A larger one stands in the Release alone.
    ...(new TextEncoder().encode(manifest).length > LONGEST_MANIFEST
      ? {}
      : { "docc.dev/manifest": manifest }),
    // kubectl rollout history shows it.
    "kubernetes.io/change-cause": `docc revision ${revision} by ${requester}`,
  };
}
