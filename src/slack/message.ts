import type { types } from "@slack/bolt";

export type Block = types.KnownBlock;

/** What Slack shows. `text` is a whole sentence: notifications and screen readers get nothing else. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly Block[];
}
