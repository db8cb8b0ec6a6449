import type { Clock } from "../clock.ts";

/**
 * One signal for "took too long" and "no longer wanted". Call {@link Deadline.dispose} at the end:
 * the caller's signal may live much longer than the request.
 */
export interface Deadline {
  readonly signal: AbortSignal;
  /** True when time ran out, false when the caller gave up. */
  readonly expired: () => boolean;
  /** Starts again from now, after `ms` milliseconds instead of what was left. */
  readonly extend: (ms: number) => void;
  /** No deadline any more; the caller's signal still counts. */
  readonly lift: () => void;
  readonly dispose: () => void;
}

export function startDeadline(clock: Clock, ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let expired = false;
  const expire = (): void => {
    expired = true;
    controller.abort(new Error("deadline"));
  };
  const follow = (): void => controller.abort(outer?.reason);
  let cancel = clock.after(ms, expire);
  if (outer?.aborted === true) {
    follow();
  }
  outer?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    expired: () => expired,
    extend: (next) => {
      cancel();
      cancel = clock.after(next, expire);
    },
    lift: () => cancel(),
    dispose: () => {
      cancel();
      outer?.removeEventListener("abort", follow);
    },
  };
}

/** Settles as `work` does, or rejects as soon as the signal aborts; `work` itself goes on. */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
