import { webApi } from "@slack/bolt";
import { DoccError } from "../errors.ts";

/** What a failed Web API call means for whoever made it. */
export type Failure =
  /** Certainly not done; again after that long. */
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /** The blocks or the text were refused; other blocks may pass. */
  | { readonly kind: "refused-content"; readonly code: string }
  /** No retry can help. */
  | { readonly kind: "permanent"; readonly code: string }
  /** Slack or the way to it is in trouble; it may have been done all the same. */
  | { readonly kind: "transient"; readonly code: string };

const contentCodes = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
  "msg_blocks_too_long",
  "msg_too_long",
]);

/** Codes that say "later": docs.slack.dev/reference/methods/chat.postMessage, "Errors". */
const transientCodes = new Set([
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
  "accesslimited",
]);

export function failureOf(error: unknown): Failure {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return { kind: "rate-limited", retryAfterMs: error.retryAfter * 1_000 };
  }
  if (error instanceof webApi.WebAPIPlatformError) return byCode(error.data.error);
  if (error instanceof webApi.WebAPIHTTPError) {
    return { kind: "transient", code: `http ${error.statusCode}` };
  }
  if (error instanceof webApi.WebAPIRequestError) return { kind: "transient", code: "no answer" };
  // For example a 429 without Retry-After, which the client wraps in a plain Error.
  return { kind: "transient", code: "unexpected" };
}

function byCode(code: string): Failure {
  if (code === "ratelimited" || code === "rate_limited") {
    return { kind: "rate-limited", retryAfterMs: 1_000 };
  }
  if (contentCodes.has(code)) return { kind: "refused-content", code };
  return { kind: transientCodes.has(code) ? "transient" : "permanent", code };
}

const notInChannel = new Set(["not_in_channel", "channel_not_found"]);

/** The failure of a post in words a person can act on. */
export function explain(failure: Failure, cause: unknown): DoccError {
  if (failure.kind === "transient" || failure.kind === "rate-limited") {
    return new DoccError("unavailable", "Slack did not take the message.", { cause });
  }
  if (notInChannel.has(failure.code)) {
    return new DoccError("slack-refused", "docc cannot post in that channel: it is no member.", {
      hint: "Invite it there with /invite @docc.",
      cause,
    });
  }
  if (failure.code === "is_archived") {
    return new DoccError("slack-refused", "The channel is archived.", { cause });
  }
  return new DoccError("slack-refused", `Slack refused the message (${failure.code}).`, { cause });
}
