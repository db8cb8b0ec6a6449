import type { webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import type { Identity } from "../release/release.ts";
import { failureOf } from "./failures.ts";
import { Memory } from "./memory.ts";

/** The installation that docc runs for, as auth.test tells it. */
export interface Workspace {
  readonly teamId: string;
  readonly botUserId: string;
}

/** Who acted, as the payload of an interaction says it. */
export interface Actor {
  readonly user: string;
  /** Every team id of the payload; a person from a shared channel may bring another one. */
  readonly teams: readonly (string | undefined)[];
}

const slackbot = "USLACKBOT";
const unknownCodes = new Set(["user_not_found", "user_not_visible"]);
const admittedMs = 5 * 60_000;
const mostRemembered = 5_000;

/** Lets full members of the workspace in: who is a guest or has left, Slack says, not the payload. */
export class Door {
  readonly #client: webApi.WebClient;
  readonly #workspace: Workspace;
  readonly #clock: Clock;
  readonly #admitted = new Memory<Identity>(mostRemembered);

  constructor(client: webApi.WebClient, workspace: Workspace, clock: Clock) {
    this.#client = client;
    this.#workspace = workspace;
    this.#clock = clock;
  }

  /**
   * The person behind a payload, by team and user id; names can be forged. Asked of users.info and
   * believed for five minutes (facts/trust.md section 2, "Actors" and "Identity").
   * @throws DoccError `not-allowed` for bots, guests, strangers and people who left; `unavailable`
   *   when Slack cannot be asked: nobody is let in unknown
   */
  async admit(actor: Actor): Promise<Identity> {
    const identity = identityOf(this.#workspace, actor);
    const known = this.#admitted.recall(actor.user, this.#clock.now());
    if (known !== undefined) return known;
    mayEnter(await this.#ask(actor.user), this.#workspace);
    this.#admitted.keep(actor.user, identity, this.#clock.now() + admittedMs);
    return identity;
  }

  async #ask(user: string): Promise<webApi.UsersInfoResponse["user"]> {
    try {
      return (await this.#client.users.info({ user })).user;
    } catch (cause) {
      const failure = failureOf(cause);
      if (failure.kind === "permanent" && unknownCodes.has(failure.code)) throw stranger(cause);
      throw new DoccError("unavailable", "Slack could not tell docc who you are.", {
        hint: "Please try again.",
        cause,
      });
    }
  }
}

/** What the payload alone tells. @throws DoccError `not-allowed` */
export function identityOf({ teamId, botUserId }: Workspace, { user, teams }: Actor): Identity {
  const known = teams.filter((team) => team !== undefined && team !== "");
  if (known.length === 0 || known.some((team) => team !== teamId)) throw stranger();
  if (user === "" || user === botUserId || user === slackbot) throw notPerson();
  return { provider: "slack", team: teamId, user };
}

/** What Slack tells of the person. @throws DoccError `not-allowed` */
function mayEnter(user: webApi.UsersInfoResponse["user"], { teamId }: Workspace): void {
  if (user === undefined || user.deleted === true || user.is_stranger === true) throw stranger();
  if (user.team_id !== teamId) throw stranger();
  if (user.is_bot === true) throw notPerson();
  if (user.is_restricted === true || user.is_ultra_restricted === true) {
    throw new DoccError("not-allowed", "docc serves full members of the workspace, not guests.");
  }
}

function stranger(cause?: unknown): DoccError {
  return new DoccError("not-allowed", "docc serves the people of its own workspace only.", {
    cause,
  });
}

function notPerson(): DoccError {
  return new DoccError("not-allowed", "docc takes requests from people, not from bots.");
}
