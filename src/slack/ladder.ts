import type { Clock } from "../clock.ts";
import { bare, classic, usesNewBlocks } from "./classic.ts";
import { failureOf } from "./failures.ts";
import type { Logger } from "./logger.ts";
import type { Message } from "./message.ts";

const newBlocksOffMs = 60 * 60_000;

/**
 * Sends the richest form of a message that Slack takes: as drawn, then in classic blocks, then its
 * sentence alone. After a refusal the newer blocks stay off for an hour, since one refused block
 * drops the whole message (facts/slack.md section 2, "Rule").
 */
export class BlockLadder {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #newBlocksOffUntil = 0;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Rejects as `send` does, once the last form was refused or for any other failure. */
  async send<T>(message: Message, send: (message: Message) => Promise<T>): Promise<T> {
    const isNew = usesNewBlocks(message);
    const isOff = isNew && this.#clock.now() < this.#newBlocksOffUntil;
    const simpler = isNew ? [classic(message), bare(message)] : [bare(message)];
    let refused: unknown;
    for (const form of isOff ? simpler : [message, ...simpler]) {
      try {
        return await send(form);
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind !== "refused-content") throw error;
        refused = error;
        this.#logger.warn({ code: failure.code }, "slack refused the blocks of a message");
        if (isNew && form === message) this.#newBlocksOffUntil = this.#clock.now() + newBlocksOffMs;
      }
    }
    throw refused;
  }
}
