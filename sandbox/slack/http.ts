import type { IncomingMessage, ServerResponse } from "node:http";
import { isObject, parseJson } from "./json.ts";
import type { JsonObject } from "./json.ts";

/** What goes back: an answer, or on order a broken one. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    }
  /** Nothing, ever. */
  | { readonly kind: "silence" }
  /** The connection is cut. */
  | { readonly kind: "reset" };

const maxBodyBytes = 32 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.byteLength;
    if (size > maxBodyBytes) {
      throw new Error("the body is too large");
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The arguments in a body: JSON or a form, by its content type. */
export function decodeArguments(body: Buffer, contentType: string): JsonObject {
  if (contentType.startsWith("application/json")) {
    const parsed = parseJson(body.toString());
    return isObject(parsed) ? parsed : {};
  }
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

/** The bytes of an upload: a raw body, or the first file of a multipart form. */
export async function decodeUpload(body: Buffer, contentType: string): Promise<Buffer> {
  if (!contentType.startsWith("multipart/form-data")) {
    return body;
  }
  const headers = { "content-type": contentType };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  for (const value of form.values()) {
    if (typeof value !== "string") {
      return Buffer.from(await value.arrayBuffer());
    }
  }
  return Buffer.alloc(0);
}

export function json(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function text(body: string, status = 200, contentType = "text/plain"): Reply {
  return { kind: "answer", status, headers: { "content-type": contentType }, body };
}

export function send(reply: Reply, response: ServerResponse): void {
  switch (reply.kind) {
    case "silence":
      return;
    case "reset":
      response.destroy();
      return;
    case "answer":
      response.writeHead(reply.status, reply.headers).end(reply.body);
  }
}
