import type { webApi } from "@slack/bolt";
import type { Clock } from "../clock.ts";
import { DoccError, isDoccError } from "../errors.ts";
import type { Identity } from "../release/release.ts";
import { failureOf } from "./failures.ts";
import { userId } from "./ids.ts";
import { Memory } from "./memory.ts";

/** The installation that docc runs for, as auth.test tells it. */
export interface Workspace {
  readonly teamId: string;
  readonly botUserId: string;
  /** Of an Enterprise organisation's workspace. */
  readonly enterpriseId?: string;
}

/** Who acted, as the payload of an interaction says it. */
export interface Actor {
  readonly user: string;
  /** Every team id of the payload; a person from a shared channel may bring another one. */
  readonly teams: readonly (string | undefined)[];
  /** Every id of an Enterprise organisation in the payload. */
  readonly enterprises?: readonly (string | null | undefined)[];
}

type Channel = webApi.ConversationsInfoResponse["channel"];

const slackbot = "USLACKBOT";
const unknownCodes = new Set(["user_not_found", "user_not_visible"]);
const directMessage = /^D[A-Z0-9]+$/;
const admittedMs = 5 * 60_000;
/** Fresh enough for a decision, and a hundred clicks at once are one question: users.info is tier 4. */
const freshMs = 5_000;
/** A channel may come to be shared at any time. */
const inHouseMs = 60_000;
/** Who is told to invite docc does so at once. */
const outsideMs = 5_000;
const mostRemembered = 5_000;

/** Lets full members of the workspace in: who is a guest or has left, Slack says, not the payload. */
export class Door {
  readonly #client: webApi.WebClient;
  readonly #workspace: Workspace;
  readonly #clock: Clock;
  readonly #admitted = new Memory<Identity>(mostRemembered);
  readonly #fresh = new Memory<Identity>(mostRemembered);
  /** Questions under way, by user. */
  readonly #asks = new Map<string, Promise<webApi.UsersInfoResponse["user"]>>();
  readonly #inHouse = new Memory<{ readonly isMember: boolean }>(mostRemembered);
  /** Looks under way: many releases may open in one channel at once, and conversations.info is tier 3. */
  readonly #looks = new Map<string, Promise<Channel>>();

  constructor(client: webApi.WebClient, workspace: Workspace, clock: Clock) {
    this.#client = client;
    this.#workspace = workspace;
    this.#clock = clock;
  }

  /**
   * The person behind a payload, by team and user id; names can be forged. Asked of users.info and
   * believed for five minutes, `afresh` for five seconds (facts/trust.md section 2, "Actors" and "Identity").
   * @throws DoccError `not-allowed` for bots, guests, strangers and people who left; `unavailable`
   *   when Slack cannot be asked: nobody is let in unknown
   */
  async admit(actor: Actor, { afresh = false } = {}): Promise<Identity> {
    const identity = identityOf(this.#workspace, actor);
    const { user } = actor;
    const known = (afresh ? this.#fresh : this.#admitted).recall(user, this.#clock.now());
    if (known !== undefined) return known;
    this.#admitted.forget(user);
    mayEnter(await together(this.#asks, user, () => this.#ask(user)), this.#workspace);
    const now = this.#clock.now();
    this.#admitted.keep(user, identity, now + admittedMs);
    this.#fresh.keep(user, identity, now + freshMs);
    return identity;
  }

  /**
   * Refuses channels that are shared with another organisation: people whom nobody here has let in read
   * them, and could act there. A direct message with docc is nobody else's.
   * @throws DoccError `not-allowed` for a shared channel, and for one that docc may not see; `unavailable`
   */
  async keepInHouse(channel: string | undefined): Promise<void> {
    if (channel === undefined || directMessage.test(channel)) return;
    if (this.#inHouse.recall(channel, this.#clock.now()) !== undefined) return;
    const found = await together(this.#looks, channel, () => this.#look(channel));
    if (found === undefined || isShared(found)) throw shared();
    const isMember = found.is_member !== false;
    const heldMs = isMember ? inHouseMs : outsideMs;
    this.#inHouse.keep(channel, { isMember }, this.#clock.now() + heldMs);
  }

  /** Whether docc was no member of a channel when it looked last, a few seconds ago at most; false when unknown. */
  isOutside(channel: string): boolean {
    return this.#inHouse.recall(channel, this.#clock.now())?.isMember === false;
  }

  /**
   * Refuses to tell anything of a release where others read along: an operator or a manifest may name such a
   * channel, and one may come to be shared. Who docc cannot see is taken for a stranger. To a person alone docc
   * says what it likes.
   * @throws DoccError `slack-refused` as {@link keepInHouse} does `not-allowed`; `unavailable`
   */
  async mayTell(to: string): Promise<void> {
    if (userId.test(to)) return;
    try {
      await this.keepInHouse(to);
    } catch (error) {
      if (!isDoccError(error, "not-allowed")) throw error;
      const { message, hint, cause } = error;
      throw new DoccError("slack-refused", message, {
        ...(hint === undefined ? {} : { hint }),
        cause,
      });
    }
  }

  async #look(channel: string): Promise<Channel> {
    try {
      return (await this.#client.conversations.info({ channel })).channel;
    } catch (cause) {
      const failure = failureOf(cause);
      if (failure.kind === "permanent") {
        throw new DoccError("not-allowed", "docc cannot see who is in this channel.", {
          hint: "Invite docc to it with /invite @docc, or use another one.",
          cause,
        });
      }
      throw new DoccError("unavailable", "Slack could not tell docc who is in this channel.", {
        hint: "Please try again.",
        cause,
      });
    }
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

/** One question about the same for all who ask while it is under way. */
async function together<Answer>(
  underWay: Map<string, Promise<Answer>>,
  about: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const asked = underWay.get(about) ?? ask();
  underWay.set(about, asked);
  return asked.finally(() => underWay.delete(about));
}

/** What the payload alone tells. @throws DoccError `not-allowed` */
export function identityOf(
  { teamId, botUserId, enterpriseId }: Workspace,
  { user, teams, enterprises = [] }: Actor,
): Identity {
  const known = teams.filter((team) => team !== undefined && team !== "");
  if (known.length === 0 || known.some((team) => team !== teamId)) throw stranger();
  const others = enterprises.filter((id) => id !== undefined && id !== null && id !== "");
  if (others.some((id) => id !== enterpriseId)) throw stranger();
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

/** Slack has several words for it, and may leave one out. */
function isShared(channel: NonNullable<Channel>): boolean {
  const { is_ext_shared: external, is_pending_ext_shared: pending } = channel;
  // Shared between workspaces of one organisation is shared all the same: docc serves one of them.
  return external === true || pending === true || channel.is_shared === true;
}

function shared(): DoccError {
  return new DoccError("not-allowed", "This channel is shared beyond docc's workspace.", {
    hint: "Use a channel of your own, or a direct message to docc.",
  });
}

function stranger(cause?: unknown): DoccError {
  return new DoccError("not-allowed", "docc serves the people of its own workspace only.", {
    cause,
  });
}

function notPerson(): DoccError {
  return new DoccError("not-allowed", "docc takes requests from people, not from bots.");
}
