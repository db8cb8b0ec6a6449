import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Control } from "../slack/control.ts";
import type { FakeSlack } from "../slack/fake-slack.ts";
import { json, readBody, send, text } from "../slack/http.ts";
import type { Reply } from "../slack/http.ts";
import { readAppFeatures } from "./app.ts";
import type { AppFeatures } from "./app.ts";
import { assets } from "./assets.ts";
import { snapshot } from "./snapshot.ts";

export interface PageOptions {
  readonly slack: FakeSlack;
  /** The first TCP port to try; 0 lets the system choose. */
  readonly port: number;
  /** How many ports to try, one after the other, when the first is taken; 1 unless told. */
  readonly ports?: number;
  /** Folder of the example manifests, with a closing slash. */
  readonly examples: URL;
  /** The app's manifest, for its command and shortcuts. */
  readonly manifest: URL;
}

export interface Page {
  /** `http://127.0.0.1:4100` */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Scripts and styles come from this server alone, and text can never become HTML. */
const security: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Serves the page and the control API of this workspace on 127.0.0.1. */
export async function startPage(options: PageOptions): Promise<Page> {
  const app = await readAppFeatures(options.manifest);
  const examples = await exampleNames(options.examples);
  const control = new Control(options.slack);
  const pages = new Pages(options, app, examples);
  const server = createServer((request, response) => {
    void answer(request, response, control, pages);
  });
  const port = await listen(server, options.port, options.ports ?? 1);
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      control.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function exampleNames(folder: URL): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^[\w.-]+\.(?:json|ya?ml)$/.test(name)).toSorted();
}

/** The port that was taken: the first free one of `count`, beginning with `first`. */
async function listen(server: Server, first: number, count: number): Promise<number> {
  for (let port = first; ; port += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
      });
      const address = server.address();
      if (address !== null && typeof address === "object") return address.port;
    } catch (error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!isTaken || port + 1 >= first + count) throw error;
    }
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  control: Control,
  pages: Pages,
): Promise<void> {
  for (const [name, value] of Object.entries(security)) response.setHeader(name, value);
  try {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const body = await readBody(request);
    if (!isOurs(request)) send(text("this page answers only to itself", 403), response);
    else if (url.pathname.startsWith("/control/"))
      await control.serve(request, response, url, body);
    else send(await pages.reply(request.method ?? "GET", url), response);
  } catch {
    // A broken request, or a browser that went away in the middle of one.
    if (response.headersSent) response.destroy();
    else send(text("bad request", 400), response);
  }
}

/** Refuses other names for this address (DNS rebinding) and pages of other origins. */
function isOurs({ headers, socket }: IncomingMessage): boolean {
  const port = socket.localPort ?? 0;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = "", origin } = headers;
  return hosts.includes(host) && (origin === undefined || origin === `http://${host}`);
}

class Pages {
  readonly #options: PageOptions;
  readonly #app: AppFeatures;
  readonly #examples: readonly string[];

  constructor(options: PageOptions, app: AppFeatures, examples: readonly string[]) {
    this.#options = options;
    this.#app = app;
    this.#examples = examples;
  }

  async reply(method: string, { pathname, searchParams }: URL): Promise<Reply> {
    const query = (key: string): string => searchParams.get(key) ?? "";
    if (method === "POST" && pathname === "/dismiss") {
      const [id, person] = [query("id"), query("person")];
      const { workspace } = this.#options.slack;
      workspace.forgetEphemerals((one) => one.id === id && one.user === person);
      return json({});
    }
    if (method !== "GET") return text("method not allowed", 405);
    if (pathname === "/state") {
      const look = { person: query("person"), place: query("place"), thread: query("thread") };
      return json(snapshot(this.#options.slack, this.#app, this.#examples, look));
    }
    if (pathname.startsWith("/examples/"))
      return this.#example(pathname.slice("/examples/".length));
    const asset = assets.get(pathname);
    return asset === undefined
      ? text("not found", 404)
      : text(await readFile(asset.file, "utf8"), 200, asset.type);
  }

  /** Only names that the folder had at the start, so no path leads out of it. */
  async #example(name: string): Promise<Reply> {
    return this.#examples.includes(name)
      ? text(await readFile(new URL(name, this.#options.examples), "utf8"))
      : text("not found", 404);
  }
}
