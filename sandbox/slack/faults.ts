/** Troubles that a test orders: what goes wrong, where, and how often. */

export type FaultKind =
  /** HTTP 500; the work is not done. */
  | "status500"
  /** HTTP 429 with `Retry-After`; the work is not done. */
  | "ratelimited"
  /** Accepted and never answered; the work is not done. */
  | "timeout"
  /** The connection is cut before any answer; the work is not done. */
  | "reset"
  /** The work is done, then the connection is cut: the caller cannot know. */
  | "accept-then-reset"
  /** Slack's validator refuses the blocks. */
  | "invalid_blocks"
  /** The payload reaches the app twice. Only for `delivery`. */
  | "duplicate"
  /** Any error code of the Web API. */
  | `error:${string}`;

export interface Fault {
  /**
   * A Web API method, or one of: `socket` (opening a Socket Mode connection), `delivery` (a payload
   * on its way to the app), `download`, `upload`, `response_url`.
   */
  readonly method: string;
  readonly kind: FaultKind;
  /** How many times it happens. */
  readonly times: number;
  /** For `ratelimited`; one second unless told. */
  readonly retryAfterSeconds?: number;
}

const plainKinds: readonly string[] = [
  "status500",
  "ratelimited",
  "timeout",
  "reset",
  "accept-then-reset",
  "invalid_blocks",
  "duplicate",
] satisfies readonly FaultKind[];

export const isFaultKind = (kind: string): kind is FaultKind =>
  plainKinds.includes(kind) || kind.startsWith("error:");

/** The faults in force, oldest first. */
export class Faults {
  #pending: Fault[] = [];

  add(fault: Fault): void {
    this.#pending.push(fault);
  }

  clear(): void {
    this.#pending = [];
  }

  /** Faults that have not happened yet. */
  get pending(): readonly Fault[] {
    return this.#pending;
  }

  /** Uses up one occurrence of the oldest fault at this place. */
  take(method: string): Fault | undefined {
    const fault = this.#pending.find((one) => one.method === method);
    if (fault !== undefined) {
      this.#pending = this.#pending.flatMap((one) =>
        one !== fault ? [one] : one.times > 1 ? [{ ...one, times: one.times - 1 }] : [],
      );
    }
    return fault;
  }
}
