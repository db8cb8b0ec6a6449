import type { webApi } from "@slack/bolt";
import type { Address } from "../controller/messenger.ts";
import { DoccError } from "../errors.ts";
import { metadataOf } from "./marks.ts";
import type { Message } from "./message.ts";
import type { Place, Wire } from "./writer.ts";

/**
 * Arguments of every message that docc writes. Without `parse: "none"` chat.update would look for
 * names and links in the text again; unfurling can leak what a link leads to
 * (facts/slack.md section 1, "Injection"; facts/trust.md section 2, "Content").
 */
export function messageArguments({ text, blocks }: Message): {
  text: string;
  blocks: webApi.KnownBlock[];
  parse: "none";
  link_names: false;
} {
  return { text, blocks: [...blocks], parse: "none", link_names: false };
}

/** The writer's calls over one Web API client. */
export function webWire(client: webApi.WebClient): Wire {
  return {
    post: async (place, message) => {
      const result = await client.chat.postMessage({
        channel: place.channel,
        ...messageArguments(message),
        ...thread(place),
        ...(place.mark === undefined ? {} : { metadata: metadataOf(place.mark) }),
        unfurl_links: false,
        unfurl_media: false,
      });
      return addressOf(result);
    },
    update: async ({ channel, ts }, message) => {
      await client.chat.update({ channel, ts, ...messageArguments(message) });
    },
  };
}

/** The same wire, asked for leave at the last moment before each call: what `permit` throws ends it. */
export function permittedWire(wire: Wire, permit: () => void): Wire {
  return {
    post: async (place, message) => {
      permit();
      return wire.post(place, message);
    },
    update: async (address, message) => {
      permit();
      return wire.update(address, message);
    },
  };
}

/** Where a message is; needed to edit it. */
export function addressOf({ channel, ts }: webApi.ChatPostMessageResponse): Address {
  if (channel !== undefined && ts !== undefined) return { channel, ts };
  throw new DoccError("unavailable", "Slack did not say where the message is.");
}

/** Slack's types tell a broadcast reply from a quiet one by the literal `true`. */
function thread({
  threadTs,
  broadcast,
}: Place):
  | { thread_ts?: never }
  | { thread_ts: string }
  | { thread_ts: string; reply_broadcast: true } {
  if (threadTs === undefined) return {};
  return broadcast === true
    ? { thread_ts: threadTs, reply_broadcast: true }
    : { thread_ts: threadTs };
}
