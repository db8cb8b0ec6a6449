import { Agent, fetch, type Response } from "undici";

/** The object part that every kind shares; the rest is the caller's to know. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  /** RFC 3339, as the server writes it. */
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

/** A refusal by the API server: its status code and the sentence of its Status object. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface RequestOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** A `fetch` that holds the cluster's TLS trust and the rig's token. */
export type ClusterFetch = (
  url: string,
  init?: {
    method?: string;
    body?: string;
    headers?: Record<string, string>;
    signal?: AbortSignal;
  },
) => Promise<Response>;

/**
 * The rig's own client, apart from docc's on purpose: what judges the code under test shares
 * nothing with it.
 */
export interface ApiClient {
  readonly server: string;
  readonly fetch: ClusterFetch;
  /** One call with a JSON body and answer; throws {@link ApiError} unless it succeeded. */
  request<T>(method: Method, path: string, options?: RequestOptions): Promise<T>;
  /** The events of one watch call, until the server ends it or the signal aborts. */
  watch<T>(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent<T>>;
  close(): Promise<void>;
}

const requestTimeoutMs = 30_000;

export function connect(server: string, ca: string, token: string): ApiClient {
  // A watch may be silent for as long as the cluster is: the server ends it, not undici.
  const dispatcher = new Agent({ connect: { ca }, connections: 64, bodyTimeout: 0 });
  const call: ClusterFetch = async (url, init = {}) =>
    fetch(url.startsWith("/") ? server + url : url, {
      ...init,
      headers: { accept: "application/json", ...init.headers, authorization: `Bearer ${token}` },
      dispatcher,
    });
  return {
    server,
    fetch: call,
    request: async <T>(method: Method, path: string, options: RequestOptions = {}) => {
      const response = await call(path, requestInit(method, options));
      return (await answer(response)) as T;
    },
    watch: async function* <T>(path: string, signal: AbortSignal) {
      const response = await call(path, { signal });
      if (!response.ok || response.body === null) {
        await answer(response);
        return;
      }
      for await (const line of lines(response.body)) yield JSON.parse(line) as WatchEvent<T>;
    },
    close: async () => dispatcher.destroy(),
  };
}

function requestInit(method: Method, options: RequestOptions): Parameters<ClusterFetch>[1] {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  if (options.body === undefined) return { method, signal };
  const headers = { "content-type": options.contentType ?? "application/json" };
  const { body } = options;
  return { method, signal, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

async function answer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return text.startsWith("{") ? JSON.parse(text) : text;
  throw new ApiError(response.status, statusMessage(text));
}

function statusMessage(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    return message ?? text;
  } catch {
    return text;
  }
}

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts.filter((line) => line !== "");
  }
}
