import type { Engine } from "../webernetes.ts";
import { at, isObject, type KubeObject, stringAt } from "./json.ts";
import { groupKind, type Resource } from "./resources.ts";
import { ApiError } from "./status.ts";
import type { Store } from "./store.ts";

/** Writes that must hold if nobody else wrote meanwhile; undefined says somebody did. */
export interface Backend {
  create(resource: Resource, object: KubeObject): Promise<KubeObject | undefined>;
  update(resource: Resource, object: KubeObject, revision: string): Promise<KubeObject | undefined>;
  /** Returns what is left of the object: itself while it terminates, undefined once it is gone. */
  delete(
    resource: Resource,
    object: KubeObject,
    gracePeriodSeconds: number | undefined,
  ): Promise<KubeObject | undefined>;
}

/** The kinds whose controllers and garbage collection are webernetes' own. */
const engineKinds = new Set([
  "/Pod",
  "/Service",
  "/Node",
  "/Namespace",
  "/Event",
  "apps/Deployment",
  "apps/ReplicaSet",
  "discovery.k8s.io/EndpointSlice",
]);

export const isEngineKind = (resource: Resource): boolean => engineKinds.has(groupKind(resource));

/**
 * Everything is written straight into the shared store, except what webernetes does more to: it
 * allocates a Service's addresses, ends pods gracefully, and empties namespaces.
 */
export function backendOf(store: Store, engine: Engine): Backend {
  const { corev1 } = engine.api;
  const direct = directBackend(store);
  const read = async (
    resource: Resource,
    { metadata }: KubeObject,
  ): Promise<KubeObject | undefined> => store.get(resource, metadata.namespace, metadata.name);
  const allocated = (resource: Resource, object: KubeObject): boolean =>
    groupKind(resource) === "/Service" && at(object, "spec", "clusterIP") !== "None";

  return {
    create: async (resource, object) => {
      if (!allocated(resource, object)) return direct.create(resource, object);
      const namespace = object.metadata.namespace ?? "default";
      await translated(corev1.createNamespacedService({ namespace, body: object }));
      return read(resource, object);
    },
    update: async (resource, object, revision) => {
      if (!allocated(resource, object)) return direct.update(resource, object, revision);
      const { name, namespace = "default" } = object.metadata;
      const body = { ...object, metadata: { ...object.metadata, resourceVersion: revision } };
      const stored = await unlessConflict(
        corev1.replaceNamespacedService({ name, namespace, body }),
      );
      return stored ? read(resource, object) : undefined;
    },
    delete: async (resource, object, gracePeriodSeconds) => {
      const { name, namespace = "default" } = object.metadata;
      const grace = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
      if (groupKind(resource) === "/Pod")
        await translated(corev1.deleteNamespacedPod({ name, namespace, ...grace }));
      else if (groupKind(resource) === "/Namespace")
        await translated(corev1.deleteNamespace({ name }));
      else if (allocated(resource, object))
        await translated(corev1.deleteNamespacedService({ name, namespace }));
      else return direct.delete(resource, object, gracePeriodSeconds);
      return read(resource, object);
    },
  };
}

function directBackend(store: Store): Backend {
  return {
    create: async (resource, object) => store.create(resource, object),
    update: async (resource, object, revision) => store.update(resource, object, revision),
    delete: async (resource, object) => {
      const { name, namespace } = object.metadata;
      for (let live: KubeObject | undefined = object; live !== undefined;) {
        const revision = live.metadata.resourceVersion ?? "";
        if ((await store.delete(resource, live, revision)) !== undefined) return undefined;
        live = await store.get(resource, namespace, name);
      }
      return undefined;
    },
  };
}

/** webernetes throws `{code, body: Status}`; its reasons are class names, near enough to Kubernetes'. */
async function translated(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    throw translate(error);
  }
}

async function unlessConflict(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    const failure = translate(error);
    if (failure instanceof ApiError && failure.reason === "Conflict") return false;
    throw failure;
  }
}

function translate(error: unknown): unknown {
  const body: unknown = error instanceof Error ? Reflect.get(error, "body") : undefined;
  if (!isObject(body)) return error;
  const message = stringAt(body, "message") ?? "the cluster refused";
  switch (body["code"]) {
    case 404:
      return new ApiError("NotFound", message);
    case 409:
      return new ApiError("Conflict", message);
    case 422:
      return new ApiError("Invalid", message);
    default:
      return message.includes("already exists")
        ? new ApiError("AlreadyExists", message)
        : new ApiError("BadRequest", message);
  }
}
