import type { types } from "@slack/bolt";
import type { Address } from "../controller/messenger.ts";
import type { Actor } from "./identity.ts";
import type { Turn } from "./turn.ts";

/** What a person did, free of Bolt: who, where to answer, and the ids that Slack gave it. */
export interface Delivery {
  readonly actor: Actor;
  readonly turn: Turn;
  /** Stable id of the delivery with its kind as prefix: the same delivery twice has the same. */
  readonly id: string;
  /** Opens one modal within 3 seconds; a submitted form has none. */
  readonly trigger?: string;
  /** Address to which Slack takes answers for a while, for a form that is answered later. */
  readonly address?: string | undefined;
  /** True for a pressed button, which may open a modal for its answer. */
  readonly pressed?: boolean;
  /** The message with the button that was pressed. */
  readonly message?: Address;
  /** True for what was done in a modal: its answer is put on top of it, because there is no channel around it. */
  readonly inView?: boolean;
  /**
   * True for what was asked on the person's App Home, which is no channel: the answer is a modal over it where one can
   * be opened, and the page shows what has changed by it.
   */
  readonly atHome?: boolean;
  /** Acknowledges a submitted form by putting another one in its place. */
  readonly replace?: (view: types.ModalView) => Promise<void>;
}
