import { DoccError } from "../errors.ts";
import { parseAnswer, storedObject } from "./answers.ts";
import { type CallOptions, createCall } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { badAnswerError, isKubeError, type Operation } from "./errors.ts";
import { apiVersionOf, describe, type Kind, kindOf, type Place, pathOf } from "./kinds.ts";
import { listAll, type ListOptions, listPages } from "./lists.ts";
import { defaultLogBytes, followLogs, type LogOptions, logRequest } from "./logs.ts";
import type { KubeObject, Page, Ref, Stored, WatchEvent } from "./objects.ts";
import { isRecord, secretsIn } from "./redact.ts";
import { exchange, type HttpRequest } from "./transport.ts";
import { watch, type WatchOptions } from "./watch.ts";

export type { CallOptions } from "./calls.ts";
export type { ListOptions } from "./lists.ts";
export type { LogOptions } from "./logs.ts";
export type { WatchOptions } from "./watch.ts";

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string;
  /** The API server does everything but store the object. */
  readonly dryRun?: boolean;
  /** "Strict", the default, refuses unknown and doubled fields. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

export interface UpdateOptions extends WriteOptions {
  readonly subresource?: "status";
}

export interface ApplyOptions extends UpdateOptions {
  readonly fieldManager: string;
  /** Takes over fields that other managers own, instead of an `apply-conflict`. */
  readonly force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  /** Deletes only this very object: another of the same name is a `conflict`. */
  readonly uid?: string;
  readonly resourceVersion?: string;
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
  followLogs(ref: Ref, options?: LogOptions): AsyncGenerator<string, void, undefined>;
  version(options?: CallOptions): Promise<Version>;
  /** True when the API server says that it can serve; asks once. */
  ready(options?: CallOptions): Promise<boolean>;
}

export function createApi(connection: Connection): KubeApi {
  const call = createCall(connection);

  async function read<T extends KubeObject>(
    kind: Kind<T>,
    ref: Ref,
    options: CallOptions = {},
  ): Promise<Stored<T>> {
    const operation = { name: `get ${describe(kind, ref)}`, writes: false };
    const path = pathOf(kind, ref);
    const answer = await call({ operation, method: "GET", path }, options);
    return storedObject(operation, kind, parseAnswer(operation, answer), keepAll);
  }

  async function write<T extends KubeObject>(
    kind: Kind<T>,
    place: Place,
    body: unknown,
    how: Pick<HttpRequest, "method" | "contentType"> & { readonly verb: string },
    options: WriteOptions & { readonly force?: boolean } = {},
  ): Promise<Stored<T>> {
    const operation: Operation = {
      name: `${how.verb} ${describe(kind, place)}`,
      writes: options.dryRun !== true,
      secrets: () => secretsIn(body),
    };
    const query = {
      fieldManager: options.fieldManager,
      fieldValidation: options.fieldValidation ?? "Strict",
      force: options.force,
      dryRun: options.dryRun === true ? "All" : undefined,
    };
    const { method, contentType } = how;
    const request = { operation, method, contentType, path: pathOf(kind, place), query, body };
    const answer = await call(request, options);
    return storedObject(operation, kind, parseAnswer(operation, answer), keepAll);
  }

  return {
    get: read,
    async find(kind, ref, options) {
      try {
        return await read(kind, ref, options);
      } catch (error) {
        if (isKubeError(error, "not-found")) {
          return undefined;
        }
        throw error;
      }
    },
    list: (kind, options) => listPages(call, kind, options),
    listAll: async (kind, options) => listAll(call, kind, options),
    watch: (kind, options) => watch(connection, kind, options),
    async create(kind, object, options) {
      const place = collectionOf(object.metadata);
      return write(kind, place, typed(kind, object), { verb: "create", method: "POST" }, options);
    },
    async replace(kind, object, options) {
      const place = placeOf(object.metadata, options?.subresource);
      if (object.metadata.resourceVersion === "") {
        throw new DoccError("bad-input", "A replacement needs the resource version that was read.");
      }
      return write(kind, place, typed(kind, object), { verb: "replace", method: "PUT" }, options);
    },
    async apply<T extends KubeObject>(object: T, options: ApplyOptions) {
      const kind = kindOf(object.apiVersion ?? "", object.kind ?? "") as Kind<T> | undefined;
      if (kind === undefined) {
        throw new DoccError(
          "bad-input",
          `docc applies no objects of kind ${object.kind ?? "none"}.`,
        );
      }
      const place = placeOf(object.metadata, options.subresource);
      // JSON is YAML: https://yaml.org/spec/1.2.2/#12-yaml-history
      const contentType = "application/apply-patch+yaml";
      return write(kind, place, object, { verb: "apply", method: "PATCH", contentType }, options);
    },
    async patch(kind, ref, patch, options) {
      const place = placeOf(ref, options?.subresource);
      const contentType = "application/merge-patch+json";
      return write(kind, place, patch, { verb: "patch", method: "PATCH", contentType }, options);
    },
    async delete(kind, ref, options = {}) {
      const { uid, resourceVersion, propagationPolicy, dryRun } = options;
      const request = {
        operation: { name: `delete ${describe(kind, ref)}`, writes: dryRun !== true },
        method: "DELETE",
        path: pathOf(kind, ref),
        body: {
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions: { uid, resourceVersion },
          propagationPolicy,
          dryRun: dryRun === true ? ["All"] : undefined,
        },
      } as const;
      await call(request, options);
    },
    async readLogs(ref, options = {}) {
      const request = logRequest(ref, options, false);
      return (await call(request, options, options.limitBytes ?? defaultLogBytes)).text;
    },
    followLogs: (ref, options = {}) => followLogs(connection, ref, options),
    async version(options = {}) {
      const operation = { name: "ask for the version", writes: false };
      const answer = await call({ operation, method: "GET", path: "/version" }, options);
      const version = parseAnswer(operation, answer);
      const gitVersion = isRecord(version) ? version["gitVersion"] : undefined;
      if (typeof gitVersion !== "string") {
        throw badAnswerError(operation, "something that is not a version");
      }
      return { gitVersion };
    },
    async ready(options = {}) {
      const operation = { name: "ask for readiness", writes: false };
      const request = {
        operation,
        method: "GET",
        path: "/readyz",
        signal: options.signal,
      } as const;
      try {
        await exchange(connection, request, {
          timeoutMs: connection.requestTimeoutMs,
          bytes: 1024,
        });
        return true;
      } catch (error) {
        if (isKubeError(error)) {
          return false;
        }
        throw error;
      }
    },
  };
}

const keepAll = { keepManagedFields: true };

/** The object with the kind that the API server wants to read in it. */
function typed<T extends KubeObject>(kind: Kind<T>, object: T): T {
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
}

function collectionOf(metadata: KubeObject["metadata"]): Place {
  return metadata?.namespace === undefined ? {} : { namespace: metadata.namespace };
}

function placeOf(metadata: KubeObject["metadata"] | Ref, subresource?: string): Place {
  if (metadata?.name === undefined) {
    throw new DoccError("bad-input", "The object has no name.");
  }
  const { name, namespace } = metadata;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
