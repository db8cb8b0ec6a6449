import type { NamedPerson } from "../commands/own-names.ts";
import { kubernetesOf, type People as Joined } from "../release/people.ts";
import type { Identity } from "../release/release.ts";
import type { SlackDirectory } from "./directory.ts";
import { describeError, type Logger } from "./logger.ts";
import type { People } from "./people.ts";

export interface NamingOptions {
  readonly people: Pick<People, "addressOf">;
  readonly directory: Pick<SlackDirectory, "groupsOf">;
  /** Identities that are one person, as the operator knows them. */
  readonly joined: Joined;
  readonly logger: Logger;
}

const byIdAlone =
  "Slack did not tell docc your e-mail address: apps whose manifest names you by it are not among them.";

/**
 * Finds all that manifests and rules may call a person of Slack. Where Slack does not tell more, they are found by
 * their id alone; never rejects.
 */
export function createNaming({
  people,
  directory,
  joined,
  logger,
}: NamingOptions): (person: Identity) => Promise<NamedPerson> {
  return async (person) => {
    const { user } = person;
    const orNothing = <T>(asked: Promise<T>): Promise<T | undefined> =>
      asked.catch((error: unknown) => {
        logger.warn({ ...describeError(error), user }, "slack did not say who a person is");
        return undefined;
      });
    const [address, groups = []] = await Promise.all([
      orNothing(people.addressOf(user)),
      orNothing(directory.groupsOf(user)),
    ]);
    const account = kubernetesOf(person, joined);
    const ids = [user, ...groups, ...(account === undefined ? [] : [`kubernetes:${account}`])];
    return { person, ids, ...(address === undefined ? { note: byIdAlone } : { address }) };
  };
}
