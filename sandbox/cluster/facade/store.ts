import type { Etcd, EtcdEntry } from "../webernetes.ts";
import { isObject, type Json, type JsonObject, type KubeObject } from "./json.ts";
import { type Resource, groupVersion } from "./resources.ts";
import { expired } from "./status.ts";

/** One page of a list, read at one revision. */
export interface Page {
  readonly items: readonly KubeObject[];
  readonly revision: number;
}

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
  readonly revision: number;
}

/** Fields that hold `metav1.Time`: whole seconds on the wire, while webernetes writes milliseconds. */
const secondTimes = new Set([
  "creationTimestamp",
  "deletionTimestamp",
  "lastTransitionTime",
  "lastUpdateTime",
  "lastProbeTime",
  "lastHeartbeatTime",
  "startTime",
  "startedAt",
  "finishedAt",
  "firstTimestamp",
  "lastTimestamp",
]);

const withMilliseconds = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z$/;

/** webernetes prints "back-off 10000ms restarting", a kubelet "back-off 10s restarting". */
const backOff = /^back-off (\d+)ms (?=restarting)/;

/** A duration as Go prints it, from whole seconds: `10s`, `2m40s`, `5m0s`. */
function goDuration(ms: number): string {
  const total = Math.round(ms / 1_000);
  return total < 60 ? `${total}s` : `${Math.floor(total / 60)}m${total % 60}s`;
}

/** A container runtime says why a container ended; webernetes' gives the exit code only. */
function withReason(terminated: JsonObject): JsonObject {
  const { exitCode } = terminated;
  if (typeof exitCode !== "number" || terminated["reason"] !== undefined) return terminated;
  return { ...terminated, reason: exitCode === 0 ? "Completed" : "Error" };
}

/** Reads a stored object, mending what webernetes writes differently from Kubernetes. */
function parse(value: Uint8Array): Json {
  return JSON.parse(Buffer.from(value).toString(), (key, inner: Json): Json => {
    if (key === "terminated" && isObject(inner)) return withReason(inner);
    if (typeof inner !== "string") return inner;
    if (secondTimes.has(key)) return inner.replace(withMilliseconds, "$1Z");
    if (key === "message")
      return inner.replace(backOff, (_, ms) => `back-off ${goDuration(Number(ms))} `);
    return inner;
  }) as Json;
}

function objectOf(
  entry: EtcdEntry,
  resource: Resource,
  revision: string = entry.mod_revision,
): KubeObject {
  const parsed = parse(entry.value);
  if (!isObject(parsed) || !isObject(parsed["metadata"]))
    throw new Error("the store holds something that is no object");
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = parsed;
  return {
    apiVersion: groupVersion(resource),
    kind: resource.kind,
    // Everything in the store went through a create, which demands a name.
    metadata: { ...(metadata as KubeObject["metadata"]), resourceVersion: revision },
    ...rest,
  };
}

/**
 * The API server's storage: objects as JSON in webernetes' own etcd, under the keys its controllers
 * use, so that both count one resourceVersion and see each other's writes.
 */
export class Store {
  readonly #etcd: Etcd;

  constructor(etcd: Etcd) {
    this.#etcd = etcd;
  }

  static #prefix(resource: Resource, namespace: string | undefined): string {
    const folder = `/registry/${resource.folder}/`;
    return namespace === undefined || !resource.namespaced ? folder : `${folder}${namespace}/`;
  }

  static #key(resource: Resource, namespace: string | undefined, name: string): string {
    return Store.#prefix(resource, namespace ?? "default") + name;
  }

  async get(
    resource: Resource,
    namespace: string | undefined,
    name: string,
  ): Promise<KubeObject | undefined> {
    const { kvs } = await this.#etcd.get(Store.#key(resource, namespace, name)).exec();
    return kvs[0] === undefined ? undefined : objectOf(kvs[0], resource);
  }

  async revision(): Promise<number> {
    const { header } = await this.#etcd.get("/registry/none").exec();
    return Number(header.revision);
  }

  /** Every object of a kind, now or as of an earlier revision; 410 when that is compacted. */
  async list(resource: Resource, namespace: string | undefined, revision?: number): Promise<Page> {
    const query = this.#etcd.getAll().prefix(Store.#prefix(resource, namespace));
    try {
      const range = await (revision === undefined ? query : query.revision(revision)).exec();
      return {
        items: range.kvs.map((entry) => objectOf(entry, resource)),
        revision: revision ?? Number(range.header.revision),
      };
    } catch (error) {
      throw revision === undefined ? error : staleRevision(error, revision);
    }
  }

  /** Stores a new object; undefined when the name is taken. */
  async create(resource: Resource, object: KubeObject): Promise<KubeObject | undefined> {
    const key = Store.#key(resource, object.metadata.namespace, object.metadata.name);
    const put = this.#etcd.put(key).value(serialize(object));
    const { succeeded, header } = await this.#etcd.if(key, "Version", "==", 0).then(put).commit();
    return succeeded ? withRevision(object, header.revision) : undefined;
  }

  /** Replaces the object as of `revision`; undefined when it changed meanwhile. */
  async update(
    resource: Resource,
    object: KubeObject,
    revision: string,
  ): Promise<KubeObject | undefined> {
    const key = Store.#key(resource, object.metadata.namespace, object.metadata.name);
    const put = this.#etcd.put(key).value(serialize(object));
    const { succeeded, header } = await this.#etcd
      .if(key, "Mod", "==", Number(revision))
      .then(put)
      .commit();
    return succeeded ? withRevision(object, header.revision) : undefined;
  }

  /** Deletes the object as of `revision`; undefined when it changed meanwhile. */
  async delete(
    resource: Resource,
    object: KubeObject,
    revision: string,
  ): Promise<string | undefined> {
    const key = Store.#key(resource, object.metadata.namespace, object.metadata.name);
    const { succeeded, header } = await this.#etcd
      .if(key, "Mod", "==", Number(revision))
      .then(this.#etcd.delete().key(key))
      .commit();
    return succeeded ? header.revision : undefined;
  }

  /** Throws 410 when changes after `revision` are no longer all known. */
  async assertKnown(revision: number): Promise<void> {
    const now = await this.revision();
    if (revision >= now) return;
    try {
      await this.#etcd
        .getAll()
        .prefix("/registry/none/")
        .revision(revision + 1)
        .exec();
    } catch (error) {
      throw staleRevision(error, revision, now);
    }
  }

  /** Every change after `revision`, in order; returns what stops it. */
  watch(
    resource: Resource,
    namespace: string | undefined,
    revision: number,
    onChange: (change: Change) => void,
    onGone: () => void,
  ): () => void {
    const watcher = this.#etcd
      .watch()
      .prefix(Store.#prefix(resource, namespace))
      .withPreviousKV()
      .startRevision(String(revision + 1))
      .watcher();
    watcher.on("put", (entry, previous) => {
      const before = previous ? objectOf(previous, resource) : undefined;
      const type = before === undefined ? "ADDED" : "MODIFIED";
      onChange({
        type,
        object: objectOf(entry, resource),
        before,
        revision: Number(entry.mod_revision),
      });
    });
    watcher.on("delete", (entry) => {
      const object = objectOf(entry, resource);
      onChange({ type: "DELETED", object, before: object, revision: Number(entry.mod_revision) });
    });
    watcher.on("error", onGone);
    return () => void watcher.cancel();
  }

  /** Forgets all history: every older resourceVersion becomes 410 Gone. */
  async compact(): Promise<void> {
    await this.#etcd.kv.compact({ revision: await this.revision() });
  }
}

function serialize(object: KubeObject): string {
  const { resourceVersion: _revision, ...metadata } = object.metadata;
  return JSON.stringify({ ...object, metadata });
}

const withRevision = (object: KubeObject, revision: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: revision },
});

function staleRevision(error: unknown, revision: number, now?: number): unknown {
  if (!(error instanceof Error) || !error.message.includes("compacted")) return error;
  const range = now === undefined ? `${revision}` : `${revision} (${now})`;
  return expired(`too old resource version: ${range}`);
}
