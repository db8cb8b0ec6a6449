import { HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import { clientOptions } from "./clients.ts";
import { boltLogger, type Logger } from "./logger.ts";
import type { SlackSettings } from "./settings.ts";
import { SocketConnection } from "./socket.ts";

/** How payloads come in: a receiver for Bolt, and its life. */
export interface Transport {
  readonly receiver: SocketModeReceiver | HTTPReceiver;
  start(): Promise<void>;
  stop(): Promise<void>;
  connected(): boolean;
  /** The TCP port in http mode, once started. */
  port(): number | undefined;
}

export interface TransportOptions {
  readonly settings: SlackSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

const openConnectionTimeoutMs = 10_000;

/** @throws DoccError `bad-config` when the mode's secret is missing */
export function createTransport(options: TransportOptions): Transport {
  return options.settings.mode === "socket" ? socketTransport(options) : httpTransport(options);
}

function socketTransport({ settings, clock, random, logger }: TransportOptions): Transport {
  if (settings.appToken === undefined) {
    throw new DoccError("bad-config", "Socket Mode needs an app-level token.");
  }
  const receiver = new SocketModeReceiver({
    appToken: settings.appToken,
    autoReconnectEnabled: false,
    logger: boltLogger(logger),
    logLevel: LogLevel.INFO,
    // A receiver built by hand does not inherit the App's API URL (facts/slack.md section 3).
    installerOptions: { clientOptions: clientOptions(settings, logger, openConnectionTimeoutMs) },
  });
  const connection = new SocketConnection({ receiver, clock, random, logger });
  return {
    receiver,
    start: () => connection.start(),
    stop: () => connection.stop(),
    connected: () => connection.connected,
    port: () => undefined,
  };
}

function httpTransport({ settings, logger }: TransportOptions): Transport {
  // An empty secret signs as well as any other, and everybody knows it.
  if (settings.signingSecret === undefined || settings.signingSecret.trim() === "") {
    throw new DoccError("bad-config", "HTTP mode needs the app's signing secret.");
  }
  const receiver = new HTTPReceiver({
    signingSecret: settings.signingSecret,
    logger: boltLogger(logger),
    logLevel: LogLevel.INFO,
  });
  let port: number | undefined;
  return {
    receiver,
    start: async () => {
      const { host, port: wanted = 3_000 } = settings;
      const server = await receiver.start({
        port: wanted,
        ...(host === undefined ? {} : { host }),
      });
      const address = server.address();
      port = typeof address === "object" ? address?.port : undefined;
    },
    stop: async () => {
      if (port === undefined) return;
      port = undefined;
      await receiver.stop();
    },
    connected: () => port !== undefined,
    port: () => port,
  };
}
