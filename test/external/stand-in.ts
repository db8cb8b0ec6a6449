import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as the stand-in saw it. */
export interface Seen {
  readonly line: string;
  readonly authorization: string | undefined;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const manifest = '{"schemaVersion":2,"layers":[]}';
export const digestOf = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

/**
 * A registry on loopback that misbehaves as a test tells it; left alone it has `demo/app` with the tags
 * 2016 to 2018, and says what Debian's registry says (docker-registry.contract.test.ts).
 */
export class StandIn {
  /** Takes requests by the start of their line: `GET /v2/demo/app/manifests/2017`. */
  readonly faults = new Map<string, Handler>();
  readonly seen: Seen[] = [];
  readonly #server = createServer((request, response) => this.#take(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
  /** `127.0.0.1:port`, as images name it. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  get origin(): string {
    return `http://${this.host}`;
  }
  get lines(): readonly string[] {
    return this.seen.map(({ line }) => line);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    this.seen.push({ line, authorization: request.headers.authorization });
    const fault = [...this.faults].find(([start]) => line.startsWith(start));
    if (fault === undefined) serve(request, response);
    else fault[1](request, response);
  }
}

const tags: readonly string[] = ["2016", "2017", "2018"];

/** What a sound registry does. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? "", "http://registry");
  const tag = /^\/v2\/demo\/app\/manifests\/(?<tag>.+)$/.exec(pathname)?.groups?.["tag"] ?? "";
  if (pathname === "/v2/demo/app/tags/list") {
    json(response, { name: "demo/app", tags });
  } else if (tags.includes(tag) || tag === digestOf(manifest)) {
    response.writeHead(200, {
      "content-type": "application/vnd.oci.image.manifest.v1+json",
      "docker-content-digest": digestOf(manifest),
    });
    response.end(request.method === "HEAD" ? undefined : manifest);
  } else {
    json(response, { errors: [{ code: "MANIFEST_UNKNOWN" }] }, 404);
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Lets nobody in without this Authorization header. */
export function guarded(authorization: string, challenge: string): Handler {
  return (request, response) => {
    if (request.headers.authorization === authorization) serve(request, response);
    else response.writeHead(401, { "www-authenticate": challenge }).end();
  };
}
