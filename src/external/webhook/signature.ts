import { createHmac } from "node:crypto";

/** What a receiver sees of a secret: `whsec_` and base64 of 24 to 64 bytes. */
const written = /^whsec_(?<base64>[A-Za-z0-9+/]+={0,2})$/u;
const leastBytes = 24;
const mostBytes = 64;

/**
 * The key in a secret as Standard Webhooks writes it; undefined when it is none.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function readSecret(text: string): Uint8Array | undefined {
  const base64 = written.exec(text)?.groups?.["base64"];
  if (base64 === undefined) return undefined;
  const key = Buffer.from(base64, "base64");
  // Node skips what is no base64: only a text that comes out again is one.
  const isWhole = key.toString("base64").replace(/=+$/u, "") === base64.replace(/=+$/u, "");
  return isWhole && key.byteLength >= leastBytes && key.byteLength <= mostBytes ? key : undefined;
}

/**
 * The value of `webhook-signature`: one signature for each key, so that a receiver may have either while a
 * secret is replaced.
 * @param timestamp whole seconds since the Unix epoch
 */
export function sign(
  {
    id,
    timestamp,
    body,
  }: { readonly id: string; readonly timestamp: number; readonly body: string },
  keys: readonly Uint8Array[],
): string {
  return keys
    .map((key) => createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64"))
    .map((signature) => `v1,${signature}`)
    .join(" ");
}
