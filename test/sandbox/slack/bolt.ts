import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";

/** A real, unmodified Bolt app that talks to the fake, and what stops it. */
export interface RunningApp {
  readonly app: App;
  readonly stop: () => Promise<void>;
}

const quiet = LogLevel.ERROR;

/**
 * Connects an app over Socket Mode. The receiver is built by hand because it does not inherit
 * `slackApiUrl` from the app (facts/slack.md section 3).
 */
export async function startSocketApp(
  slack: FakeSlack,
  listen: (app: App) => void,
  clientPingTimeout = 5_000,
): Promise<RunningApp> {
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } };
  const receiver = new SocketModeReceiver({
    appToken: slack.credentials.appToken,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
    logLevel: quiet,
    clientPingTimeout,
  });
  const app = await initialised(slack, receiver, clientOptions);
  listen(app);
  await app.start();
  return {
    app,
    stop: async () => {
      await receiver.client.disconnect();
    },
  };
}

/** Starts an app that receives signed HTTP requests, and points the fake at it. */
export async function startHttpApp(
  slack: FakeSlack,
  listen: (app: App) => void,
  signingSecret = slack.credentials.signingSecret,
): Promise<RunningApp> {
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } };
  const receiver = new HTTPReceiver({ signingSecret, logLevel: quiet });
  const app = await initialised(slack, receiver, clientOptions);
  listen(app);
  const server = await receiver.start({ port: 0, host: "127.0.0.1" });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the app listens on no port");
  }
  slack.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
  return {
    app,
    stop: async () => {
      server.closeAllConnections();
      await receiver.stop();
    },
  };
}

async function initialised(
  slack: FakeSlack,
  receiver: SocketModeReceiver | HTTPReceiver,
  clientOptions: { slackApiUrl: string; retryConfig: { retries: number } },
): Promise<App> {
  const app = new App({
    receiver,
    clientOptions,
    token: slack.credentials.botToken,
    logLevel: quiet,
    deferInitialization: true,
    convoStore: false,
  });
  await app.init();
  return app;
}
