import { webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import type { Directory } from "../controller/ports.ts";
import { DoccError, isDoccError } from "../errors.ts";
import { kubernetesOf, type People as Joined, slackOf } from "../release/people.ts";
import type { Identity } from "../release/release.ts";
import type { Door } from "./identity.ts";
import { email, userId, usergroupId } from "./ids.ts";
import { Memory } from "./memory.ts";
import type { People } from "./people.ts";

/** Who was taken out of a group must not approve for long. */
const groupMs = 60_000;
const mostRemembered = 1_000;

export interface DirectoryOptions {
  readonly client: webApi.WebClient;
  readonly people: People;
  readonly door: Pick<Door, "admit">;
  readonly clock: Clock;
  /** The workspace's id. */
  readonly teamId: string;
  /** Identities that are one person, as the operator knows them. */
  readonly joined: Joined;
}

/** The edge's own view of who is who. */
export interface SlackDirectory extends Directory {
  /** Slack user ids of the people behind names; those who cannot be found are left out. */
  members(names: readonly string[]): Promise<readonly string[]>;
  /** Ids of all usergroups that a person is in: one request for everybody, believed for a minute. */
  groupsOf(user: string): Promise<readonly string[]>;
}

/** Who is who by Slack: e-mails by users.lookupByEmail, groups by usergroups.users.list. */
export function createDirectory(options: DirectoryOptions): SlackDirectory {
  const { client, people, door, clock, teamId, joined } = options;
  const groups = new Memory<readonly string[]>(mostRemembered);

  const membersOf = async (usergroup: string): Promise<readonly string[]> => {
    const known = groups.recall(usergroup, clock.now());
    if (known !== undefined) return known;
    const members = await listMembers(client, usergroup);
    groups.keep(usergroup, members, clock.now() + groupMs);
    return members;
  };

  let allGroups: Groups | undefined;
  const groupsNow = (): Promise<readonly Group[]> => {
    if (allGroups !== undefined && clock.now() < allGroups.until) return allGroups.found;
    const found = listGroups(client);
    const listed = { found, until: clock.now() + groupMs };
    allGroups = listed;
    // Whoever asks next tries again; who asked now hears of it.
    found.catch(() => {
      if (allGroups === listed) allGroups = undefined;
    });
    return found;
  };

  const isNamed = async (user: string, name: string): Promise<boolean> => {
    if (usergroupId.test(name)) return (await membersOf(name)).includes(user);
    return email.test(name) ? (await people.idOf(name)) === user : false;
  };

  /** Still a full member of the workspace, whatever lists say. */
  const isAdmitted = async (user: string, options: { afresh?: boolean } = {}): Promise<boolean> => {
    try {
      await door.admit({ user, teams: [teamId] }, options);
      return true;
    } catch (error) {
      if (isDoccError(error, "not-allowed")) return false;
      throw error;
    }
  };

  const isAmong = async (
    person: Identity,
    names: readonly string[],
    admits: (user: string) => Promise<boolean>,
  ): Promise<boolean> => {
    const account = kubernetesOf(person, joined);
    const user = slackOf(person, joined);
    const isByAccount = account !== undefined && names.includes(`kubernetes:${account}`);
    if (user === undefined) return isByAccount;
    if (!(await admits(user))) return false;
    if (isByAccount || names.includes(user)) return true;
    const found = await Promise.all(names.map((name) => isNamed(user, name)));
    return found.includes(true);
  };

  const idsOf = async (name: string): Promise<readonly string[]> => {
    if (userId.test(name)) return [name];
    if (usergroupId.test(name)) return membersOf(name);
    const id = email.test(name) ? await people.idOf(name) : undefined;
    return id === undefined ? [] : [id];
  };

  const directory = (admits: (user: string) => Promise<boolean>): Directory => ({
    isAmong: async (person, names) => {
      try {
        return await isAmong(person, names, admits);
      } catch (cause) {
        if (cause instanceof DoccError) throw cause;
        throw new DoccError("unavailable", "Slack could not tell docc who may do this.", {
          hint: "Please try again.",
          cause,
        });
      }
    },
    afresh: () => {
      const asked = new Map<string, Promise<boolean>>();
      return directory((user) => {
        const answer = asked.get(user) ?? isAdmitted(user, { afresh: true });
        asked.set(user, answer);
        return answer;
      });
    },
  });

  return {
    ...directory(isAdmitted),
    members: async (names) => {
      const found = await Promise.allSettled(names.map(idsOf));
      const ids = found.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
      return [...new Set(ids)];
    },
    groupsOf: async (user) => {
      const all = await groupsNow();
      return all.flatMap(({ id, users = [] }) =>
        id !== undefined && users.includes(user) ? [id] : [],
      );
    },
  };
}

type Group = NonNullable<webApi.UsergroupsListResponse["usergroups"]>[number];

/** What one look at all groups found. */
interface Groups {
  readonly found: Promise<readonly Group[]>;
  readonly until: number;
}

async function listGroups(client: webApi.WebClient): Promise<readonly Group[]> {
  const { usergroups } = await client.usergroups.list({ include_users: true });
  return usergroups ?? [];
}

/** A group that does not exist, or was switched off, has nobody in it. */
async function listMembers(
  client: webApi.WebClient,
  usergroup: string,
): Promise<readonly string[]> {
  try {
    return (await client.usergroups.users.list({ usergroup })).users ?? [];
  } catch (error) {
    const isGone =
      error instanceof webApi.WebAPIPlatformError && error.data.error === "no_such_subteam";
    if (isGone) return [];
    throw error;
  }
}
