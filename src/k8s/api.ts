import type { Actor } from "./actor.ts";
import { type CallOptions, createCall } from "./calls.ts";
import type { Connection } from "./connection.ts";
import type { Kind } from "./kinds.ts";
import type { ListOptions } from "./lists.ts";
import { type LogOptions, streamLogs } from "./logs.ts";
import type { KubeObject, Page, Ref, Stored, WatchEvent } from "./objects.ts";
import { createReads, isReady } from "./reads.ts";
import { watch, type WatchOptions } from "./watch.ts";
import { createWrites } from "./writes.ts";

export type { ListOptions } from "./lists.ts";

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string;
  /** The API server does everything but store the object. */
  readonly dryRun?: boolean;
  /** In whose name; docc's own unless given. */
  readonly as?: Actor | undefined;
  /** "Strict", the default, refuses unknown and doubled fields. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

interface UpdateOptions extends WriteOptions {
  readonly subresource?: "status";
}

interface ApplyOptions extends UpdateOptions {
  readonly fieldManager: string;
  /** Takes over fields that other managers own, instead of an `apply-conflict`. */
  readonly force?: boolean;
}

interface DeleteOptions extends CallOptions {
  /** Deletes only this very object: another of the same name is a `conflict`. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly as?: Actor | undefined;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly dryRun?: boolean;
}

/** A new state for an object whose last state was read: its resource version is the fence. */
export type Replacement<T extends KubeObject> = T & {
  metadata: { name: string; resourceVersion: string };
};

export interface Version {
  /** `v1.35.4`. */
  readonly gitVersion: string;
}

/**
 * docc's view of one API server. Every request has a deadline and throws a {@link KubeError} (or the
 * reason of the signal that aborted it). Reads and dry runs are repeated with back-off when the
 * cluster is unavailable, slow or asks to wait; writes only when they certainly were not done.
 */
export interface KubeApi {
  get<T extends KubeObject>(kind: Kind<T>, ref: Ref, options?: CallOptions): Promise<Stored<T>>;
  /** Undefined when the object is not there; a kind that is not served still throws. */
  find<T extends KubeObject>(
    kind: Kind<T>,
    ref: Ref,
    options?: CallOptions,
  ): Promise<Stored<T> | undefined>;
  /** Pages of one consistent list; begins anew (`first`) when its token expires on the way. */
  list<T extends KubeObject>(
    kind: Kind<T>,
    options?: ListOptions,
  ): AsyncGenerator<Page<T>, void, undefined>;
  listAll<T extends KubeObject>(
    kind: Kind<T>,
    options?: ListOptions,
  ): Promise<{ readonly items: readonly Stored<T>[]; readonly resourceVersion: string }>;
  /** One watch; {@link reflect} is what keeps a copy up to date. */
  watch<T extends KubeObject>(
    kind: Kind<T>,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>, void, undefined>;
  create<T extends KubeObject>(
    kind: Kind<T>,
    object: T,
    options?: WriteOptions,
  ): Promise<Stored<T>>;
  /** PUT: `conflict` when the object changed since it was read. */
  replace<T extends KubeObject>(
    kind: Kind<T>,
    object: Replacement<T>,
    options?: UpdateOptions,
  ): Promise<Stored<T>>;
  /**
   * Server-side apply. A uid in the object lets it only change that very object, and a resource
   * version only that very state: else `conflict`.
   * https://kubernetes.io/docs/reference/using-api/server-side-apply/
   */
  apply<T extends KubeObject>(object: T, options: ApplyOptions): Promise<Stored<T>>;
  /** JSON merge patch (RFC 7386): null removes a field, lists are replaced. */
  patch<T extends KubeObject>(
    kind: Kind<T>,
    ref: Ref,
    patch: Readonly<Record<string, unknown>>,
    options?: UpdateOptions,
  ): Promise<Stored<T>>;
  delete(kind: Kind, ref: Ref, options?: DeleteOptions): Promise<void>;
  readLogs(ref: Ref, options?: LogOptions): Promise<string>;
  /** The lines that are there now, as they come and each at most 64 KiB: for more than fits the memory. */
  streamLogs(ref: Ref, options?: LogOptions): AsyncGenerator<string, void, undefined>;
  followLogs(ref: Ref, options?: LogOptions): AsyncGenerator<string, void, undefined>;
  version(options?: CallOptions): Promise<Version>;
  /** True when the API server says that it can serve; asks once. */
  ready(options?: CallOptions): Promise<boolean>;
}

interface ApiOptions {
  /**
   * Asked before every attempt of a write, after all waiting and at the last moment before it leaves;
   * dry runs are none. What it throws refuses the write: so a leader of yesterday is kept from acting.
   */
  readonly mayWrite?: () => void;
}

export function createApi(connection: Connection, { mayWrite }: ApiOptions = {}): KubeApi {
  const call = createCall(connection, mayWrite);
  return {
    ...createReads(call),
    ...createWrites(call),
    watch: (kind, options) => watch(connection, kind, options),
    streamLogs: (ref, options = {}) => streamLogs(connection, ref, options, false),
    followLogs: (ref, options = {}) => streamLogs(connection, ref, options, true),
    ready: async (options = {}) => isReady(connection, options),
  };
}
