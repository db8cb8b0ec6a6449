import type { Clock } from "../../../src/clock.ts";
import { applicable, checkApplied, refused } from "./applied.ts";
import { withApply, withUpdate, type Writer } from "./apply/managed.ts";
import type { Backend } from "./backend.ts";
import { type Catalogue, established } from "./definitions.ts";
import { Deletion } from "./deletion.ts";
import type { Json, KubeObject } from "./json.ts";
import { groupKind, groupVersion, type Resource } from "./resources.ts";
import {
  ApiError,
  alreadyExists,
  conflict,
  forbidden,
  invalid,
  notFound,
  stale,
  unconditional,
} from "./status.ts";
import type { Store } from "./store.ts";
import {
  born,
  checkPreconditions,
  named,
  received,
  type Subresource,
  succeeded,
  timeOf,
  unchanged,
  validate,
} from "./write.ts";

/** The place of an object in the API. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: Subresource | undefined;
}

export interface WriteOptions {
  readonly fieldManager: string;
  /** `dryRun=All`: everything but the storing. */
  readonly dryRun: boolean;
}

export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
}

/** Retries of a patch whose object changed underneath, as the API server's five. */
const patchAttempts = 5;

/** What an API server does between the request and the store. */
export class Rest {
  readonly #store: Store;
  readonly #backend: Backend;
  readonly #catalogue: Catalogue;
  readonly #clock: Clock;
  readonly #deletion: Deletion;

  constructor(store: Store, backend: Backend, catalogue: Catalogue, clock: Clock) {
    this.#store = store;
    this.#backend = backend;
    this.#catalogue = catalogue;
    this.#clock = clock;
    this.#deletion = new Deletion(store, backend, catalogue, clock);
  }

  async get({ resource, namespace, name }: Target): Promise<KubeObject> {
    const object = await this.#store.get(resource, namespace, name);
    if (object === undefined) throw notFound(resource, name);
    return object;
  }

  async create(
    resource: Resource,
    namespace: string | undefined,
    body: Json,
    options: WriteOptions,
  ): Promise<KubeObject> {
    const sent = named(received(body, resource, namespace));
    if (sent.metadata.resourceVersion !== undefined && sent.metadata.resourceVersion !== "") {
      throw new ApiError(
        "InternalError",
        "resourceVersion should not be set on objects to be created",
      );
    }
    if (sent.metadata.name === "") {
      const message = "Required value: name or generateName is required";
      throw invalid(resource, "", [
        { reason: "FieldValueRequired", message, field: "metadata.name" },
      ]);
    }
    const object = born(sent, resource, this.#time());
    const { status, ...rest } = object;
    const { apiVersion, kind, metadata } = object;
    const sentPart = resource.hasStatus ? { ...rest, apiVersion, kind, metadata } : object;
    const writer = this.#writer(resource, options, "Update");
    const owned = withUpdate(undefined, sentPart, writer, resource.structure, kindOf(resource));
    return this.#insert(
      resource,
      { ...owned, ...(status === undefined ? {} : { status }) },
      options,
    );
  }

  async update(target: Target, body: Json, options: WriteOptions): Promise<Written> {
    const { resource, namespace, subresource } = target;
    const sent = received(body, resource, namespace);
    const fixed =
      sent.metadata.resourceVersion !== undefined && sent.metadata.resourceVersion !== "";
    if (!fixed && (!resource.builtin || resource.kind === "Lease")) {
      throw unconditional(resource, target.name);
    }
    return this.#retry(target, fixed ? 1 : patchAttempts, async (live) => {
      checkPreconditions(sent, live, resource, "put");
      return this.#replace(
        live,
        sent,
        target,
        this.#writer(resource, options, "Update", subresource),
        options,
      );
    });
  }

  /** `change` turns the live object into the wanted one; it runs again when the object moved. */
  async patch(
    target: Target,
    change: (live: KubeObject) => Json,
    options: WriteOptions,
  ): Promise<Written> {
    const { resource, namespace, subresource } = target;
    return this.#retry(target, patchAttempts, async (live) => {
      const next = received(change(live), resource, namespace);
      if (next.metadata.name !== live.metadata.name) {
        throw new ApiError(
          "BadRequest",
          "the name of the object does not match the name on the URL",
        );
      }
      checkPreconditions(next, live, resource, "patch");
      return this.#replace(
        live,
        next,
        target,
        this.#writer(resource, options, "Update", subresource),
        options,
      );
    });
  }

  /** Server-side apply. */
  async apply(
    target: Target,
    body: Json,
    options: WriteOptions & { readonly force: boolean },
  ): Promise<Written> {
    const { resource, namespace, name, subresource } = target;
    const sent = received(body, resource, namespace);
    checkApplied(sent, name);
    const config = applicable(sent, resource, subresource);
    const writer = this.#writer(resource, options, "Apply", subresource);
    for (let attempt = 1; ; attempt++) {
      const live = await this.#store.get(resource, namespace, name);
      if (live === undefined) return this.#applyNew(target, sent, config, writer, options);
      checkPreconditions(sent, live, resource, "patch");
      const { object, conflicts } = withApply(
        live,
        config,
        writer,
        resource.structure,
        resource.complete,
      );
      if (conflicts.length > 0 && !options.force) throw refused(conflicts);
      const stored = await this.#write(
        live,
        succeeded(live, object, resource, subresource),
        resource,
        options,
      );
      if (stored !== undefined) return { object: stored, created: false };
      if (attempt === patchAttempts || sent.metadata.resourceVersion !== undefined)
        throw stale(resource, name);
    }
  }

  async delete(
    target: Target,
    body: Json | undefined,
    dryRun: boolean,
  ): Promise<KubeObject | undefined> {
    return this.#deletion.delete(await this.get(target), target.resource, body, dryRun);
  }

  async #applyNew(
    target: Target,
    sent: KubeObject,
    config: KubeObject,
    writer: Writer,
    options: WriteOptions,
  ): Promise<Written> {
    const { resource, name, subresource } = target;
    if (subresource !== undefined) throw notFound(resource, name);
    if (sent.metadata.uid !== undefined) {
      const why = `uid mismatch: the provided object specified uid ${sent.metadata.uid}, and no existing object was found`;
      throw conflict(resource, name, why);
    }
    const { object } = withApply(undefined, config, writer, resource.structure, (merged) => merged);
    const fresh = born(object, resource, this.#time());
    return { object: await this.#insert(resource, fresh, options), created: true };
  }

  async #insert(
    resource: Resource,
    object: KubeObject,
    options: WriteOptions,
  ): Promise<KubeObject> {
    const { name, namespace } = object.metadata;
    if (resource.namespaced) await this.#checkNamespace(resource, name, namespace ?? "");
    validate(object, undefined, resource);
    if ((await this.#store.get(resource, namespace, name)) !== undefined)
      throw alreadyExists(resource, name);
    if (options.dryRun) return object;
    const stored = await this.#backend.create(resource, object);
    if (stored === undefined) throw alreadyExists(resource, name);
    return resource.kind === "CustomResourceDefinition"
      ? this.#establish(stored, resource)
      : stored;
  }

  async #checkNamespace(resource: Resource, name: string, namespace: string): Promise<void> {
    const namespaces = this.#catalogue.find("v1", "namespaces");
    if (namespaces === undefined) return;
    const found = await this.#store.get(namespaces, undefined, namespace);
    if (found === undefined) throw notFound(namespaces, namespace);
    if (found.metadata.deletionTimestamp === undefined) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const message = `namespace ${namespace} is being terminated`;
    throw forbidden(resource, name, why, [
      { reason: "NamespaceTerminating", message, field: "metadata.namespace" },
    ]);
  }

  async #establish(definition: KubeObject, resource: Resource): Promise<KubeObject> {
    const ready = established(definition, this.#time());
    const stored = await this.#backend.update(
      resource,
      ready,
      definition.metadata.resourceVersion ?? "",
    );
    this.#catalogue.define(stored ?? definition);
    return stored ?? definition;
  }

  async #replace(
    live: KubeObject,
    sent: KubeObject,
    { resource, subresource }: Target,
    writer: Writer,
    options: WriteOptions,
  ): Promise<KubeObject | undefined> {
    const next = succeeded(live, sent, resource, subresource);
    return this.#write(
      live,
      withUpdate(live, next, writer, resource.structure, kindOf(resource)),
      resource,
      options,
    );
  }

  /** Stores the next state unless it is the present one; undefined when somebody was faster. */
  async #write(
    live: KubeObject,
    next: KubeObject,
    resource: Resource,
    { dryRun }: WriteOptions,
  ): Promise<KubeObject | undefined> {
    validate(next, live, resource);
    if (dryRun || unchanged(live, next)) return next;
    const stored = await this.#backend.update(resource, next, live.metadata.resourceVersion ?? "");
    if (stored === undefined) return undefined;
    if (resource.kind === "CustomResourceDefinition") this.#catalogue.define(stored);
    const finished =
      stored.metadata.deletionTimestamp !== undefined &&
      (stored.metadata.finalizers ?? []).length === 0;
    if (finished && groupKind(resource) !== "/Pod") {
      await this.#deletion.finish(stored, resource);
    }
    return stored;
  }

  async #retry(
    target: Target,
    attempts: number,
    attempt: (live: KubeObject) => Promise<KubeObject | undefined>,
  ): Promise<Written> {
    for (let left = attempts; left > 0; left--) {
      const object = await attempt(await this.get(target));
      if (object !== undefined) return { object, created: false };
    }
    throw stale(target.resource, target.name);
  }

  #time(): string {
    return timeOf(this.#clock.now());
  }

  #writer(
    resource: Resource,
    { fieldManager }: WriteOptions,
    operation: Writer["operation"],
    subresource?: Subresource,
  ): Writer {
    return {
      manager: fieldManager,
      operation,
      apiVersion: groupVersion(resource),
      subresource,
      time: this.#time(),
    };
  }
}

const kindOf = ({ builtin }: Resource): "builtin" | "custom" => (builtin ? "builtin" : "custom");
