import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/**
 * What a receiver does, written from the specification and from nothing in src/: takes one signature of
 * those that came, compared in constant time.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verifies(secret: string, headers: IncomingHttpHeaders, body: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": all } = headers;
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof all !== "string") {
    return false;
  }
  const ours = createHmac("sha256", key).update([id, timestamp, body].join(".")).digest();
  return all.split(" ").some((each) => {
    const [version, signature = ""] = each.split(",");
    const theirs = Buffer.from(signature, "base64");
    return version === "v1" && theirs.length === ours.length && timingSafeEqual(theirs, ours);
  });
}
