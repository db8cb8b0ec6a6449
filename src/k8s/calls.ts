import { sleep } from "../clock.ts";
import type { Text } from "./bytes.ts";
import type { Connection, Lane } from "./connection.ts";
import { isKubeError } from "./errors.ts";
import { retryDelay } from "./retry.ts";
import { exchange, type HttpRequest } from "./transport.ts";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the whole call with all its attempts, in milliseconds; three request timeouts unless given. */
  readonly timeoutMs?: number | undefined;
  /** Whose places it takes on the connection; those of reads or writes unless given. */
  readonly lane?: Lane | undefined;
}

/** A request with its deadline and its retries; resolves with at most `bytes` of the body. */
export type Call = (
  request: Omit<HttpRequest, "signal" | "permit" | "lane">,
  options: CallOptions,
  bytes?: number,
) => Promise<Text>;

const mostAnswerBytes = 32 * 1024 * 1024;
const patience = 3;

/** @param mayWrite see {@link ApiOptions.mayWrite} */
export function createCall(connection: Connection, mayWrite?: () => void): Call {
  const { clock, random, requestTimeoutMs } = connection;
  return async (
    bare,
    { signal, timeoutMs = patience * requestTimeoutMs, lane },
    bytes = mostAnswerBytes,
  ) => {
    const permit = bare.operation.writes ? mayWrite : undefined;
    const request = { ...bare, signal, permit, lane };
    const giveUpAt = clock.now() + timeoutMs;
    for (let count = 1; ; count += 1) {
      const left = Math.min(requestTimeoutMs, giveUpAt - clock.now());
      try {
        return await exchange(connection, request, { timeoutMs: left, bytes });
      } catch (error) {
        // A 401 with credentials that were replaced on disk meanwhile is worth one more attempt.
        if (isKubeError(error, "unauthorized") && connection.reload()) {
          continue;
        }
        const delay = retryDelay(error, {
          count,
          repeatable: !request.operation.writes,
          remainingMs: giveUpAt - clock.now(),
          random,
        });
        if (delay === undefined) {
          throw error;
        }
        await sleep(clock, delay, signal);
      }
    }
  };
}
