import type { Clock } from "../../../src/clock.ts";
import { type Backend, isEngineKind } from "./backend.ts";
import { type Catalogue, resourcesOf } from "./definitions.ts";
import { at, type Json, type JsonObject, type KubeObject, stringAt } from "./json.ts";
import { groupKind, type Resource } from "./resources.ts";
import { preconditionFailed, stale } from "./status.ts";
import type { Store } from "./store.ts";
import { timeOf, unchanged } from "./write.ts";

/** Preconditions, finalizers, and garbage collection in the background. */
export class Deletion {
  readonly #store: Store;
  readonly #backend: Backend;
  readonly #catalogue: Catalogue;
  readonly #clock: Clock;

  constructor(store: Store, backend: Backend, catalogue: Catalogue, clock: Clock) {
    this.#store = store;
    this.#backend = backend;
    this.#catalogue = catalogue;
    this.#clock = clock;
  }

  /** Deletes a live object; returns what is left of it while it terminates. */
  async delete(
    live: KubeObject,
    resource: Resource,
    body: Json | undefined,
    dryRun: boolean,
  ): Promise<KubeObject | undefined> {
    const { name } = live.metadata;
    checkDeletion(live, body, resource);
    if (dryRun) return undefined;
    const grace = at(body, "gracePeriodSeconds");
    const policy = stringAt(body, "propagationPolicy");
    const finalizers = [
      ...(live.metadata.finalizers ?? []),
      ...(isEngineKind(resource) ? policyFinalizer(policy) : []),
    ];
    if (finalizers.length > 0 && !["/Pod", "/Namespace"].includes(groupKind(resource))) {
      return this.#terminate(live, [...new Set(finalizers)], resource);
    }
    const left = await this.#backend.delete(
      resource,
      live,
      typeof grace === "number" ? grace : undefined,
    );
    if (left === undefined) await this.#gone(live, resource);
    if (groupKind(resource) === "/Namespace") await this.#empty(name);
    return left;
  }

  async #terminate(
    live: KubeObject,
    finalizers: string[],
    resource: Resource,
  ): Promise<KubeObject> {
    const deletionTimestamp = live.metadata.deletionTimestamp ?? timeOf(this.#clock.now());
    const first = live.metadata.deletionTimestamp === undefined && resource.counted;
    const metadata = {
      ...live.metadata,
      finalizers,
      deletionTimestamp,
      deletionGracePeriodSeconds: 0,
      ...(first ? { generation: (live.metadata.generation ?? 1) + 1 } : {}),
    };
    const next = { ...live, metadata };
    if (unchanged(live, next)) return live;
    const stored = await this.#backend.update(resource, next, live.metadata.resourceVersion ?? "");
    if (stored === undefined) throw stale(resource, live.metadata.name);
    return stored;
  }

  /** What vanishes with an object: whatever it owned, and a definition's own objects. */
  async #gone(object: KubeObject, resource: Resource): Promise<void> {
    if (resource.kind === "CustomResourceDefinition") {
      for (const custom of resourcesOf(object)) await this.#clear(custom, undefined);
      this.#catalogue.undefine(object.metadata.name);
    }
    const { uid, namespace } = object.metadata;
    if (uid === undefined) return;
    const owned = (candidate: KubeObject): boolean =>
      (candidate.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
    for (const kind of this.#ownKinds()) await this.#clear(kind, namespace, owned);
  }

  /** webernetes empties a terminating namespace of its own kinds; this is the rest. */
  async #empty(namespace: string): Promise<void> {
    for (const kind of this.#ownKinds()) if (kind.namespaced) await this.#clear(kind, namespace);
  }

  #ownKinds(): readonly Resource[] {
    return this.#catalogue.all().filter((resource) => !isEngineKind(resource));
  }

  async #clear(
    resource: Resource,
    namespace: string | undefined,
    chosen: (object: KubeObject) => boolean = () => true,
  ): Promise<void> {
    const { items } = await this.#store.list(resource, namespace);
    for (const item of items.filter(chosen)) await this.#backend.delete(resource, item, undefined);
  }

  /** Removes an object whose last finalizer is gone. */
  async finish(object: KubeObject, resource: Resource): Promise<void> {
    await this.#backend.delete(resource, object, undefined);
    await this.#gone(object, resource);
  }
}

function checkDeletion(live: KubeObject, body: Json | undefined, resource: Resource): void {
  const { name, uid = "", resourceVersion = "" } = live.metadata;
  const wantedUid = stringAt(body, "preconditions", "uid");
  if (wantedUid !== undefined && wantedUid !== uid) {
    const why = `the UID in the precondition (${wantedUid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw preconditionFailed(resource, name, why);
  }
  const wanted = stringAt(body, "preconditions", "resourceVersion");
  if (wanted !== undefined && wanted !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${wanted}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw preconditionFailed(resource, name, why);
  }
}

function policyFinalizer(policy: string | undefined): string[] {
  if (policy === "Foreground") return ["foregroundDeletion"];
  return policy === "Orphan" ? ["orphan"] : [];
}

/** The answer to a delete that left nothing. */
export function deletedStatus(
  { group, plural }: Resource,
  { name, uid }: KubeObject["metadata"],
): JsonObject {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(group === "" ? {} : { group }),
      kind: plural,
      ...(uid === undefined ? {} : { uid }),
    },
  };
}
