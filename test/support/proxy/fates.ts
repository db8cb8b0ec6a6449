import type { Call } from "./calls.ts";

/** How something stops: properly, with a TCP reset, or without a word while the connection stays. */
type Break = "end" | "reset" | "freeze";

/** What becomes of a call. */
export type Fate =
  | { readonly type: "pass" }
  /** Passed on after so many milliseconds. */
  | { readonly type: "delay"; readonly ms: number }
  /** Taken and never answered nor passed on: a black hole. */
  | { readonly type: "hold" }
  /** Reset before anything is passed on. */
  | { readonly type: "refuse" }
  /** An answer of the proxy's own; the upstream hears nothing. */
  | Answer
  /** Passed on and done; then the answer is lost. */
  | { readonly type: "lose"; readonly how: "reset" | "freeze" }
  /** The answer comes, and breaks after so many bytes or milliseconds, whichever is first. */
  | {
      readonly type: "break";
      readonly how: Break;
      readonly afterBytes?: number;
      readonly afterMs?: number;
    };

interface Answer {
  readonly type: "answer";
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Decides on every call. It may take its time: the call waits. A rule that does something before it
 * resolves is a failpoint before the call.
 */
export type Rule = (call: Call) => Fate | Promise<Fate>;

export const pass: Fate = { type: "pass" };

/** An error as the API server says it: a `Status`. */
export function statusAnswer(
  status: number,
  reason: string,
  retryAfterSeconds?: number,
  message = `the fault proxy says ${reason}`,
): Answer {
  const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
  return {
    type: "answer",
    status,
    headers: {
      "content-type": "application/json",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason,
      ...details,
      code: status,
    }),
  };
}

/** What the embedded cluster lacks: the policy that binds the name in a Command to whoever asks (deploy/policy). */
export const boundCommands: Rule = ({ kind }) =>
  kind === "POST commands (dry run)"
    ? statusAnswer(
        403,
        "Forbidden",
        undefined,
        "whoever commands is whoever asks: docc of kubernetes",
      )
    : pass;

/** An error as Slack's Web API says it. */
export function slackAnswer(status: number, error: string, retryAfterSeconds?: number): Answer {
  return {
    type: "answer",
    status,
    headers: {
      "content-type": "application/json",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ ok: false, error }),
  };
}
