import { systemClock } from "../clock.ts";
import type { DoccOptions } from "../docc.ts";
import { createWebhook } from "../external/webhook/webhook.ts";

/** One receiver for each webhook of docc.yaml. */
export function openWebhooks({
  config,
  webhookKeys,
}: Pick<DoccOptions, "config" | "webhookKeys">): readonly ReturnType<typeof createWebhook>[] {
  return Object.entries(config.webhooks).map(([name, { url, events, environments, retry_for }]) =>
    createWebhook({
      name,
      url,
      events,
      environments,
      giveUpMs: retry_for,
      keys: webhookKeys.get(name) ?? [],
      home: config.home.namespace,
      clock: systemClock,
    }),
  );
}
