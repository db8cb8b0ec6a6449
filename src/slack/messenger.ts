import type { Address, Messenger } from "../controller/messenger.ts";
import { DoccError } from "../errors.ts";
import type { ReleaseView } from "../release/story.ts";
import { section } from "./blocks.ts";
import { fit } from "./fit.ts";
import { describeError, type Logger } from "./logger.ts";
import { Memory } from "./memory.ts";
import type { Message } from "./message.ts";
import { mention, type People } from "./people.ts";
import { milestoneMessage } from "./views/milestone.ts";
import { appOf, environmentOf, inline } from "./views/phrases.ts";
import { rootMessage } from "./views/root.ts";
import type { MessageWriter } from "./writer.ts";

export interface MessengerOptions {
  readonly writer: MessageWriter;
  readonly people: People;
  readonly logger: Logger;
  /** A direct message to one Slack user. */
  readonly direct: (user: string, message: Message) => Promise<void>;
}

const mostRemembered = 1_000;

/** The controller's voice: releases and milestones become messages in the one writer's queue. */
export function createMessenger({ writer, people, logger, direct }: MessengerOptions): Messenger {
  /** Releases whose requester knows that their channel is closed to docc; tries may repeat. */
  const warned = new Memory<true>(mostRemembered);

  const warn = async (view: ReleaseView, channel: string, problem: DoccError): Promise<void> => {
    const { metadata, spec } = view.release;
    const { provider, user } = spec.requester;
    const isTold = warned.recall(metadata.uid, 0) !== undefined;
    if (provider !== "slack" || channel === user || isTold) return;
    warned.keep(metadata.uid, true, Infinity);
    try {
      await direct(user, cannotTell(view, channel, problem));
    } catch (error) {
      logger.warn(describeError(error), "a requester could not be told where to look");
    }
  };

  return {
    open: async (channel, view): Promise<Address> => {
      try {
        return await writer.post({ channel }, rootMessage(view, mention));
      } catch (error) {
        if (error instanceof DoccError && error.reason === "slack-refused")
          await warn(view, channel, error);
        throw error;
      }
    },
    edit: (address, view, options) => writer.edit(address, rootMessage(view, mention), options),
    reply: async (address, milestone) => {
      const names =
        milestone.key === "failed" ? [milestone.requester.user, ...milestone.maintainers] : [];
      const { broadcast, ...message } = milestoneMessage(milestone, await people.mentions(names));
      await writer.post({ channel: address.channel, threadTs: address.ts, broadcast }, message);
    },
    flush: (deadlineMs) => writer.flush(deadlineMs),
  };
}

function cannotTell({ release }: ReleaseView, channel: string, problem: DoccError): Message {
  const text =
    `${appOf(release)} to ${environmentOf(release)} goes on, but I cannot tell it in ${mention(channel)}. ` +
    [problem.message, problem.hint ?? ""].map((part) => inline(part)).join(" ");
  return fit({ text: text.trimEnd(), blocks: [section(text.trimEnd())] });
}
