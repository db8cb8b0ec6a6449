import type { KubeObject } from "./json.ts";
import type { Resource } from "./resources.ts";
import { type Predicate, parseFieldSelector, parseLabelSelector } from "./selectors.ts";
import { ApiError, expired } from "./status.ts";
import type { Store } from "./store.ts";

/** A list as the API answers it, before it is shaped for the client. */
export interface Listing {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continue: string | undefined;
  readonly remaining: number | undefined;
}

/** What `labelSelector` and `fieldSelector` of a request choose. */
export function selection(resource: Resource, query: URLSearchParams): Predicate {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = parseFieldSelector(
    query.get("fieldSelector") ?? "",
    (object) => ({
      "metadata.name": object.metadata.name,
      "metadata.namespace": object.metadata.namespace,
      ...Object.fromEntries(
        Object.entries(resource.selectable).map(([field, read]) => [field, read(object)]),
      ),
    }),
    ["metadata.name", "metadata.namespace", ...Object.keys(resource.selectable)],
  );
  return (object) => labels(object.metadata.labels ?? {}) && fields(object);
}

interface Continuation {
  readonly revision: number;
  /** The key after which the next page starts: `namespace/name`. */
  readonly after: string;
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ""}/${metadata.name}`;

function decode(token: string): Continuation {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    const revision: unknown = Reflect.get(Object(parsed), "rv");
    const after: unknown = Reflect.get(Object(parsed), "start");
    if (typeof revision === "number" && typeof after === "string") return { revision, after };
  } catch {
    // Falls through to the one answer for every broken token.
  }
  throw new ApiError("BadRequest", "continue key is not valid");
}

const encode = ({ revision, after }: Continuation): string =>
  Buffer.from(JSON.stringify({ rv: revision, start: after })).toString("base64url");

/** A list, paged by `limit` and `continue` over one consistent revision. */
export async function list(
  store: Store,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
): Promise<Listing> {
  const chosen = selection(resource, query);
  const token = query.get("continue") ?? "";
  const from = token === "" ? undefined : decode(token);
  const page = await snapshot(store, resource, namespace, query, from);
  const matching = page.items.filter(chosen).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest =
    from === undefined ? matching : matching.filter((object) => keyOf(object) > from.after);
  const limit = Number(query.get("limit") ?? 0);
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const last = items.at(-1);
  const more = items.length < rest.length && last !== undefined;
  const selective = (query.get("labelSelector") ?? "") + (query.get("fieldSelector") ?? "") !== "";
  return {
    items,
    resourceVersion: String(page.revision),
    continue: more ? encode({ revision: page.revision, after: keyOf(last) }) : undefined,
    remaining: more && !selective ? rest.length - items.length : undefined,
  };
}

async function snapshot(
  store: Store,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
  from: Continuation | undefined,
): ReturnType<Store["list"]> {
  if (from !== undefined) return pageAt(store, resource, namespace, from.revision);
  const revision = Number(query.get("resourceVersion") ?? 0);
  if (revision > 0) await assertReached(store, revision);
  const exact = query.get("resourceVersionMatch") === "Exact";
  return store.list(resource, namespace, exact ? revision : undefined);
}

async function assertReached(store: Store, revision: number): Promise<void> {
  const now = await store.revision();
  if (revision <= now) return;
  throw new ApiError(
    "Timeout",
    `Timeout: Too large resource version: ${revision}, current: ${now}`,
    {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  );
}

async function pageAt(
  store: Store,
  resource: Resource,
  namespace: string | undefined,
  revision: number,
): ReturnType<Store["list"]> {
  try {
    return await store.list(resource, namespace, revision);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.",
    );
  }
}
