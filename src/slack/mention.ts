import type { App } from "@slack/bolt";
import type { Delivery } from "./delivery.ts";
import { typed } from "./escape.ts";
import type { Intake } from "./intake.ts";
import { Memory } from "./memory.ts";
import type { Message } from "./message.ts";
import type { Hearer } from "./tell.ts";
import type { Turn } from "./turn.ts";

/** The event; app-manifest.yml subscribes to it. */
export const mentionEvent = "app_mention";

export interface MentionOptions {
  readonly intake: Intake;
  readonly botUserId: string;
  readonly turn: (hearer: Hearer, ack: (message?: Message) => Promise<void>) => Turn;
}

/**
 * Takes the words behind `@docc` as a command; the answer is for the asker alone. Slash commands do not work in
 * threads, and this does.
 */
export function listenToMentions(app: App, { botUserId, intake, turn }: MentionOptions): void {
  /** Slack sends an event again when it thinks that it was lost. */
  const taken = new Memory<true>(1_000);

  app.event(mentionEvent, async ({ body, event }) => {
    const { bot_id: bot, channel, subtype, thread_ts: thread, user } = event;
    const isPerson = bot === undefined && user !== undefined && user !== botUserId;
    // A new message alone is a request: not an edited one, and not what Slack or an app has written.
    if (!isPerson || subtype !== undefined || "edited" in event) return;
    const id = `event:${body.event_id}`;
    if (taken.recall(id, 0) !== undefined) return;
    taken.keep(id, true, Infinity);
    const hearer = { user, channel, ...(thread === undefined ? {} : { thread }) };
    const delivery: Delivery = {
      actor: {
        user,
        teams: [body.team_id, event.team, event.user_team, event.source_team],
        enterprises: [body.enterprise_id],
      },
      // Bolt acknowledges events by itself.
      turn: turn(hearer, () => Promise.resolve()),
      id,
    };
    const words = mentionedWords(event.text, botUserId);
    await (words === "" ? intake.explain(delivery) : intake.words(delivery, words));
  });
}

/** What stands behind the first mention of docc, as it was typed: `status web` of `hey @docc: /docc status web`. Pure. */
export function mentionedWords(text: string, botUserId: string): string {
  const mention = new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`, "u").exec(text);
  if (mention === null) return "";
  const rest = typed(text.slice(mention.index + mention[0].length));
  return rest
    .trim()
    .replace(/^[:,]\s*/u, "")
    .replace(/^\/docc(?:\s+|$)/u, "")
    .trim();
}
