import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { systemClock } from "./clock.ts";
import {
  type Config,
  parseConfig,
  type ProcessSettings,
  readAllWebhookKeys,
  readProcessSettings,
  readSecrets,
} from "./config.ts";
import { startDocc } from "./docc.ts";
import { DoccError } from "./errors.ts";
import { createLogger, type Logger } from "./log.ts";
import type { SlackSettings } from "./slack/settings.ts";

/** Kubernetes waits 30 s after SIGTERM unless told otherwise. */
const graceMs = 20_000;

function readConfig({ configFile }: ProcessSettings): Config {
  let text: string;
  try {
    text = readFileSync(configFile, "utf8");
  } catch {
    throw new DoccError("bad-config", `${configFile} cannot be read.`, {
      hint: "Name docc's configuration in DOCC_CONFIG; docs/config.md explains it.",
    });
  }
  return parseConfig(text, configFile);
}

function slackSettings(config: Config, { slackApiUrl }: ProcessSettings): SlackSettings {
  const { mode, host, port } = config.slack;
  const { botToken, appToken, signingSecret } = readSecrets(mode);
  return {
    mode,
    host,
    port,
    botToken,
    ...(appToken === undefined ? {} : { appToken }),
    ...(signingSecret === undefined ? {} : { signingSecret }),
    ...(slackApiUrl === undefined ? {} : { apiUrl: slackApiUrl }),
  };
}

async function run(log: Logger, settings: ProcessSettings): Promise<void> {
  const config = readConfig(settings);
  const identity = `${hostname()}_${randomUUID()}`;
  const docc = await startDocc({
    config,
    slack: slackSettings(config, settings),
    webhookKeys: readAllWebhookKeys(config),
    kubeconfig: settings.kubeconfig === undefined ? {} : { path: settings.kubeconfig },
    clock: systemClock,
    random: Math.random,
    identity,
    log,
  });
  log.info(
    { identity, mode: config.slack.mode, startedInMs: Math.round(performance.now()) },
    "docc is ready",
  );
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "docc stops");
    // The next process goes on with whatever the grace was too short for.
    setTimeout(() => process.exit(0), graceMs).unref();
    docc.stop(graceMs).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "docc did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

const settings = readProcessSettings();
const log = createLogger(settings.logLevel);
// A state that nobody foresaw: say so and let Kubernetes start a fresh process.
process.on("unhandledRejection", (error) => {
  log.fatal({ err: error }, "unhandled rejection");
  process.exit(1);
});
try {
  await run(log, settings);
} catch (error) {
  if (error instanceof DoccError) {
    process.stderr.write(
      `docc: ${error.message}${error.hint === undefined ? "" : `\n${error.hint}`}\n`,
    );
  } else {
    log.fatal({ err: error }, "docc cannot start");
  }
  process.exit(1);
}
