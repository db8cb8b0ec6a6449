import { Agent, request as send } from "undici";
import type { Clock } from "../../clock.ts";
import type { Delivery, Webhook } from "../../controller/ports.ts";
import type { NoticedPhase } from "../../release/notices.ts";
import { parseRetryAfter } from "../../text/retry-after.ts";
import { cloudEvent, contentType } from "./cloud-event.ts";
import { sign } from "./signature.ts";

export interface WebhookOptions {
  /** As docc.yaml calls it. */
  readonly name: string;
  readonly url: string;
  /** What it hears of; undefined: everything. */
  readonly events: readonly NoticedPhase[] | undefined;
  /** Environments it hears of; undefined: all. */
  readonly environments: readonly string[] | undefined;
  /** Milliseconds after which an event is given up. */
  readonly giveUpMs: number;
  /** Each signs every event: two while a secret is replaced. */
  readonly keys: readonly Uint8Array[];
  /** docc's own namespace. */
  readonly home: string;
  /** The time of the wall, for the deadline. */
  readonly clock: Clock;
  /** Milliseconds for one delivery, from the connection to the status of the answer. */
  readonly timeoutMs?: number;
}

const mostSockets = 4;
const mostIgnoredBytes = 16 * 1_024;

/**
 * One receiver of CloudEvents over HTTP POST, signed by Standard Webhooks. No redirect is followed, no proxy
 * used, and of the answer only the status and Retry-After count. The operator's own configuration is trusted
 * to name private addresses.
 */
export function createWebhook(options: WebhookOptions): Webhook & { close(): Promise<void> } {
  const { name, giveUpMs, clock, timeoutMs = 10_000 } = options;
  const dispatcher = new Agent({
    allowH2: false,
    connections: mostSockets,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16 * 1_024,
    // The signal of each request ends it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    name,
    giveUpMs,
    wants: ({ environment, phase }) =>
      (options.events?.includes(phase) ?? true) &&
      (options.environments?.includes(environment) ?? true),
    deliver: async (notice, { now, signal }) => {
      const body = cloudEvent(notice, options.home);
      const timestamp = Math.floor(now / 1_000);
      const time = new AbortController();
      const end = (): void => time.abort();
      const cancel = clock.after(timeoutMs, end);
      signal.addEventListener("abort", end, { once: true });
      const leave = (): void => {
        cancel();
        signal.removeEventListener("abort", end);
      };
      try {
        const answer = await send(options.url, {
          method: "POST",
          dispatcher,
          headers: {
            "content-type": contentType,
            "user-agent": "docc",
            "webhook-id": notice.id,
            "webhook-timestamp": String(timestamp),
            "webhook-signature": sign({ id: notice.id, timestamp, body }, options.keys),
          },
          body,
          signal: time.signal,
        });
        // Whatever else it has to say is let go: a little so that the connection can be used again.
        answer.body.dump({ limit: mostIgnoredBytes }).then(leave, leave);
        return judge(answer.statusCode, parseRetryAfter(answer.headers["retry-after"], now));
      } catch (error) {
        leave();
        return { state: "failed", why: time.signal.aborted ? "no answer in time" : sayWhy(error) };
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function judge(status: number, retryAfterMs: number | undefined): Delivery {
  if (status >= 200 && status < 300) return { state: "delivered" };
  if (status === 410) return { state: "gone" };
  const waits = (status === 429 || status === 503) && retryAfterMs !== undefined;
  return { state: "failed", why: `HTTP ${status}`, ...(waits ? { retryAfterMs } : {}) };
}

/** The code alone: messages of the system and of undici name addresses. */
function sayWhy(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "no connection";
}
