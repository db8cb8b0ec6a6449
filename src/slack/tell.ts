import type { RespondFn, webApi } from "@slack/bolt";
import { describeError, type Logger } from "./logger.ts";
import type { Message } from "./message.ts";
import type { Address } from "../controller/messenger.ts";
import { addressOf, messageArguments } from "./wire.ts";

/** A person and the ways to reach them alone. */
export interface Hearer {
  readonly user: string;
  /** Where they asked; absent for global shortcuts. */
  readonly channel?: string;
  /** The thread in which they asked, by its root message. */
  readonly thread?: string;
  /** Through the payload's response URL: five times within half an hour. */
  readonly respond?: RespondFn;
}

/** Says things to one person alone. */
export interface Tell {
  /** Tries the response URL, then an ephemeral message, then a direct one; never rejects. */
  privately(hearer: Hearer, message: Message): Promise<void>;
  /** A direct message from docc; rejects when Slack refuses it. */
  directly(user: string, message: Message): Promise<Address>;
}

export function createTell(client: webApi.WebClient, logger: Logger): Tell {
  const respond = async ({ respond: answer }: Hearer, message: Message): Promise<boolean> => {
    if (answer === undefined) return false;
    const { text, blocks } = message;
    await answer({
      response_type: "ephemeral",
      replace_original: false,
      text,
      blocks: [...blocks],
    });
    return true;
  };

  const postEphemeral = async (
    { channel, thread, user }: Hearer,
    message: Message,
  ): Promise<boolean> => {
    if (channel === undefined) return false;
    const place = { channel, user, ...(thread === undefined ? {} : { thread_ts: thread }) };
    await client.chat.postEphemeral({ ...place, ...messageArguments(message) });
    return true;
  };

  const directly = async (user: string, message: Message): Promise<Address> => {
    const { channel } = await client.conversations.open({ users: user });
    const posted = await client.chat.postMessage({
      channel: channel?.id ?? user,
      ...messageArguments(message),
      unfurl_links: false,
      unfurl_media: false,
    });
    return addressOf(posted);
  };

  const tryTo = async (way: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await way();
    } catch (error) {
      logger.warn(describeError(error), "slack took no private answer");
      return false;
    }
  };

  return {
    privately: async (hearer, message) => {
      const told =
        (await tryTo(() => respond(hearer, message))) ||
        (await tryTo(() => postEphemeral(hearer, message))) ||
        (await tryTo(() => directly(hearer.user, message).then(() => true)));
      if (!told) logger.error({ user: hearer.user }, "a person could not be answered");
    },
    directly,
  };
}
