import type { RequestOptions } from "node:https";
import type { DispatcherOptions, KubeConfig } from "@kubernetes/client-node/dist/config.js";
import type { Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import { createDispatcherPool, tlsOf } from "./dispatchers.ts";
import { clusterOf, type KubeconfigSource, loadKubeconfig } from "./kubeconfig.ts";
import { createSemaphore, type Semaphore } from "./semaphore.ts";

export interface ConnectOptions extends KubeconfigSource {
  readonly clock: Clock;
  /** How long one attempt of a request may take, in milliseconds. */
  readonly requestTimeoutMs?: number;
  /** In [0, 1), for jitter. */
  readonly random?: () => number;
}

/** What one request needs: where it goes through, and who asks. */
export interface Credentials {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

/** A cluster and docc's identity there. One per cluster: it owns the sockets. */
export interface Connection {
  /** The API server's address, without a slash at the end. */
  readonly server: string;
  /** The namespace of the context; inside a pod, the pod's own. */
  readonly namespace: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly requestTimeoutMs: number;
  /** Places for requests at a time; none can take those of another lane. */
  readonly lanes: Readonly<Record<Lane, Semaphore>>;
  /** Fresh for every request: tokens, exec plugins and certificates rotate. */
  credentials(): Promise<Credentials>;
  /** Reads the kubeconfig again after a 401; false when that brought nothing new, or just happened. */
  reload(): boolean;
  /** Ends everything in flight. */
  close(): Promise<void>;
}

/**
 * Reads and writes each have theirs. `accept` is for what an acknowledgement waits for, one small request
 * each: at 50 a second and an API server that takes a second for each, as many are under way.
 */
export type Lane = "read" | "write" | "accept";

const places: Readonly<Record<Lane, number>> = { read: 12, write: 4, accept: 100 };
const reloadEveryMs = 10_000;

/** Connects lazily: a cluster out of reach shows at the first request, not here. */
export function connect(options: ConnectOptions): Connection {
  let config = loadKubeconfig(options);
  let reloadedAt = -Infinity;
  const { requestTimeoutMs = 10_000 } = options;
  const { server } = clusterOf(config);
  const pool = createDispatcherPool(requestTimeoutMs);
  return {
    server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    clock: options.clock,
    random: options.random ?? Math.random,
    requestTimeoutMs,
    lanes: {
      read: createSemaphore(places.read),
      write: createSemaphore(places.write),
      accept: createSemaphore(places.accept),
    },
    credentials: inFlightOnce(options.clock, requestTimeoutMs, async () => {
      const { dispatcher, headers } = await authenticate(config);
      return { dispatcher: pool.get(dispatcher), headers };
    }),
    reload: () => {
      if (options.clock.now() - reloadedAt < reloadEveryMs) {
        return false;
      }
      reloadedAt = options.clock.now();
      try {
        const next = loadKubeconfig(options);
        // Credentials for another cluster are not for this one's ears.
        if (clusterOf(next).server !== server) {
          return false;
        }
        config = next;
        return true;
      } catch {
        // Half written, perhaps: the old one is kept, and the 401 reaches the caller.
        return false;
      }
    },
    close: () => pool.close(),
  };
}

/**
 * Calls that come while one is under way share its outcome: an exec plugin runs once for all the
 * requests that start together. One that takes longer than `ms` is shared with nobody new.
 */
function inFlightOnce<T>(clock: Clock, ms: number, work: () => Promise<T>): () => Promise<T> {
  let shared: Promise<T> | undefined;
  return async () => {
    if (shared !== undefined) {
      return shared;
    }
    const started = work();
    const forget = (): void => {
      shared = shared === started ? undefined : shared;
    };
    shared = started;
    const cancel = clock.after(ms, forget);
    return started.finally(() => {
      cancel();
      forget();
    });
  };
}

interface Authentication {
  readonly dispatcher: DispatcherOptions;
  readonly headers: Readonly<Record<string, string>>;
}

/** Lets client-node read token and CA files, run exec plugins and refresh OIDC tokens. */
async function authenticate(config: KubeConfig): Promise<Authentication> {
  const filled: RequestOptions = {};
  await config.applyToHTTPSOptions(filled);
  const headers = Object.entries(filled.headers ?? {}).map(([name, value]) => [
    name,
    String(value),
  ]);
  if (typeof filled.auth === "string") {
    headers.push(["Authorization", `Basic ${Buffer.from(filled.auth).toString("base64")}`]);
  }
  return {
    dispatcher: config.createDispatcherOptions(config.getCurrentCluster(), tlsOf(filled)),
    headers: Object.fromEntries(headers) as Record<string, string>,
  };
}
