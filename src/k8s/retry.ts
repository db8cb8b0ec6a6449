import { isKubeError } from "./errors.ts";

/** Full jitter: spreads clients that failed together. https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
export function backOff(
  failures: number,
  limits: { readonly baseMs: number; readonly capMs: number },
  random: () => number,
): number {
  return random() * Math.min(limits.capMs, limits.baseMs * 2 ** (failures - 1));
}

export interface Attempt {
  /** Attempts so far, the failed one included. */
  readonly count: number;
  /** True for requests that change nothing, and so may be sent twice. */
  readonly repeatable: boolean;
  /** Until the whole call gives up, in milliseconds. */
  readonly remainingMs: number;
  readonly random: () => number;
}

const mostAttempts = 4;
const limits = { baseMs: 200, capMs: 5_000 };

/**
 * How long to wait before the next attempt, in milliseconds; undefined when this failure is final.
 * A write is repeated only when the API server certainly did not do it: 429, or never sent.
 */
export function retryDelay(error: unknown, attempt: Attempt): number | undefined {
  if (!isKubeError(error) || attempt.count >= mostAttempts) {
    return undefined;
  }
  const passing = isKubeError(error, "unavailable", "timeout", "bad-answer");
  const undone = error.kind === "too-many-requests" || (passing && error.notSent);
  if (!undone && !(passing && attempt.repeatable)) {
    return undefined;
  }
  const delay = (error.retryAfterMs ?? 0) + backOff(attempt.count, limits, attempt.random);
  return delay < attempt.remainingMs ? delay : undefined;
}
