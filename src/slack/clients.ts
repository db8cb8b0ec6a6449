import { webApi } from "@slack/bolt";
import { boltLogger, type Logger } from "./logger.ts";
import { apiUrlOf, type SlackSettings } from "./settings.ts";

/**
 * Web API clients by urgency: a slow or rate-limited call of one never delays another's
 * (facts/slack.md section 0.2). Nobody retries inside: chat.postMessage was measured to post three
 * times over two 503s, so every retry is a decision of the caller.
 */
export interface Clients {
  /** Answers a waiting person: views.open, chat.postEphemeral. */
  readonly interactive: webApi.WebClient;
  /** Channel messages: chat.postMessage, chat.update. */
  readonly progress: webApi.WebClient;
  /** Look-ups: files.info, users.lookupByEmail. */
  readonly reads: webApi.WebClient;
}

const timeoutMs = { interactive: 5_000, progress: 8_000, reads: 5_000 } as const;

/** Options for one client; also for Bolt's own and for Socket Mode's. */
export function clientOptions(
  settings: SlackSettings,
  logger: Logger,
  timeout: number,
): webApi.WebClientOptions {
  const apiUrl = apiUrlOf(settings);
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    logger: boltLogger(logger),
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: boundedFetch,
  };
}

export function createClients(settings: SlackSettings, logger: Logger): Clients {
  const client = (timeout: number): webApi.WebClient =>
    new webApi.WebClient(settings.botToken, clientOptions(settings, logger, timeout));
  return {
    interactive: client(timeoutMs.interactive),
    progress: client(timeoutMs.progress),
    reads: client(timeoutMs.reads),
  };
}

/** Bolt answers response URLs through its client's fetch and without a deadline. */
const boundedFetch: webApi.FetchFunction = (url, init) =>
  fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeoutMs.interactive) });
