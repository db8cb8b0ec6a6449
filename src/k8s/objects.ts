import type { V1ObjectMeta } from "@kubernetes/client-node";

/**
 * A client-node model as it really travels. docc reads the JSON itself, so every field that the
 * models declare as `Date` (or `V1MicroTime`) is the string that the API server wrote.
 */
export type Wire<T> = unknown extends T
  ? T
  : T extends Date
    ? string
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

type ObjectMeta = Wire<V1ObjectMeta>;

/** What every Kubernetes object has, on its way to the API server. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** An object of a kind whose content docc does not read here. */
export interface OpaqueObject extends KubeObject {
  spec?: unknown;
  status?: unknown;
}

/**
 * An object as the API server answered it: it has an identity. `resourceVersion` is the empty
 * string, as in Go, only in the answer to a dry run that would create the object.
 */
export type Stored<T extends KubeObject> = T & {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string; uid: string; resourceVersion: string };
};

/** Names one object; `namespace` is required for namespaced kinds and refused for the others. */
export interface Ref {
  readonly namespace?: string;
  readonly name: string;
}

/** A page of a list. `first` is true for page one, also after a restart: forget what came before. */
export interface Page<T extends KubeObject> {
  readonly first: boolean;
  readonly items: readonly Stored<T>[];
  /** Where a watch that continues this list begins. */
  readonly resourceVersion: string;
}

/** One line of a watch. A bookmark only moves the resource version forward. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: "added" | "modified" | "deleted"; readonly object: Stored<T> }
  | { readonly type: "bookmark"; readonly resourceVersion: string };
