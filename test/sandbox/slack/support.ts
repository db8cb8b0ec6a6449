import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import type { JsonObject } from "../../../sandbox/slack/json.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** Calls a Web API method as the bot with a JSON body. */
export async function call(
  slack: FakeSlack,
  method: string,
  args: object = {},
  token = slack.credentials.botToken,
): Promise<Answered> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(args),
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as JsonObject };
}

/** The error code of a call, or `ok`. */
export async function outcome(
  slack: FakeSlack,
  method: string,
  args: object = {},
): Promise<string> {
  const { body } = await call(slack, method, args);
  return body["ok"] === true ? "ok" : String(body["error"]);
}

/** Posts a body to a response_url; gives the HTTP status and the text. */
export async function respond(url: string, body: object): Promise<readonly [number, string]> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return [response.status, await response.text()];
}

/** One field of the last payload that was sent to the app. */
export function sent(slack: FakeSlack, key: string): string {
  const value = slack.deliveries().at(-1)?.payload[key];
  if (typeof value !== "string") {
    throw new Error(`the last payload has no ${key}`);
  }
  return value;
}

export const modal = (more: object = {}): object => ({
  type: "modal",
  title: { type: "plain_text", text: "Deploy" },
  blocks: [{ type: "section", text: { type: "plain_text", text: "Loading" } }],
  ...more,
});

export const button = (id: string): object => ({
  type: "actions",
  elements: [{ type: "button", action_id: id, text: { type: "plain_text", text: id } }],
});
