import type { Clock } from "../clock.ts";
import type { Answer } from "../commands/answer.ts";
import type { Invocation } from "../commands/dispatch.ts";
import type { Request } from "../commands/define.ts";
import type { Address } from "../controller/messenger.ts";
import { DoccError } from "../errors.ts";
import { budget } from "./budget.ts";
import type { Desk } from "./desk.ts";
import { describeError, type Logger } from "./logger.ts";
import type { Message } from "./message.ts";
import { goingOn, over, sayEnd } from "./views/followed.ts";
import type { MessageWriter } from "./writer.ts";

export interface FollowOptions {
  readonly desk: Pick<Desk, "again">;
  /** A direct message to one Slack user; rejects when Slack refuses it. */
  readonly direct: (user: string, message: Message) => Promise<Address>;
  /** Whose budget leaves to what is followed only what is idle. */
  readonly writer: Pick<MessageWriter, "edit" | "flush">;
  readonly remove: (address: Address) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What somebody follows: the command is run again and again. */
export interface FollowWish {
  readonly user: string;
  readonly invocation: Invocation;
  readonly request: Request;
  /** What its button stops it by: a command without `/docc`. */
  readonly stop: string;
}

interface Session extends FollowWish {
  readonly endsAt: number;
  /** Unknown until Slack has taken the message. */
  address: Address | undefined;
  /** What was said last, and what Slack was last asked to show of it. */
  last: Answer;
  shown: string;
  /** Why it is over. */
  ended: string | undefined;
}

/** Between two looks, whosever: what every replica may edit aside (budget.ts), spread over the minute. */
const everyMs = 60_000 / budget.asidesPerMinute;
const lastsMs = 10 * 60_000;
const mostSessions = 5;

/**
 * Answers that go on: one direct message each, brought up to date in turn until the person stops it, ten minutes
 * are over, or there is nothing to follow any more. They live in the process that was asked, and end with it.
 */
export class Follows {
  readonly #options: FollowOptions;
  /** By user, whose turn is next first: one each. */
  readonly #sessions = new Map<string, Session>();
  /** First messages on their way, of which some are over already. */
  readonly #starting = new Set<Promise<void>>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /**
   * Begins, and ends what this person followed before.
   * @param first the answer to begin with
   * @returns where to look
   * @throws DoccError `unavailable` when too many people follow something, or Slack takes no message
   */
  async start(wish: FollowWish, first: Answer): Promise<Answer> {
    this.#end(wish.user, "You follow something else now.");
    if (this.#isClosed || this.#sessions.size >= mostSessions) {
      throw new DoccError("unavailable", `docc follows ${mostSessions} logs at a time at most.`, {
        hint: "Try again in a few minutes, or ask without follow=.",
      });
    }
    const endsAt = this.#options.clock.now() + lastsMs;
    const session: Session = {
      ...wish,
      endsAt,
      address: undefined,
      last: first,
      shown: "",
      ended: undefined,
    };
    // Takes its place before Slack is asked: what begins, or closes, meanwhile must find it.
    this.#sessions.set(wish.user, session);
    const begun = this.#begin(session);
    this.#starting.add(begun);
    await begun.finally(() => this.#starting.delete(begun));
    if (session.ended !== undefined) return { text: session.ended };
    return {
      text: `Followed in your direct messages with docc, until ${sayEnd(endsAt)} UTC at most.`,
    };
  }

  /**
   * Ends what a person follows. A message that another replica keeps up to date is taken away: that one finds it
   * gone, and ends as well.
   * @param pressed the message with the button
   */
  async stop(user: string, pressed: Address | undefined): Promise<Answer> {
    const session = this.#sessions.get(user);
    const isOther = pressed !== undefined && session?.address?.ts !== pressed.ts;
    if (isOther) {
      await this.#options.remove(pressed);
      return { text: "Stopped, and its message is gone." };
    }
    if (session === undefined) return { text: "You follow nothing here." };
    this.#end(user, "Stopped by you.");
    return { text: "Stopped." };
  }

  /** Ends all, each with a word, for which Slack has `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const { clock, writer } = this.#options;
    const until = clock.now() + graceMs;
    this.#isClosed = true;
    this.#cancelTimer?.();
    const why = "docc ends here for a restart: ask again in a moment.";
    for (const user of this.#sessions.keys()) this.#end(user, why);
    await Promise.allSettled(this.#starting);
    await writer.flush(Math.max(0, until - clock.now()));
  }

  async #begin(session: Session): Promise<void> {
    const message = goingOn(session.last, session);
    session.shown = JSON.stringify(message);
    try {
      session.address = await this.#options.direct(session.user, message);
    } catch (error) {
      this.#forget(session);
      throw error;
    }
    if (session.ended !== undefined) this.#tellEnd(session, session.ended);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#cancelTimer !== undefined || this.#isClosed || this.#sessions.size === 0) return;
    this.#cancelTimer = this.#options.clock.after(everyMs, () => {
      this.#turn()
        .catch((error: unknown) =>
          this.#options.logger.error(describeError(error), "what is followed was not told"),
        )
        .finally(() => {
          this.#cancelTimer = undefined;
          this.#schedule();
        });
    });
  }

  /** One look for whoever has waited longest. */
  async #turn(): Promise<void> {
    const session = [...this.#sessions.values()].find(({ address }) => address !== undefined);
    if (session === undefined) return;
    const { user, invocation, request, endsAt } = session;
    this.#sessions.delete(user);
    this.#sessions.set(user, session);
    if (this.#options.clock.now() >= endsAt) return this.#end(user, "Ten minutes are over.");
    const answer = await this.#options.desk.again(invocation, request);
    if (this.#sessions.get(user) !== session) return;
    // A cluster that does not answer for a moment is asked again in the next turn.
    if (answer.reason === "unavailable" || answer.reason === "timeout") return;
    if (answer.reason !== undefined) return this.#end(user, answer.text);
    session.last = answer;
    this.#show(session, goingOn(answer, session));
  }

  #show(session: Session, message: Message): void {
    const content = JSON.stringify(message);
    if (session.address === undefined || session.shown === content) return;
    session.shown = content;
    this.#options.writer.edit(session.address, message, {
      aside: true,
      final: false,
      // Taken away by the person, or by another replica where they pressed Stop.
      onGone: () => this.#forget(session),
    });
  }

  #end(user: string, why: string): void {
    const session = this.#sessions.get(user);
    if (session === undefined) return;
    this.#forget(session);
    session.ended = why;
    this.#tellEnd(session, why);
  }

  /** The last word of a session: what it showed, without its button, and why it ends. */
  #tellEnd({ address, last }: Session, why: string): void {
    if (address === undefined) return;
    this.#options.writer.edit(address, over(last, why), { aside: true, final: true });
  }

  #forget(session: Session): void {
    if (this.#sessions.get(session.user) === session) this.#sessions.delete(session.user);
  }
}
