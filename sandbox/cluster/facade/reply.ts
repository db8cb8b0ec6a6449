import type { IncomingHttpHeaders } from "node:http";
import { parse } from "yaml";
import type { Json, JsonObject } from "./json.ts";
import { ApiError } from "./status.ts";

/** A request with its body read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Where a streamed answer goes, line by line. */
interface Stream {
  write(chunk: string): void;
  end(): void;
  onClose(listener: () => void): void;
}

export type Reply =
  | {
      readonly kind: "json";
      readonly status: number;
      readonly body: JsonObject;
      readonly headers?: { readonly [name: string]: string };
    }
  | { readonly kind: "text"; readonly status: number; readonly body: string }
  | { readonly kind: "stream"; readonly type: string; readonly run: (stream: Stream) => void };

export const json = (body: JsonObject, status = 200): Reply => ({ kind: "json", status, body });

export const text = (body: string, status = 200): Reply => ({ kind: "text", status, body });

export function failure(error: ApiError): Reply {
  const seconds = error.details?.retryAfterSeconds;
  const headers = seconds === undefined ? {} : { headers: { "Retry-After": String(seconds) } };
  return { kind: "json", status: error.code, body: error.toStatus(), ...headers };
}

export const contentTypeOf = (call: Call): string =>
  (call.headers["content-type"] ?? "application/json").split(";")[0]?.trim() ?? "";

/** The body as JSON; YAML where Kubernetes takes it. */
export function bodyOf(call: Call): Json | undefined {
  if (call.body.trim() === "") return undefined;
  const type = contentTypeOf(call);
  if (type.includes("protobuf")) {
    throw new ApiError(
      "UnsupportedMediaType",
      "the embedded cluster reads JSON and YAML, not protobuf",
    );
  }
  try {
    return (type.includes("yaml") ? parse(call.body) : JSON.parse(call.body)) as Json;
  } catch {
    throw new ApiError("BadRequest", "the body of the request cannot be parsed");
  }
}

/** The manager of a write: as asked, else the client's name out of `User-Agent`. */
export function fieldManagerOf(call: Call): string {
  const given = call.query.get("fieldManager");
  if (given !== null && given !== "") return given;
  return (call.headers["user-agent"] ?? "unknown").split("/")[0] ?? "unknown";
}
