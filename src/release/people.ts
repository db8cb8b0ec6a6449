import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import type { Identity } from "./release.ts";

/** The identities of one person, as the operator knows them (`people` in docc.yaml). */
interface Person {
  /** Slack user id; docc serves one workspace, so the id says who it is. */
  readonly slack: string;
  /** User name at the API server. */
  readonly kubernetes: string;
}

export type People = readonly Person[];

/**
 * Whether two identities are one person: the very same, or joined by the operator. Slack and Kubernetes
 * names that look alike are not enough: who chooses names could choose somebody else's.
 */
export function samePerson(a: Identity, b: Identity, people: People): boolean {
  if (isSame(a, b)) return true;
  const person = personOf(a, people);
  return person !== undefined && person === personOf(b, people);
}

/** The Slack user id of whoever it is, if there is one. */
export function slackOf(identity: Identity, people: People): string | undefined {
  return identity.provider === "slack" ? identity.user : personOf(identity, people)?.slack;
}

/** The user name at the API server of whoever it is, if the operator gave one. */
export function kubernetesOf(identity: Identity, people: People): string | undefined {
  return identity.provider === "kubernetes"
    ? identity.user
    : personOf(identity, people)?.kubernetes;
}

/** `@U0123`, or a name of the API server, which may be any text; for sentences whose edge makes a name of it. */
export function atName({ provider, user }: Identity): string {
  return cap(oneLine(provider === "slack" ? `@${user}` : user), 100);
}

/** The ids that {@link atName} puts into a sentence, for an edge that shows who they are. */
export function slackIds(people: readonly Identity[]): readonly string[] {
  return people.flatMap(({ provider, user }) => (provider === "slack" ? [user] : []));
}

function isSame(a: Identity, b: Identity): boolean {
  return a.provider === b.provider && a.team === b.team && a.user === b.user;
}

function personOf({ provider, user }: Identity, people: People): Person | undefined {
  switch (provider) {
    case "slack":
      return people.find(({ slack }) => slack === user);
    case "kubernetes":
      return people.find(({ kubernetes }) => kubernetes === user);
    default:
      return undefined;
  }
}
