import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Call, Dialect } from "./calls.ts";
import { Exchange } from "./exchange.ts";
import { type Fate, pass, type Rule } from "./fates.ts";
import type { OpenStream } from "./streams.ts";
import { createUpstream, type UpstreamOptions } from "./upstream.ts";
import { serveSockets } from "./websockets.ts";

/** What the upstream said, for those who look on. */
export interface UpstreamAnswer {
  readonly status: number;
  /** Empty for a stream. */
  readonly body: string;
}

export interface FaultProxyOptions {
  readonly upstream: UpstreamOptions;
  readonly dialect: Dialect;
  /** Everything passes unless told. */
  readonly rule?: Rule;
  /**
   * Called with the upstream's whole answer before it is given to docc, which waits meanwhile: a
   * failpoint after the call. Of streams when they open, of frames when they are sent.
   */
  readonly after?: (call: Call, answer: UpstreamAnswer) => void | Promise<void>;
  /**
   * Addresses of the upstream in its JSON and frames become the proxy's, so that what they lead to
   * (sockets, files, response URLs) is seen here too. For Slack.
   */
  readonly rewritesOrigin?: boolean;
  /** How many of the latest calls are kept; all of them unless told. */
  readonly remembers?: number;
}

/** Sits on loopback between docc and one upstream, over plain HTTP/1.1, and does what it is told. */
export interface FaultProxy {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** What arrived, oldest first. */
  readonly calls: readonly Call[];
  /** Another rule from now on; calls that wait keep theirs. */
  follow(rule: Rule): void;
  /** The streams (watches) that are open now. */
  streams(): readonly OpenStream[];
  /** Connections are refused and the open ones are reset, until {@link up}. */
  down(): Promise<void>;
  /** Listens again, at the same address. */
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const upstream = createUpstream(options.upstream);
  const calls: Call[] = [];
  const streams = new Set<OpenStream>();
  const sockets = new Set<Socket>();
  let rule: Rule = options.rule ?? (() => pass);
  let url = "";
  let count = 0;

  const note = (bare: Omit<Call, "number" | "kind" | "isStream">): Call => {
    const { dialect, remembers = Infinity } = options;
    count += 1;
    const call: Call = {
      ...bare,
      number: count,
      kind: dialect.kindOf(bare),
      isStream: dialect.isStream(bare),
    };
    calls.push(call);
    if (calls.length > remembers) calls.shift();
    return call;
  };
  const shared = {
    upstream,
    note,
    decide: async (call: Call): Promise<Fate> => rule(call),
    after: async (call: Call, answer: UpstreamAnswer) => options.after?.(call, answer),
    rewrite: (text: string) =>
      options.rewritesOrigin === true
        ? text.replaceAll(new URL(upstream.url).host, new URL(url).host)
        : text,
  };
  const exchange = new Exchange({ ...shared, streams });
  const server = createServer((request, response) => {
    exchange.serve(request, response).catch((error: unknown) => fail(response, error));
  });
  // Watches are idle for long, and docc decides how long it keeps a connection.
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  const frames = serveSockets(server, shared);
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;

  const down = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    url,
    calls,
    follow: (next) => {
      rule = next;
    },
    streams: () => [...streams],
    down,
    up: () => listen(server, port),
    close: async () => {
      frames.close();
      if (server.listening) await down();
      upstream.close();
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

/** What broke between proxy and upstream is passed on as it came: a connection that breaks. */
function fail(response: ServerResponse, _error: unknown): void {
  response.socket?.resetAndDestroy();
}
