import { type Dispatcher, request as send } from "undici";
import { DoccError } from "../errors.ts";
import { parseRetryAfter } from "../text/retry-after.ts";
import { escapeOddCharacters } from "../text/yaml-characters.ts";
import type { Actor } from "./actor.ts";
import { readUpTo, type Text } from "./bytes.ts";
import type { Connection, Credentials, Lane } from "./connection.ts";
import { type Deadline, orAbort, startDeadline } from "./deadline.ts";
import { KubeError, networkError, type Operation, timeoutError } from "./errors.ts";
import { statusError } from "./status.ts";

export interface HttpRequest {
  readonly operation: Operation;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON under `contentType`, which is application/json unless given. */
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  /** For whom it is done; docc itself unless given. */
  readonly as?: Actor | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whose places it takes; those of reads or writes unless given. */
  readonly lane?: Lane | undefined;
  /** Asked at the last moment before the request leaves: throws when it must not any more. */
  readonly permit?: (() => void) | undefined;
}

const mostStatusBytes = 1024 * 1024;

export interface ExchangeLimits {
  readonly timeoutMs: number;
  /** How much of the body is read. */
  readonly bytes: number;
}

/** One attempt of a request, from waiting for a place to the last byte. Resolves with the body. */
export async function exchange(
  connection: Connection,
  request: HttpRequest,
  limits: ExchangeLimits,
): Promise<Text> {
  const { operation } = request;
  const deadline = startDeadline(connection.clock, limits.timeoutMs, request.signal);
  const progress = { sent: false };
  try {
    const lane = request.lane ?? (operation.writes ? "write" : "read");
    const leave = await connection.lanes[lane].acquire(deadline.signal);
    try {
      const { body } = await open(connection, request, deadline, progress);
      return await readUpTo(body, limits.bytes);
    } finally {
      leave();
    }
  } catch (error) {
    throw translated(error, request, deadline, limits.timeoutMs, progress.sent);
  } finally {
    deadline.dispose();
  }
}

/**
 * The body of a long answer, as it comes. Ends quietly when the caller aborts; throws a KubeError
 * when the connection breaks, or when nothing came for `idleMs`. Takes no place from requests.
 */
export async function* stream(
  connection: Connection,
  request: HttpRequest,
  idleMs?: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const openMs = connection.requestTimeoutMs;
  const deadline = startDeadline(connection.clock, openMs, request.signal);
  const progress = { sent: false };
  const wait = (): void => (idleMs === undefined ? deadline.lift() : deadline.extend(idleMs));
  let opened = false;
  try {
    const { body } = await open(connection, request, deadline, progress);
    opened = true;
    wait();
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      // The time that the reader takes is not the server's silence.
      deadline.lift();
      yield chunk;
      wait();
    }
  } catch (error) {
    if (request.signal?.aborted !== true) {
      const waited = opened && idleMs !== undefined ? idleMs : openMs;
      throw translated(error, request, deadline, waited, progress.sent);
    }
  } finally {
    deadline.dispose();
  }
}

/** Sends the request and resolves with a 2xx answer, its body unread; any other one is thrown. */
async function open(
  connection: Connection,
  request: HttpRequest,
  deadline: Deadline,
  progress: { sent: boolean },
): Promise<Dispatcher.ResponseData> {
  const { dispatcher, headers } = await credentialsFor(connection, request, deadline.signal);
  request.permit?.();
  progress.sent = true;
  const answer = await send(connection.server + request.path + queryOf(request), {
    method: request.method,
    dispatcher,
    headers: {
      accept: "application/json",
      "user-agent": "docc",
      ...(request.body === undefined
        ? {}
        : { "content-type": request.contentType ?? "application/json" }),
      ...headers,
      ...request.as?.headers(),
    },
    // What is applied is read as YAML.
    body: request.body === undefined ? null : escapeOddCharacters(JSON.stringify(request.body)),
    signal: deadline.signal,
  });
  if (answer.statusCode >= 200 && answer.statusCode < 300) {
    return answer;
  }
  const retryAfterMs = parseRetryAfter(answer.headers["retry-after"], connection.clock.now());
  throw statusError(request.operation, await readStatus(answer.body), {
    code: answer.statusCode,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

async function credentialsFor(
  connection: Connection,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Credentials> {
  try {
    return await orAbort(connection.credentials(), signal);
  } catch (error) {
    if (signal.aborted || error instanceof DoccError) {
      throw error;
    }
    // An exec plugin's standard error, or a path: not for people, and perhaps a secret.
    const message = `docc has no credentials for the cluster: ${request.operation.name}.`;
    throw new KubeError("unauthorized", message, { notSent: true });
  }
}

function translated(
  error: unknown,
  request: HttpRequest,
  deadline: Deadline,
  ms: number,
  sent: boolean,
): Error {
  if (error instanceof DoccError) {
    return error;
  }
  if (request.signal?.aborted === true) {
    return request.signal.reason instanceof Error ? request.signal.reason : new Error("aborted");
  }
  return deadline.expired()
    ? timeoutError(request.operation, ms, !sent)
    : networkError(request.operation, error);
}

function queryOf({ query = {} }: HttpRequest): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}

/** The parsed Status, or undefined: an answer that breaks off still has its HTTP status. */
async function readStatus(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  try {
    return JSON.parse((await readUpTo(body, mostStatusBytes)).text);
  } catch {
    return undefined;
  }
}
