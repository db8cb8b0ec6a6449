import { type Clock, sleep } from "../clock.ts";
import { DoccError } from "../errors.ts";
import type { KubeApi } from "./api.ts";
import { isKubeError, KubeError } from "./errors.ts";
import type { Kind } from "./kinds.ts";
import { createMirror, keyOf, type Mirror, type MirrorOptions } from "./mirror.ts";
import type { KubeObject } from "./objects.ts";
import { backOff } from "./retry.ts";

export interface ReflectOptions<T extends KubeObject, P> extends MirrorOptions<T, P> {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly clock: Clock;
  /** In [0, 1), for jitter. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** A copy of some objects of a cluster, kept up to date until it is stopped. */
export interface Reflector<P> {
  /** Resolves when the first list is complete; rejects when stopped before that. */
  synced(): Promise<void>;
  /** By `namespace/name`, or by name for kinds without namespaces. */
  get(key: string): P | undefined;
  values(): readonly P[];
  readonly size: number;
  /** When the API server last told anything, in milliseconds since the epoch; 0 before that. */
  lastContactAt(): number;
  /**
   * Lists again, however well the watch seems, and resolves when that list is complete: the copy is then
   * at least as new as this call. Rejects when stopped before that.
   */
  refresh(): Promise<void>;
  /** How often the caller's functions threw. An object that cannot be projected is left as it was. */
  readonly handlerFailures: number;
  stop(): Promise<void>;
}

const watchSeconds = { least: 300, jitter: 60 };
/**
 * A watch that is silent for so long is opened anew from where it was: a dead connection looks just like a
 * quiet one. Bookmarks come once a minute only, so quiet watches are opened anew as well, which costs little.
 */
const idleMs = 40_000;
/** A net under everything else: lists again although the watch seems well. */
const relistMs = { least: 30 * 60_000, jitter: 10 * 60_000 };
const backOffLimits = { baseMs: 800, capMs: 30_000 };
/** A watch that ends sooner counts as a failure, or it would be opened in a tight loop. */
const shortestWatchMs = 1_000;

/**
 * Lists in pages, then watches from there; lists again when the resource version has expired, and
 * tells what was missed, deletions included. It survives everything but {@link Reflector.stop}:
 * failures are retried with back-off, and exceptions of the caller's functions are counted.
 */
export function reflect<T extends KubeObject, P>(
  api: KubeApi,
  kind: Kind<T>,
  options: ReflectOptions<T, P>,
): Reflector<P> {
  const mirror = createMirror(options);
  const stopping = new AbortController();
  const signals = [stopping.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const loop = new ReflectorLoop(api, kind, options, mirror, AbortSignal.any(signals));
  const running = loop.run();
  return {
    synced: async () => loop.synced.promise,
    get: (key) => mirror.get(key),
    values: () => mirror.values(),
    get size() {
      return mirror.size;
    },
    lastContactAt: () => loop.lastContactAt,
    refresh: () => loop.refresh(),
    get handlerFailures() {
      return mirror.handlerFailures;
    },
    stop: async () => {
      stopping.abort(new Error("stopped"));
      await running;
    },
  };
}

class ReflectorLoop<T extends KubeObject, P> {
  readonly synced = Promise.withResolvers<void>();
  lastContactAt = 0;
  readonly #api: KubeApi;
  readonly #kind: Kind<T>;
  readonly #options: ReflectOptions<T, P>;
  readonly #mirror: Mirror<T, P>;
  readonly #signal: AbortSignal;
  /** Where the next watch begins; undefined when a list has to come first. */
  #resourceVersion: string | undefined;
  #relistAt = 0;
  /** When the present watch was asked for; never, while it lists. */
  #openedAt = Infinity;
  /** Failures in a row, for the back-off. */
  #failures = 0;
  /** Who waits for the next list. */
  #waiting: PromiseWithResolvers<void>[] = [];
  /** Ends the watch, or the rest after a failure, for a list that somebody waits for. */
  #interrupt = new AbortController();

  constructor(
    api: KubeApi,
    kind: Kind<T>,
    options: ReflectOptions<T, P>,
    mirror: Mirror<T, P>,
    signal: AbortSignal,
  ) {
    this.#api = api;
    this.#kind = kind;
    this.#options = options;
    this.#mirror = mirror;
    this.#signal = signal;
    // Who never asks whether it is synced must not be killed by an unhandled rejection.
    this.synced.promise.catch(() => undefined);
  }

  refresh(): Promise<void> {
    const list = Promise.withResolvers<void>();
    if (this.#signal.aborted) list.reject(this.#stopped("a new"));
    else this.#waiting.push(list);
    this.#failures = 0;
    this.#interrupt.abort(new Error("a list is wanted"));
    return list.promise;
  }

  /** Resolves when the signal has aborted; never rejects. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      this.#interrupt = new AbortController();
      try {
        const from = this.#resourceVersion;
        if (from === undefined || this.#now() >= this.#relistAt || this.#waiting.length > 0) {
          await this.#list();
        } else {
          await this.#watch(from);
        }
      } catch (error) {
        await this.#recover(error);
      }
    }
    this.synced.reject(this.#stopped("the first"));
    for (const { reject } of this.#waiting.splice(0)) reject(this.#stopped("a new"));
  }

  #stopped(which: "the first" | "a new"): DoccError {
    const message = `Stopped before ${which} list of ${this.#kind.plural} was complete.`;
    return new DoccError("unavailable", message);
  }

  async #list(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    try {
      await this.#listAll();
    } catch (error) {
      this.#waiting.push(...waiting);
      throw error;
    }
    for (const { resolve } of waiting) resolve();
  }

  async #listAll(): Promise<void> {
    this.#openedAt = Infinity;
    let seen = new Set<string>();
    let resourceVersion: string | undefined;
    for await (const page of this.#api.list(this.#kind, this.#selection())) {
      this.lastContactAt = this.#now();
      if (page.first) {
        seen = new Set();
      }
      for (const object of page.items) {
        seen.add(keyOf(object));
        this.#mirror.put(object);
      }
      resourceVersion = page.resourceVersion;
    }
    this.#mirror.retain(seen);
    this.#resourceVersion = resourceVersion;
    this.#relistAt = this.#now() + relistMs.least + this.#options.random() * relistMs.jitter;
    this.synced.resolve();
  }

  async #watch(resourceVersion: string): Promise<void> {
    const { least, jitter } = watchSeconds;
    const timeoutSeconds = least + Math.floor(this.#options.random() * jitter);
    const openedAt = this.#now();
    this.#openedAt = openedAt;
    const signal = AbortSignal.any([this.#signal, this.#interrupt.signal]);
    const watch = { ...this.#selection(), signal, resourceVersion, timeoutSeconds, idleMs };
    for await (const event of this.#api.watch(this.#kind, watch)) {
      this.lastContactAt = this.#now();
      if (this.lastContactAt - openedAt >= shortestWatchMs) {
        this.#failures = 0;
      }
      if (event.type === "bookmark") {
        this.#resourceVersion = event.resourceVersion;
        continue;
      }
      if (event.type === "deleted") {
        this.#mirror.remove(keyOf(event.object));
      } else {
        this.#mirror.put(event.object);
      }
      this.#resourceVersion = event.object.metadata.resourceVersion;
    }
    if (signal.aborted) return;
    if (this.#now() - openedAt < shortestWatchMs) {
      throw new KubeError(
        "unavailable",
        `The cluster ended a watch of ${this.#kind.plural} at once.`,
      );
    }
    this.#failures = 0;
  }

  /** Waits before the next attempt; only failures of the network leave the resource version valid. */
  async #recover(error: unknown): Promise<void> {
    if (this.#signal.aborted) {
      return;
    }
    if (this.#wasQuiet(error)) return;
    this.#mirror.report(error);
    this.#failures += 1;
    if (!isKubeError(error, "unavailable", "timeout", "too-many-requests")) {
      this.#resourceVersion = undefined;
    }
    const asked = isKubeError(error) ? (error.retryAfterMs ?? 0) : 0;
    const delay = asked + backOff(this.#failures, backOffLimits, this.#options.random);
    const signal = AbortSignal.any([this.#signal, this.#interrupt.signal]);
    await sleep(this.#options.clock, delay, signal).catch(() => undefined);
  }

  /** Silence on an open watch is no failure: it goes on from the same place at once. */
  #wasQuiet(error: unknown): boolean {
    return isKubeError(error, "timeout") && this.#now() - this.#openedAt >= idleMs;
  }

  #selection(): Pick<
    ReflectOptions<T, P>,
    "namespace" | "labelSelector" | "fieldSelector" | "signal"
  > {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return { namespace, labelSelector, fieldSelector, signal: this.#signal };
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
