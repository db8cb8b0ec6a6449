/**
 * The stable reason codes of everything docc can refuse or fail at. They appear in messages, audit
 * records, metrics and exit codes; once released a code keeps its meaning.
 */
export type Reason =
  | "bad-input"
  | "not-allowed"
  | "not-found"
  | "not-ours"
  | "conflict"
  | "already-exists"
  | "unavailable"
  | "timeout"
  | "too-big"
  | "slack-refused"
  | "bad-config"
  | "internal";

/**
 * An expected failure. `message` is one sentence a person may read: it never carries a response
 * body, a header, a token or an environment value. `hint` says what to do next. Anything thrown
 * that is not a DoccError is a bug and reaches people only as a reference id.
 */
export class DoccError extends Error {
  override readonly name: string = "DoccError";
  readonly reason: Reason;
  readonly hint: string | undefined;

  constructor(reason: Reason, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.hint = options.hint;
  }
}

/** Whether it is a DoccError for one of these reasons. */
export function isDoccError(error: unknown, ...reasons: readonly Reason[]): error is DoccError {
  return error instanceof DoccError && reasons.includes(error.reason);
}
