import { webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import { plain } from "./escape.ts";
import { channelId, email, userId, usergroupId } from "./ids.ts";
import { describeError, type Logger } from "./logger.ts";
import { Memory } from "./memory.ts";
import type { Mention } from "./views/phrases.ts";

const hitMs = 24 * 60 * 60_000;
const missMs = 60 * 60_000;
const mostRemembered = 5_000;

/** A Slack id as a live mention, any other name as harmless text. No look-up. */
export const mention: Mention = (name) => {
  if (userId.test(name)) return `<@${name}>`;
  if (usergroupId.test(name)) return `<!subteam^${name}>`;
  if (channelId.test(name)) return `<#${name}>`;
  return plain(name);
};

/** Finds out who the people are that manifests and rules name. */
export interface People {
  /**
   * How to mention them; never rejects.
   * @param names e-mail addresses and Slack ids, as manifests have them
   */
  mentions(names: readonly string[]): Promise<Mention>;
  /** The Slack user id of an active person with this address. Rejects as the Web API client does. */
  idOf(address: string): Promise<string | undefined>;
  /** What Slack calls a person to others; untrusted. Undefined where it does not say. Never rejects. */
  nameOf(user: string): Promise<string | undefined>;
  /** The e-mail address that Slack has of a person, if it has one. Rejects as the Web API client does. */
  addressOf(user: string): Promise<string | undefined>;
}

interface Profile {
  readonly address: string | undefined;
  readonly name: string | undefined;
}

/**
 * Looks e-mail addresses up and remembers them: a day when found, an hour when not
 * (users.lookupByEmail is tier 3, and people seldom change). Bots and deactivated accounts are not
 * mentioned.
 */
export function createPeople(client: webApi.WebClient, clock: Clock, logger: Logger): People {
  /** Slack user ids by address; undefined when the workspace has no such active person. */
  const known = new Memory<Promise<string | undefined>>(mostRemembered);
  /** What Slack tells of people, by Slack user id. */
  const profiles = new Memory<Profile>(mostRemembered);

  const profileOf = async (user: string): Promise<Profile> => {
    const remembered = profiles.recall(user, clock.now());
    if (remembered !== undefined) return remembered;
    const { name, profile } = (await client.users.info({ user })).user ?? {};
    const names = [profile?.display_name, profile?.real_name, name];
    const found = {
      address: profile?.email,
      name: names.find((each) => each !== undefined && each !== ""),
    };
    profiles.keep(user, found, clock.now() + hitMs);
    return found;
  };

  const lookUp = async (address: string): Promise<string | undefined> => {
    try {
      const { user } = await client.users.lookupByEmail({ email: address });
      const isPerson = user?.deleted !== true && user?.is_bot !== true;
      return isPerson && userId.test(user?.id ?? "") ? user?.id : undefined;
    } catch (error) {
      if (error instanceof webApi.WebAPIPlatformError && error.data.error === "users_not_found") {
        return undefined;
      }
      throw error;
    }
  };

  const find = async (address: string): Promise<string | undefined> => {
    const remembered = known.recall(address, clock.now());
    if (remembered !== undefined) return remembered;
    const user = lookUp(address);
    known.keep(address, user, clock.now() + hitMs);
    try {
      if ((await user) === undefined) known.keep(address, user, clock.now() + missMs);
    } catch (error) {
      known.forget(address);
      throw error;
    }
    return user;
  };

  const resolve = async (name: string): Promise<string> => {
    if (!email.test(name)) return mention(name);
    try {
      return mention((await find(name.toLowerCase())) ?? name);
    } catch (error) {
      logger.warn(describeError(error), "slack could not look a person up");
      return plain(name);
    }
  };

  return {
    idOf: (address) => find(address.toLowerCase()),
    addressOf: async (user) => (await profileOf(user)).address,
    nameOf: async (user) => {
      try {
        return (await profileOf(user)).name;
      } catch (error) {
        logger.warn(describeError(error), "slack did not say what a person is called");
        return undefined;
      }
    },
    mentions: async (names) => {
      const resolved = new Map<string, string>();
      for (const name of new Set(names)) resolved.set(name, await resolve(name));
      return (name) => resolved.get(name) ?? mention(name);
    },
  };
}
