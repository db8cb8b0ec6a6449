/** One thing that docc asks of an upstream: a request, or a frame that it sends on a WebSocket. */
export interface Call {
  /** In the order of arrival, from 1. */
  readonly number: number;
  /** An HTTP method; `FRAME` for a WebSocket frame. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The whole body, or the frame's text. */
  readonly body: string;
  /** What people call it, such as `PUT releases/status` or `chat.postMessage`. */
  readonly kind: string;
  /** True for an answer that may go on for ever: a watch, a followed log. */
  readonly isStream: boolean;
}

type Bare = Pick<Call, "method" | "path" | "query" | "body">;

/** How an upstream's calls are told apart. */
export interface Dialect {
  kindOf(call: Bare): string;
  isStream(call: Bare): boolean;
}

const resourcePath =
  /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/]+)?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;
const namespacePath = /^\/api\/v1\/namespaces(?:\/[^/]+)?$/;

const isFlag = (value: string | null): boolean => value === "true" || value === "1";

/** `GET pods/log`, `LIST releases`, `WATCH pods`, `PATCH deployments (dry run)`. */
export const kubernetes: Dialect = {
  kindOf: ({ method, path, query }) => {
    const named = namespacePath.test(path)
      ? ["namespaces", path.split("/")[4], undefined]
      : (resourcePath.exec(path) ?? []).slice(1);
    const [resource, name, sub] = named;
    if (resource === undefined) return `${method} ${path}`;
    const verb = method === "GET" ? readVerb(name, query) : method;
    const what = sub === undefined ? resource : `${resource}/${sub}`;
    return `${verb} ${what}${query.get("dryRun") === "All" ? " (dry run)" : ""}`;
  },
  isStream: ({ method, query }) =>
    method === "GET" && (isFlag(query.get("watch")) || isFlag(query.get("follow"))),
};

function readVerb(name: string | undefined, query: URLSearchParams): string {
  if (isFlag(query.get("watch"))) return "WATCH";
  return name === undefined ? "LIST" : "GET";
}

/** `chat.postMessage`, `chat.postMessage (thread)`, `POST respond`, `ack`. */
export const slack: Dialect = {
  kindOf: ({ method, path, query, body }) => {
    if (method === "FRAME") return body.includes('"envelope_id"') ? "ack" : "frame";
    const [, area = "", name = ""] = path.split("/");
    if (area !== "api") return `${method} ${area}`;
    const args = `${query.toString()}&${body}`;
    const isReply = name === "chat.postMessage" && /(^|&|")thread_ts("\s*:|=)/.test(args);
    return isReply ? `${name} (thread)` : name;
  },
  isStream: () => false,
};
