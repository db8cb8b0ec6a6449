import { describeError, type Logger } from "./logger.ts";
import type { Message } from "./message.ts";
import type { Hearer, Tell } from "./tell.ts";

export interface TurnOptions {
  readonly hearer: Hearer;
  /** Acknowledges the delivery to Slack; within 3 seconds, once. */
  readonly ack: (message?: Message) => Promise<void>;
  /** True when a message in the acknowledgement is shown to the person. */
  readonly acksInWords: boolean;
  readonly tell: Tell;
  readonly logger: Logger;
}

/** One person's turn: it is acknowledged once, and everything said is heard by them alone. */
export class Turn {
  readonly hearer: Hearer;
  readonly #options: TurnOptions;
  #acked = false;

  constructor(options: TurnOptions) {
    this.hearer = options.hearer;
    this.#options = options;
  }

  async ack(): Promise<void> {
    await this.#ackOnce();
  }

  /** Says it in the acknowledgement when there still is one, else on its own. Never rejects. */
  async say(message: Message): Promise<void> {
    const { acksInWords, tell } = this.#options;
    const heard = await this.#ackOnce(acksInWords ? message : undefined);
    if (!acksInWords || !heard) await tell.privately(this.hearer, message);
  }

  /** Takes the acknowledgement for something else than words, such as errors in a form. */
  async ackBy(ack: () => Promise<void>): Promise<boolean> {
    if (this.#acked) return false;
    this.#acked = true;
    try {
      await ack();
      return true;
    } catch (error) {
      this.#options.logger.warn(describeError(error), "slack took no acknowledgement");
      return false;
    }
  }

  async #ackOnce(message?: Message): Promise<boolean> {
    return this.ackBy(() => this.#options.ack(message));
  }
}
