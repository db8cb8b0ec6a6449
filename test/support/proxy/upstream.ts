import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

export interface UpstreamOptions {
  /** `https://127.0.0.1:6443`, or the embedded cluster's and the fake Slack's plain http. */
  readonly url: string;
  /** The authority that signed the upstream's certificate, PEM. */
  readonly ca?: string;
  /** A client certificate and its key, PEM; a bearer token comes from docc itself. */
  readonly cert?: string;
  readonly key?: string;
}

export interface UpstreamRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Gives the request up. */
  readonly signal: AbortSignal;
}

/** The real other side, with connections of its own. */
export interface Upstream {
  readonly url: string;
  /** Resolves with the head of the answer; its body is still to come. */
  send(request: UpstreamRequest): Promise<IncomingMessage>;
  close(): void;
}

/** Headers that belong to one connection (RFC 9110 section 7.6.1), and those that Node writes itself. */
const ofConnection = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function withoutConnection(
  headers: UpstreamRequest["headers"],
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofConnection.has(name) ? [] : [[name, value]],
    ),
  );
}

export function createUpstream({ url, ca, cert, key }: UpstreamOptions): Upstream {
  const isTls = url.startsWith("https:");
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key }).filter(([, value]) => value !== undefined),
  );
  const agent = isTls
    ? new HttpsAgent({ keepAlive: true, ...tls })
    : new HttpAgent({ keepAlive: true });
  const open = isTls ? httpsRequest : httpRequest;
  return {
    url,
    send: ({ method, target, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const sent = open(`${url}${target}`, {
          method,
          agent,
          signal,
          headers: {
            ...withoutConnection(headers),
            ...(body.length === 0 ? {} : { "content-length": body.length }),
          },
        });
        sent.once("response", resolve);
        sent.on("error", reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
