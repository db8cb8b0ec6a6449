import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Call } from "./calls.ts";
import type { Fate } from "./fates.ts";
import type { UpstreamAnswer } from "./fault-proxy.ts";
import { type OpenStream, pipe } from "./streams.ts";
import { type Upstream, withoutConnection } from "./upstream.ts";

/** What requests and frames have in common. */
export interface Shared {
  readonly upstream: Upstream;
  readonly note: (call: Omit<Call, "number" | "kind" | "isStream">) => Call;
  readonly decide: (call: Call) => Promise<Fate>;
  readonly after: (call: Call, answer: UpstreamAnswer) => Promise<void>;
  readonly rewrite: (text: string) => string;
}

interface ExchangeOptions extends Shared {
  readonly streams: Set<OpenStream>;
}

/** One request after the other, each to its fate. */
export class Exchange {
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { note, decide } = this.#options;
    const body = await readAll(request);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://proxy");
    const method = request.method ?? "GET";
    const call = note({ method, path: pathname, query: searchParams, body: body.toString() });
    const fate = await decide(call);
    if (fate.type === "hold") return;
    if (fate.type === "refuse") return void response.socket?.resetAndDestroy();
    if (fate.type === "answer") {
      response.writeHead(fate.status, { "content-type": "application/json", ...fate.headers });
      return void response.end(fate.body);
    }
    if (fate.type === "delay") await pause(fate.ms);
    await this.#forward({ call, request, response, body }, fate);
  }

  async #forward(
    { call, request, response, body }: Received,
    fate: Exclude<Fate, { type: "hold" | "refuse" | "answer" }>,
  ): Promise<void> {
    const { upstream, after, streams } = this.#options;
    const gone = new AbortController();
    // Whoever dies waiting has still asked: only what never ends is given up with its asker.
    if (call.isStream) response.once("close", () => gone.abort());
    const answer = await upstream.send({
      method: call.method,
      target: request.url ?? "/",
      headers: request.headers,
      body,
      signal: gone.signal,
    });
    if (call.isStream) {
      await after(call, { status: answer.statusCode ?? 0, body: "" });
      response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
      response.flushHeaders();
      return pipe(call, answer, response, fate.type === "break" ? fate : undefined, streams);
    }
    const whole = await readAll(answer);
    await after(call, { status: answer.statusCode ?? 0, body: whole.toString() });
    if (fate.type === "lose") {
      if (fate.how === "reset") response.socket?.resetAndDestroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
    if (fate.type === "break") return breakOff(whole, response, fate);
    response.end(this.#ofProxy(whole, answer));
  }

  /** Only JSON holds addresses; a file stays as it is. */
  #ofProxy(body: Buffer, { headers }: IncomingMessage): Buffer | string {
    const isJson = headers["content-type"]?.startsWith("application/json") === true;
    return isJson ? this.#options.rewrite(body.toString()) : body;
  }
}

interface Received {
  readonly call: Call;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
}

async function breakOff(
  whole: Buffer,
  response: ServerResponse,
  fate: Extract<Fate, { type: "break" }>,
): Promise<void> {
  const part = whole.subarray(0, fate.afterBytes ?? whole.length);
  await new Promise<void>((resolve) => response.write(part, () => resolve()));
  if (fate.afterMs !== undefined) await pause(fate.afterMs);
  if (fate.how === "end") response.end();
  else if (fate.how === "reset") response.socket?.resetAndDestroy();
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
