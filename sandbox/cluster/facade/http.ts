import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Activity } from "../clock.ts";
import type { Fault, Faults } from "../faults.ts";
import { answer, type Parts } from "./handler.ts";
import { type Call, failure, type Reply } from "./reply.ts";
import { ApiError } from "./status.ts";

/** The API server's limit for one request. */
const bodyLimit = 3 * 1024 * 1024;

/** The facade over HTTP on loopback, with faults on demand. */
export class FacadeServer implements Activity {
  readonly #parts: Parts;
  readonly #faults: Faults;
  readonly #server: Server;
  #pulse = 0;
  #inFlight = 0;

  constructor(parts: Parts, faults: Faults) {
    this.#parts = parts;
    this.#faults = faults;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Clients keep connections as long as they like: a server that closes idle ones races with them.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  pulse(): number {
    return this.#pulse;
  }

  inFlight(): number {
    return this.#inFlight;
  }

  /** Listens on 127.0.0.1, port 0 for any free one; returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every open watch as a restarting API server does: without a word. */
  dropWatches(): void {
    for (const watch of this.#parts.watches) watch.stop();
  }

  async close(): Promise<void> {
    this.dropWatches();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#enter();
    const { method = "GET", url = "/" } = request;
    const fault = this.#faults.take(method, url);
    try {
      if (fault?.kind === "reset") request.socket.destroy();
      else if (fault?.kind === "hang") request.resume();
      else await this.#answer(request, response, fault);
    } catch {
      request.socket.destroy();
    } finally {
      this.#leave();
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
  ): Promise<void> {
    const body = await readBody(request);
    const { method = "GET", url = "/" } = request;
    const { pathname, searchParams } = new URL(url, "http://embedded");
    const call: Call = {
      method,
      path: pathname.replace(/(.)\/$/, "$1"),
      query: searchParams,
      headers: request.headers,
      body,
    };
    if (fault?.kind === "delay") await this.#wait(fault.ms ?? 0);
    const reply = injected(fault) ?? (await answer(call, this.#parts));
    if (fault?.kind === "commit-then-reset") request.socket.destroy();
    else this.#send(reply, response);
  }

  /** A delayed request does not hold up the clock that it waits for. */
  async #wait(ms: number): Promise<void> {
    this.#leave();
    await new Promise<void>((resolve) => void this.#parts.clock.after(ms, resolve));
    this.#enter();
  }

  #send(reply: Reply, response: ServerResponse): void {
    if (reply.kind === "stream") {
      response.writeHead(200, { "Content-Type": reply.type, "Cache-Control": "no-cache" });
      response.flushHeaders();
      reply.run({
        write: (chunk) => {
          this.#pulse++;
          response.write(chunk);
        },
        end: () => response.end(),
        onClose: (listener) => void response.on("close", listener),
      });
      return;
    }
    const type = reply.kind === "json" ? "application/json" : "text/plain; charset=utf-8";
    const headers = reply.kind === "json" ? reply.headers : undefined;
    response.writeHead(reply.status, {
      "Content-Type": type,
      "Cache-Control": "no-cache, private",
      ...headers,
    });
    response.end(reply.kind === "json" ? JSON.stringify(reply.body) : reply.body);
  }

  #enter(): void {
    this.#inFlight++;
    this.#pulse++;
  }

  #leave(): void {
    this.#inFlight--;
    this.#pulse++;
  }
}

function injected(fault: Fault | undefined): Reply | undefined {
  switch (fault?.kind) {
    case "status500":
      return failure(new ApiError("InternalError", "an injected fault"));
    case "status429":
      return failure(
        new ApiError(
          "TooManyRequests",
          "the server has received too many requests, please try again later",
          {
            retryAfterSeconds: 1,
          },
        ),
      );
    case "status410":
      return failure(new ApiError("Expired", "too old resource version: an injected fault"));
    default:
      return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new Error("the request is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
