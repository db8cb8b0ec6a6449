import { type ListAnswer, parseAnswer, storedList } from "./answers.ts";
import type { Call, CallOptions } from "./calls.ts";
import { isKubeError } from "./errors.ts";
import { describe, type Kind, pathOf } from "./kinds.ts";
import type { KubeObject, Page, Stored } from "./objects.ts";

export interface ListOptions extends CallOptions {
  /** Without it, a namespaced kind is listed in the whole cluster. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects a page; 100 unless given. Pages too big to read are made smaller. */
  readonly limit?: number;
  /** They are two fifths of a list's bytes, and docc rarely reads them. */
  readonly keepManagedFields?: boolean;
}

/** A page is garbage once it is read: of 500 Releases it cost 30 MB of resident memory more (docs/performance.md). */
const pageSize = 100;
const mostRestarts = 3;

/**
 * Pages of one consistent list. When its continue token expires on the way it begins anew, and the
 * next page is `first` again. https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function* listPages<T extends KubeObject>(
  call: Call,
  kind: Kind<T>,
  options: ListOptions = {},
): AsyncGenerator<Page<T>, void, undefined> {
  let limit = options.limit ?? pageSize;
  let token = "";
  let restarts = 0;
  do {
    let page: ListAnswer<T>;
    try {
      page = await listPage(call, kind, options, { limit, token });
    } catch (error) {
      if (isKubeError(error, "gone") && token !== "" && restarts < mostRestarts) {
        restarts += 1;
        token = "";
        continue;
      }
      if (isKubeError(error, "too-big") && limit > 1) {
        limit = Math.ceil(limit / 4);
        continue;
      }
      throw error;
    }
    yield { first: token === "", items: page.items, resourceVersion: page.resourceVersion };
    token = page.continueToken;
    if (token === "") {
      return;
    }
  } while (true);
}

async function listPage<T extends KubeObject>(
  call: Call,
  kind: Kind<T>,
  options: ListOptions,
  { limit, token }: { readonly limit: number; readonly token: string },
): Promise<ListAnswer<T>> {
  const { namespace, labelSelector, fieldSelector, keepManagedFields = false } = options;
  const place = namespace === undefined ? {} : { namespace };
  const operation = { name: `list ${describe(kind, place)}`, writes: false };
  const query = { limit, continue: token || undefined, labelSelector, fieldSelector };
  const answer = await call(
    { operation, method: "GET", path: pathOf(kind, place), query },
    options,
  );
  return storedList(operation, kind, parseAnswer(operation, answer), { keepManagedFields });
}

/** All pages together, in memory. */
export async function listAll<T extends KubeObject>(
  call: Call,
  kind: Kind<T>,
  options?: ListOptions,
): Promise<{ readonly items: readonly Stored<T>[]; readonly resourceVersion: string }> {
  let items: Stored<T>[] = [];
  let resourceVersion = "";
  for await (const page of listPages(call, kind, options)) {
    items = page.first ? [...page.items] : items.concat(page.items);
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}
