import type { ConnectionOptions } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { DispatcherOptions } from "@kubernetes/client-node/dist/config.js";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { DoccError } from "../errors.ts";

/** Watches and followed logs need one socket each, as HTTP/1.1 wants; requests need a few more. */
const mostSockets = 512;
/** Below the idle timeouts of API servers (90 s and more) and of cloud load balancers (60 s). */
const keepAliveMs = 30_000;
/** Probes a silent peer every 30 s, as client-go does: a watch may be silent for a minute. */
const tcp = { keepAlive: true, keepAliveInitialDelay: 30_000 };

export interface DispatcherPool {
  get(options: DispatcherOptions): Dispatcher;
  close(): Promise<void>;
}

/**
 * One dispatcher for as long as CA and client certificate stay the same. client-node itself makes a
 * new one, and so a new TLS connection, for every call (facts/kubernetes.md section 2).
 * @param connectMs how long a connection may take to come about
 */
export function createDispatcherPool(connectMs: number): DispatcherPool {
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
      const dispatcher = createDispatcher(options, connectMs);
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

function createDispatcher(options: DispatcherOptions, connectMs: number): Dispatcher {
  const common = {
    // HTTP/1.1, so that a watch that hangs holds up nobody else.
    allowH2: false,
    connections: mostSockets,
    keepAliveTimeout: keepAliveMs,
    // A handshake that nobody answers would hold up the end of a process for longer than its request.
    connectTimeout: connectMs,
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
export type TlsMaterial = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "pfx" | "passphrase" | "rejectUnauthorized" | "servername"
>;

export function tlsOf(options: TlsMaterial): TlsMaterial {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const picked = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(picked).filter(([, value]) => value !== undefined));
}
