import type { Clock } from "../../../src/clock.ts";
import type { JsonObject, KubeObject } from "./json.ts";
import { selection } from "./query.ts";
import { groupVersion, type Resource } from "./resources.ts";
import { ApiError, expired } from "./status.ts";
import type { Change, Store } from "./store.ts";

export interface WatchRequest {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
}

export interface WatchSink {
  event(type: string, object: JsonObject): void;
  end(): void;
}

/** The API server's period (`defaultBookmarkFrequency`). */
const bookmarkMs = 60_000;

/**
 * Streams changes after the requested resourceVersion, or everything there is and then changes.
 * Ends by `timeoutSeconds` of the cluster's time, by an ERROR event once history is gone, or by the
 * returned stop.
 */
export class Watch {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #request: WatchRequest;
  readonly #sink: WatchSink;
  readonly #chosen: (object: KubeObject) => boolean;
  readonly #stops: (() => void)[] = [];
  #cancelBookmark: () => void = () => undefined;
  #ended = false;

  constructor(store: Store, clock: Clock, request: WatchRequest, sink: WatchSink) {
    this.#store = store;
    this.#clock = clock;
    this.#request = request;
    this.#sink = sink;
    this.#chosen = selection(request.resource, request.query);
  }

  async start(): Promise<void> {
    const { query, resource, namespace } = this.#request;
    const from = Number(query.get("resourceVersion") ?? 0);
    const initial = query.get("sendInitialEvents") === "true";
    try {
      if (from > 0 && !initial) await this.#store.assertKnown(from);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const revision = from > 0 && !initial ? from : await this.#current(initial);
    if (this.#ended) return;
    this.#stops.push(
      this.#store.watch(
        resource,
        namespace,
        revision,
        (change) => this.#pass(change),
        () => this.#gone(),
      ),
    );
    const seconds = Number(query.get("timeoutSeconds") ?? 0);
    if (seconds > 0)
      this.#stops.push(this.#clock.after(seconds * 1_000, () => void this.#finish()));
    if (this.#bookmarks()) this.#scheduleBookmark();
  }

  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelBookmark();
    for (const stop of this.#stops) stop();
    this.#sink.end();
  }

  async #current(marked: boolean): Promise<number> {
    const { resource, namespace } = this.#request;
    const page = await this.#store.list(resource, namespace);
    for (const item of page.items.filter(this.#chosen)) this.#sink.event("ADDED", item);
    if (marked && this.#bookmarks()) {
      this.#bookmark(page.revision, { "k8s.io/initial-events-end": "true" });
    }
    return page.revision;
  }

  /** An object that enters or leaves the selection is added or deleted as far as this watch goes. */
  #pass({ type, object, before }: Change): void {
    if (this.#ended) return;
    const was = before !== undefined && this.#chosen(before);
    const is = type !== "DELETED" && this.#chosen(object);
    if (is) this.#sink.event(was ? "MODIFIED" : "ADDED", object);
    else if (was) this.#sink.event("DELETED", object);
  }

  #bookmarks(): boolean {
    return this.#request.query.get("allowWatchBookmarks") === "true";
  }

  #bookmark(revision: number, annotations?: { [key: string]: string }): void {
    const { resource } = this.#request;
    this.#sink.event("BOOKMARK", {
      kind: resource.kind,
      apiVersion: groupVersion(resource),
      metadata: {
        resourceVersion: String(revision),
        ...(annotations === undefined ? {} : { annotations }),
      },
    });
  }

  #scheduleBookmark(): void {
    this.#cancelBookmark = this.#clock.after(bookmarkMs, () => {
      void this.#mark().then(() => (this.#ended ? undefined : this.#scheduleBookmark()));
    });
  }

  async #mark(): Promise<void> {
    const revision = await this.#store.revision();
    if (!this.#ended) this.#bookmark(revision);
  }

  async #finish(): Promise<void> {
    if (this.#bookmarks()) await this.#mark();
    this.stop();
  }

  #gone(): void {
    this.#fail(expired("too old resource version"));
  }

  #fail(error: unknown): void {
    const failure =
      error instanceof ApiError ? error : new ApiError("InternalError", "the watch failed");
    this.#sink.event("ERROR", failure.toStatus());
    this.stop();
  }
}
