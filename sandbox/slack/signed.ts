import { createHmac } from "node:crypto";
import { isObject, parseJson } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { Ack, Delivery } from "./types.ts";

/** The signature that Slack puts on a request: `v0=` and an HMAC over version, time and body. */
function signature(secret: string, timestamp: number, body: string): string {
  const digest = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return `v0=${digest}`;
}

export interface SignedRequest {
  readonly url: string;
  readonly secret: string;
  readonly type: Delivery["type"];
  readonly payload: JsonObject;
  /** For the second and later deliveries of an event. */
  readonly retry?: { readonly number: number; readonly reason: string };
  readonly signal: AbortSignal;
}

/**
 * Delivers a payload over HTTP: commands as a form, interactions as a form with one `payload`,
 * events as JSON. The timestamp is real time: the receiver compares it with its own clock.
 */
export async function sendSigned(request: SignedRequest): Promise<Ack> {
  const body = encode(request.type, request.payload);
  const timestamp = Math.floor(Date.now() / 1_000);
  try {
    const response = await fetch(request.url, {
      method: "POST",
      body,
      signal: request.signal,
      headers: {
        "content-type":
          request.type === "events_api" ? "application/json" : "application/x-www-form-urlencoded",
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "x-slack-request-timestamp": String(timestamp),
        "x-slack-signature": signature(request.secret, timestamp, body),
        ...(request.retry === undefined
          ? {}
          : {
              "x-slack-retry-num": String(request.retry.number),
              "x-slack-retry-reason": request.retry.reason,
            }),
      },
    });
    return await acknowledgement(response);
  } catch {
    return { ok: false, error: request.signal.aborted ? "operation_timeout" : "dispatch_failed" };
  }
}

async function acknowledgement(response: Response): Promise<Ack> {
  const text = await response.text();
  if (response.ok) {
    const parsed = parseJson(text);
    return { ok: true, payload: isObject(parsed) ? parsed : text === "" ? {} : { text } };
  }
  return {
    ok: false,
    error: response.status >= 500 ? "http_service_error" : "http_client_error",
  };
}

function encode(type: Delivery["type"], payload: JsonObject): string {
  switch (type) {
    case "events_api":
      return JSON.stringify(payload);
    case "interactive":
      return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    case "slash_commands":
      return new URLSearchParams(
        Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]),
      ).toString();
  }
}
