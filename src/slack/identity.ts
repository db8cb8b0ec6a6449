import { DoccError } from "../errors.ts";
import type { Identity } from "../release/release.ts";

/** The installation that docc runs for, as auth.test tells it. */
export interface Workspace {
  readonly teamId: string;
  readonly botUserId: string;
}

/** Who acted, as the payload of an interaction says it. */
export interface Actor {
  readonly user: string;
  /** Every team id of the payload; a person from a shared channel brings another one. */
  readonly teams: readonly (string | undefined)[];
}

const slackbot = "USLACKBOT";

/**
 * The person behind a payload, by team and user id; names can be forged (facts/trust.md section 2).
 * @throws DoccError `not-allowed` for people of other workspaces and for bots
 */
export function requesterOf({ teamId, botUserId }: Workspace, { user, teams }: Actor): Identity {
  const known = teams.filter((team) => team !== undefined && team !== "");
  if (known.length === 0 || known.some((team) => team !== teamId)) {
    throw new DoccError("not-allowed", "docc serves the people of its own workspace only.");
  }
  if (user === "" || user === botUserId || user === slackbot) {
    throw new DoccError("not-allowed", "docc takes requests from people, not from bots.");
  }
  return { provider: "slack", team: teamId, user };
}
