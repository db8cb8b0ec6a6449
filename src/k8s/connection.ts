import type { RequestOptions } from "node:https";
import type { ConnectionOptions } from "node:tls";
import { isDeepStrictEqual } from "node:util";
// The package's root loads and keeps every generated class; this module bundles to a fraction of it.
import { type DispatcherOptions, KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import type { Clock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import { createSemaphore, type Semaphore } from "./semaphore.ts";

export interface ConnectOptions {
  /** A kubeconfig file; without it and `kubeconfigText`, the pod's own service account. */
  readonly kubeconfigPath?: string;
  readonly kubeconfigText?: string;
  /** A context of that kubeconfig, instead of its current one. */
  readonly context?: string;
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
  /** Places for requests at a time. Reads can never take the places of writes. */
  readonly lanes: { readonly read: Semaphore; readonly write: Semaphore };
  /** Fresh for every request: tokens, exec plugins and certificates rotate. */
  credentials(): Promise<Credentials>;
  /** Reads the kubeconfig again after a 401; false when that was done moments ago. */
  reload(): boolean;
  /** Ends everything in flight. */
  close(): Promise<void>;
}

const lanes = { read: 12, write: 4 };
/** Watches and followed logs come on top, one socket each, as HTTP/1.1 wants. */
const mostSockets = 512;
/** Below the idle timeouts of API servers (90 s and more) and of cloud load balancers (60 s). */
const keepAliveMs = 30_000;
const reloadEveryMs = 10_000;
/** Probes a silent peer every 30 s, as client-go does: a watch may be silent for a minute. */
const tcp = { keepAlive: true, keepAliveInitialDelay: 30_000 };

/** Connects lazily: a cluster out of reach shows at the first request, not here. */
export function connect(options: ConnectOptions): Connection {
  let config = load(options);
  let reloadedAt = -Infinity;
  const { requestTimeoutMs = 10_000 } = options;
  const pool = createPool();
  return {
    server: clusterOf(config).server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    clock: options.clock,
    random: options.random ?? Math.random,
    requestTimeoutMs,
    lanes: { read: createSemaphore(lanes.read), write: createSemaphore(lanes.write) },
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
        config = load(options);
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

function load(options: ConnectOptions): KubeConfig {
  const config = new KubeConfig();
  try {
    if (options.kubeconfigText !== undefined) {
      config.loadFromString(options.kubeconfigText);
    } else if (options.kubeconfigPath !== undefined) {
      config.loadFromFile(options.kubeconfigPath);
    } else {
      config.loadFromCluster();
    }
  } catch {
    // The parser's message quotes the file, which holds credentials.
    throw new DoccError("bad-config", "The kubeconfig cannot be read.", {
      hint: "Check that the file exists and is a kubeconfig: `kubectl config view`.",
    });
  }
  if (options.context !== undefined) {
    config.setCurrentContext(options.context);
  }
  check(config);
  return config;
}

function check(config: KubeConfig): void {
  const { server, skipTLSVerify } = clusterOf(config);
  const user = config.getCurrentUser();
  if (user === null) {
    throw new DoccError("bad-config", "The context of the kubeconfig names no user of it.");
  }
  // The API server takes an empty name as no impersonation at all: docc's own rights.
  if (user.impersonateUser === "") {
    throw new DoccError("bad-config", "The kubeconfig impersonates a user without a name.");
  }
  const { protocol } = urlOf(server);
  if (protocol === "http:" && !skipTLSVerify) {
    throw new DoccError(
      "bad-config",
      "The cluster's address is http: credentials would be readable.",
      {
        hint: "Use https, or set insecure-skip-tls-verify: true for a cluster on this machine.",
      },
    );
  }
}

function clusterOf(config: KubeConfig): { server: string; skipTLSVerify: boolean } {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new DoccError("bad-config", "The kubeconfig has no such context, or no current one.", {
      hint: "`kubectl config get-contexts` lists them.",
    });
  }
  return cluster;
}

function urlOf(server: string): URL {
  const url = URL.parse(server);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new DoccError("bad-config", "The cluster has no usable address.", {
      hint: "Outside a cluster, docc needs a kubeconfig.",
    });
  }
  return url;
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

interface Pool {
  get(options: DispatcherOptions): Dispatcher;
  close(): Promise<void>;
}

/**
 * One dispatcher for as long as CA and client certificate stay the same. client-node itself makes a
 * new one, and so a new TLS connection, for every call (facts/kubernetes.md section 2).
 */
function createPool(): Pool {
  const open = new Set<Dispatcher>();
  let current: { options: DispatcherOptions; dispatcher: Dispatcher } | undefined;
  let closed = false;

  /** Lets what is in flight end by itself: a watch ends within minutes. */
  const retire = (dispatcher: Dispatcher): void => {
    void dispatcher.close().finally(() => open.delete(dispatcher));
  };

  return {
    get: (options) => {
      if (closed) {
        throw new DoccError("unavailable", "The connection to the cluster is closed.");
      }
      if (current !== undefined && isDeepStrictEqual(current.options, options)) {
        return current.dispatcher;
      }
      const dispatcher = createDispatcher(options);
      open.add(dispatcher);
      if (current !== undefined) {
        retire(current.dispatcher);
      }
      current = { options, dispatcher };
      return dispatcher;
    },
    close: async () => {
      closed = true;
      await Promise.all([...open].map(async (dispatcher) => dispatcher.destroy()));
    },
  };
}

function createDispatcher(options: DispatcherOptions): Dispatcher {
  const common = {
    // HTTP/1.1, so that a watch that hangs holds up nobody else.
    allowH2: false,
    connections: mostSockets,
    keepAliveTimeout: keepAliveMs,
    // Every request has its own deadline on docc's clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  switch (options.type) {
    case "none":
      return new Agent({ ...common, connect: tcp });
    case "agent":
      return new Agent({ ...common, connect: { ...tlsOf(options.connect), ...tcp } });
    case "proxy":
      return new ProxyAgent({ ...common, uri: options.uri, requestTls: tlsOf(options.requestTls) });
    case "socks":
      throw new DoccError("bad-config", "docc reaches clusters through HTTP proxies, not SOCKS.");
    default:
      return options satisfies never;
  }
}

/** What of a kubeconfig concerns TLS. */
type TlsMaterial = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "pfx" | "passphrase" | "rejectUnauthorized" | "servername"
>;

function tlsOf(options: TlsMaterial): TlsMaterial {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const picked = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(picked).filter(([, value]) => value !== undefined));
}
