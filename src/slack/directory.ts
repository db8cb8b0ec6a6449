import { webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import type { Directory } from "../controller/ports.ts";
import { DoccError } from "../errors.ts";
import type { Identity } from "../release/release.ts";
import type { Door } from "./identity.ts";
import { Memory } from "./memory.ts";
import type { People } from "./people.ts";

const usergroupId = /^S[A-Z0-9]{2,20}$/;
const email = /^[^\s@<>|]+@[^\s@<>|]+$/;
/** Who was taken out of a group must not approve for long. */
const groupMs = 60_000;
const mostRemembered = 1_000;

export interface DirectoryOptions {
  readonly client: webApi.WebClient;
  readonly people: People;
  readonly door: Pick<Door, "admit">;
  readonly clock: Clock;
}

/** Who is who by Slack: e-mails by users.lookupByEmail, groups by usergroups.users.list. */
export function createDirectory({ client, people, door, clock }: DirectoryOptions): Directory {
  const groups = new Memory<readonly string[]>(mostRemembered);

  const membersOf = async (usergroup: string): Promise<readonly string[]> => {
    const known = groups.recall(usergroup, clock.now());
    if (known !== undefined) return known;
    const members = await listMembers(client, usergroup);
    groups.keep(usergroup, members, clock.now() + groupMs);
    return members;
  };

  const isNamed = async (user: string, name: string): Promise<boolean> => {
    if (usergroupId.test(name)) return (await membersOf(name)).includes(user);
    return email.test(name) ? (await people.idOf(name)) === user : false;
  };

  /** Still a full member of the workspace, whatever lists say. */
  const isAdmitted = async ({ team, user }: Identity): Promise<boolean> => {
    try {
      await door.admit({ user, teams: [team] });
      return true;
    } catch (error) {
      if (error instanceof DoccError && error.reason === "not-allowed") return false;
      throw error;
    }
  };

  return {
    isAmong: async (person, names) => {
      if (person.provider !== "slack") return names.includes(`kubernetes:${person.user}`);
      try {
        if (!(await isAdmitted(person))) return false;
        if (names.includes(person.user)) return true;
        const found = await Promise.all(names.map((name) => isNamed(person.user, name)));
        return found.includes(true);
      } catch (cause) {
        if (cause instanceof DoccError) throw cause;
        throw new DoccError("unavailable", "Slack could not tell docc who may do this.", {
          hint: "Please try again.",
          cause,
        });
      }
    },
  };
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
