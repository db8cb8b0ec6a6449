import { Agent, type Dispatcher, request as send } from "undici";
import { type Clock, sleep } from "../../clock.ts";
import { publicLookup, refusePrivateHost, type Resolve } from "./addresses.ts";
import { networkFailure, RegistryFailure } from "./failure.ts";
import type { Origins } from "./origins.ts";

export interface Ask {
  readonly method: "GET" | "HEAD";
  readonly url: URL;
  readonly accept: string;
  /** Value of the Authorization header; it goes to the URL's own origin alone. */
  readonly authorization: string | undefined;
  /** A longer body is a failure. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Where it came from in the end. */
  readonly url: URL;
  /** A header's value; several of one name are joined by commas. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
}

/** Bounded HTTP: no proxy, no cookies, no cache, few redirects, never to a private place by surprise. */
export interface Http {
  /** @throws RegistryFailure when there is no answer; an answer of any status is returned */
  ask(ask: Ask): Promise<Answer>;
  close(): Promise<void>;
}

const mostRedirects = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What a load balancer in front of a registry says while it has nobody behind it. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);
const pauseMs = 100;

export function createHttp(
  origins: Origins,
  { clock, resolve }: { readonly clock: Clock; readonly resolve?: Resolve },
): Http {
  const common = {
    allowH2: false,
    connections: 8,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16 * 1_024,
    // The signal of each request ends it.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const anywhere = new Agent(common);
  const outside = new Agent({ ...common, connect: { lookup: publicLookup(resolve) } });

  const dispatcherFor = (url: URL): Dispatcher => {
    if (origins.isNamed(url)) return anywhere;
    refusePrivateHost(url);
    return outside;
  };

  const once = async (ask: Ask): Promise<Answer> => {
    try {
      return await exchange(ask, dispatcherFor(ask.url));
    } catch (error) {
      throw networkFailure(error);
    }
  };

  /** A second try for what often passes at once: a connection that the other side had given up. */
  const twice = async (ask: Ask): Promise<Answer> => {
    const first = await once(ask).catch((failure: RegistryFailure) => failure);
    if (first instanceof RegistryFailure) {
      if (!first.mayPass) throw first;
    } else if (!passing.has(first.status)) return first;
    await sleep(clock, pauseMs, ask.signal);
    return once(ask);
  };

  return {
    ask: async (first) => {
      let ask = first;
      for (let hops = 0; hops <= mostRedirects; hops += 1) {
        const answer = await twice(ask);
        if (!redirects.has(answer.status)) return answer;
        ask = redirected(ask, answer.header("location"), origins);
      }
      throw new RegistryFailure("redirects too often");
    },
    close: async () => {
      await Promise.all([anywhere.destroy(), outside.destroy()]);
    },
  };
}

function redirected(ask: Ask, location: string | undefined, origins: Origins): Ask {
  const url = URL.parse(location ?? "", ask.url.href);
  if (url === null || !origins.isAllowed(url)) {
    throw new RegistryFailure("redirects to a place where docc does not go");
  }
  const isSame = url.origin === ask.url.origin;
  return { ...ask, url, authorization: isSame ? ask.authorization : undefined };
}

async function exchange(ask: Ask, dispatcher: Dispatcher): Promise<Answer> {
  const { method, url, accept, authorization, signal } = ask;
  const { statusCode, headers, body } = await send(url, {
    method,
    dispatcher,
    signal,
    headers: {
      accept,
      "accept-encoding": "identity",
      "user-agent": "docc",
      ...(authorization === undefined ? {} : { authorization }),
    },
  });
  return {
    status: statusCode,
    url,
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    body: await readAll(body, ask.mostBytes),
  };
}

/** Leaving the loop early closes the connection behind the body. */
async function readAll(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > most) throw new RegistryFailure("sends more than docc reads");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
