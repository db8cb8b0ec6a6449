import { type Clock, sleep } from "../../../src/clock.ts";
import { type ApiClient, ApiError, type KubernetesObject } from "../api-client.ts";

interface Handler<T> {
  /** An object is there or has changed. */
  set(object: T): void;
  /** An object is gone. */
  delete(object: T): void;
}

const pageSize = 500;
const retryMs = 500;

interface List<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

/** What to keep in step with: one collection, or the part of it that a field selector picks. */
export interface Subscription<T> {
  readonly api: ApiClient;
  readonly clock: Clock;
  /** For example `/api/v1/pods`. */
  readonly collection: string;
  readonly fieldSelector?: string;
  readonly handler: Handler<T>;
  readonly signal: AbortSignal;
}

/**
 * Keeps a handler in step with a collection: a paged list, then watches from where it ended. After a
 * break it goes on from the last version seen, after 410 (that version is forgotten) from a new list.
 */
export async function reflect<T extends KubernetesObject>(
  subscription: Subscription<T>,
): Promise<void> {
  const { clock, signal } = subscription;
  const known = new Map<string, T>();
  let version: string | undefined;
  while (!signal.aborted) {
    try {
      version ??= await relist(subscription, known);
      version = await follow(subscription, known, version);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.code === 410) version = undefined;
      await sleep(clock, retryMs, signal).catch(() => undefined);
    }
  }
}

/** Lists everything, tells of what is there and what went meanwhile; returns the list's version. */
async function relist<T extends KubernetesObject>(
  { api, collection, fieldSelector = "", handler, signal }: Subscription<T>,
  known: Map<string, T>,
): Promise<string> {
  const seen = new Set<string>();
  let next: string | undefined;
  for (;;) {
    const query = new URLSearchParams({ limit: String(pageSize), fieldSelector });
    if (next) query.set("continue", next);
    const page = await api.request<List<T>>("GET", `${collection}?${query.toString()}`, { signal });
    for (const object of page.items) {
      seen.add(object.metadata.uid);
      known.set(object.metadata.uid, object);
      handler.set(object);
    }
    next = page.metadata.continue;
    if (next) continue;
    for (const [uid, object] of known) {
      if (seen.has(uid)) continue;
      known.delete(uid);
      handler.delete(object);
    }
    return page.metadata.resourceVersion;
  }
}

/** One watch call; returns the version to go on from. */
async function follow<T extends KubernetesObject>(
  { api, collection, fieldSelector = "", handler, signal }: Subscription<T>,
  known: Map<string, T>,
  resourceVersion: string,
): Promise<string> {
  const query = new URLSearchParams({
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion,
    fieldSelector,
  });
  let version = resourceVersion;
  for await (const event of api.watch<T>(`${collection}?${query.toString()}`, signal)) {
    if (event.type === "ERROR") throw watchError(event.object);
    version = event.object.metadata.resourceVersion;
    if (event.type === "BOOKMARK") continue;
    const { uid } = event.object.metadata;
    if (event.type === "DELETED") {
      known.delete(uid);
      handler.delete(event.object);
    } else {
      known.set(uid, event.object);
      handler.set(event.object);
    }
  }
  return version;
}

function watchError(status: unknown): ApiError {
  const { code = 500, message = "watch failed" } = status as { code?: number; message?: string };
  return new ApiError(code, message);
}
