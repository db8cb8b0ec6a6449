import type { Address, Messenger } from "../controller/messenger.ts";
import { type DoccError, isDoccError } from "../errors.ts";
import type { Release } from "../release/release.ts";
import type { Milestone, ReleaseView } from "../release/story.ts";
import { whoseEnd } from "../release/milestones.ts";
import type { Addressing } from "./addressing.ts";
import { section } from "./blocks.ts";
import type { SlackDirectory } from "./directory.ts";
import { fit } from "./fit.ts";
import type { Door } from "./identity.ts";
import { explain, failureOf } from "./failures.ts";
import { describeError, type Logger } from "./logger.ts";
import type { Lookout } from "./lookout.ts";
import { markOf, rootKey } from "./marks.ts";
import { Memory } from "./memory.ts";
import type { Message } from "./message.ts";
import { mention, type People } from "./people.ts";
import { milestoneMessage, toTell } from "./views/milestone.ts";
import { askMessage } from "./views/ask.ts";
import { copyMessage } from "./views/copy.ts";
import { endMessage } from "./views/end.ts";
import { appOf, environmentOf, inline, type Mention } from "./views/phrases.ts";
import { rootMessage } from "./views/root.ts";
import type { MessageWriter } from "./writer.ts";

export interface MessengerOptions {
  readonly writer: MessageWriter;
  readonly people: People;
  readonly addressing: Addressing;
  readonly logger: Logger;
  readonly directory: Pick<SlackDirectory, "members">;
  readonly lookout: Lookout;
  readonly door: Pick<Door, "mayTell">;
  /** A direct message to one Slack user. */
  readonly direct: (user: string, message: Message) => Promise<Address>;
}

const mostRemembered = 1_000;
/** Larger groups are called by their name in the thread, and not one by one. */
const mostAsked = 10;

/** The controller's voice: releases and milestones become messages in the one writer's queue. */
export function createMessenger(options: MessengerOptions): Messenger {
  const { writer, people, addressing, logger, directory, lookout, door, direct } = options;
  /** Releases whose requester knows that their channel is closed to docc; tries may repeat. */
  const warned = new Memory<true>(mostRemembered);

  const warn = async (release: Release, channel: string, problem: DoccError): Promise<void> => {
    const { metadata, spec } = release;
    const { provider, user } = spec.requester;
    const isTold = warned.recall(metadata.uid, 0) !== undefined;
    if (provider !== "slack" || channel === user || isTold) return;
    warned.keep(metadata.uid, true, Infinity);
    try {
      await direct(user, cannotTell(release, channel, problem));
    } catch (error) {
      logger.warn(describeError(error), "a requester could not be told where to look");
    }
  };

  /** Posts where nobody else reads along; the requester hears where that cannot be. */
  const post = async (
    release: Release,
    place: Parameters<MessageWriter["post"]>[0],
    message: Message,
  ): Promise<Address> => {
    try {
      await door.mayTell(place.channel);
      return await writer.post(place, message);
    } catch (error) {
      if (isDoccError(error, "slack-refused")) await warn(release, place.channel, error);
      throw error;
    }
  };

  const mentionsOf = ({ release }: ReleaseView): Promise<Mention> =>
    people.mentions(release.status?.plan?.policy.approvers ?? []);

  /** Everybody who may approve, but for who asked: few enough to be asked one by one. */
  const toAsk = async ({ release }: ReleaseView): Promise<readonly string[]> => {
    const { approvers = [], self = false } = release.status?.plan?.policy ?? {};
    const members = await directory.members(approvers);
    const { provider, user } = release.spec.requester;
    const others = members.filter((each) => self || provider !== "slack" || each !== user);
    return others.slice(0, mostAsked);
  };

  return {
    open: (channel, view) => {
      const mark = markOf(view.release, rootKey);
      return post(view.release, { channel, mark }, rootMessage(view, mention));
    },
    edit: (address, view, options) => writer.edit(address, rootMessage(view, mention), options),
    reply: async (place, milestone, release) => {
      const names = namesIn(milestone);
      const said = await people.mentions(names);
      const mentions = isEnd(milestone) ? await addressing.politely(names, said) : said;
      const { broadcast, ...message } = milestoneMessage(milestone, mentions);
      const { channel, ts: threadTs } = place;
      const mark = markOf(release, milestone.key);
      const thread = threadTs === undefined ? {} : { threadTs, broadcast };
      await post(release, { channel, ...thread, mark }, message);
    },
    tellEnd: async (view, address) => {
      const { requester } = view.release.spec;
      // Whose direct message holds the thread has the end in front of them.
      const reads = address.channel.startsWith("D") ? requester.user : undefined;
      const called = await addressing.directly(whoseEnd(view.release));
      const wanting = called.filter((user) => user !== reads);
      if (wanting.length === 0) return false;
      const message = endMessage(view, await lookout.link(address));
      let late: DoccError | undefined;
      let told = 0;
      for (const user of wanting) {
        try {
          await direct(user, message);
          told += 1;
        } catch (error) {
          logger.warn(describeError(error), "somebody could not be told of an end");
          const failure = failureOf(error);
          if (failure.kind !== "permanent") late = explain(failure, error);
        }
      }
      // Told to nobody, it is tried again; told to some, it is not told to them twice for the others' sake.
      if (late !== undefined && told === 0) throw late;
      return true;
    },
    ask: async (view) => {
      const mentions = await mentionsOf(view);
      const asked: Address[] = [];
      for (const user of await toAsk(view)) {
        try {
          asked.push(await direct(user, askMessage(view, mentions)));
        } catch (error) {
          logger.warn(describeError(error), "somebody who may approve could not be asked");
        }
      }
      return asked;
    },
    editAsk: (address, view, options) => writer.edit(address, askMessage(view, mention), options),
    roots: (channel, release) => lookout.roots(channel, release),
    replies: (address, release) => lookout.replies(address, release),
    retire: async (copy, address, { release }) => {
      const link = await lookout.link(address);
      writer.edit(copy, copyMessage(release, link), { final: true });
    },
    flush: (deadlineMs) => writer.flush(deadlineMs),
  };
}

/** Whether it tells people that a release of theirs has ended, or will go no further. */
function isEnd({ type }: Milestone): boolean {
  return type === "failed" || type === "closed" || type === "expired";
}

/** Whom a milestone mentions. */
function namesIn(milestone: Milestone): readonly string[] {
  switch (milestone.type) {
    case "failed":
      return [milestone.requester.user, ...toTell(milestone)];
    case "ask":
    case "reminder":
      return milestone.approvers;
    case "emergency":
      return milestone.owners;
    case "drifted":
      return milestone.maintainers;
    case "closed":
    case "expired":
      return milestone.requester.provider === "slack" ? [milestone.requester.user] : [];
    default:
      return [];
  }
}

function cannotTell(release: Release, channel: string, problem: DoccError): Message {
  const text =
    `${appOf(release)} to ${environmentOf(release)} goes on, but I cannot tell it in ${mention(channel)}. ` +
    [problem.message, problem.hint ?? ""].map((part) => inline(part)).join(" ");
  return fit({ text: text.trimEnd(), blocks: [section(text.trimEnd())] });
}
