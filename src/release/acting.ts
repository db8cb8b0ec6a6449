import { kubernetesOf, type People } from "./people.ts";
import type { Identity } from "./release.ts";

/** Whether and how an environment's cluster is to see the people behind releases. */
export interface ActingRules {
  /** Before the Slack identity of people who have no Kubernetes one. */
  readonly userPrefix: string;
  /** Of everybody. */
  readonly groups: readonly string[];
  /** User name for what docc does by itself; without it, it does nothing by itself there. */
  readonly own: string | undefined;
}

/** Where the API server's audit log finds the Slack id. */
const slackUserKey = "docc.dev/slack-user";

export interface Acting {
  readonly user: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * Who acts when a release of this requester is carried out. Nobody is made up: undefined means that nothing
 * may be done.
 */
export function actingFor(
  requester: Identity,
  { userPrefix, groups, own }: ActingRules,
  people: People,
): Acting | undefined {
  const { provider, team, user } = requester;
  switch (provider) {
    case "docc":
      return own === undefined ? undefined : { user: own, groups, extra: {} };
    case "kubernetes":
      return user === "" ? undefined : { user, groups, extra: {} };
    case "slack": {
      if (team === "" || user === "") return undefined;
      const id = `${team}/${user}`;
      const name = kubernetesOf(requester, people) ?? `${userPrefix}${id}`;
      return { user: name, groups, extra: { [slackUserKey]: id } };
    }
    default:
      return provider satisfies never;
  }
}
