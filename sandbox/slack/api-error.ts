import type { JsonObject } from "./json.ts";
import type { Refusal } from "./validate.ts";

/** A refusal of the Web API: HTTP 200 with `ok: false` and one of Slack's error codes. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly details: JsonObject;

  constructor(code: string, details: JsonObject = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }

  /** The body that Slack would send. */
  get body(): JsonObject {
    return { ok: false, error: this.code, ...this.details };
  }
}

/** Turns a refusal of the validator into the error Slack answers, each problem with its pointer. */
export function refusalError({ error, problems }: Refusal): ApiError {
  const sentences = problems.map(({ pointer, message }) => `${message} [json-pointer:${pointer}]`);
  return sentences.length === 0
    ? new ApiError(error)
    : new ApiError(error, {
        errors: sentences,
        response_metadata: { messages: sentences.map((sentence) => `[ERROR] ${sentence}`) },
      });
}
