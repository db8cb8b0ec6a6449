import type { webApi } from "@slack/bolt";
import { z } from "zod";
import type { Release } from "../release/release.ts";

/** What a message is: ids alone, because everybody in the workspace may read the metadata of a message. */
export interface Mark {
  /** Uid and name of the release. */
  readonly release: string;
  readonly name: string;
  /** {@link rootKey}, or the key of a milestone. */
  readonly key: string;
}

export const rootKey = "root";

const eventType = "docc_message";

const marked = z.object({
  event_type: z.literal(eventType),
  event_payload: z.object({ release: z.string(), name: z.string(), key: z.string() }),
});

export function markOf({ metadata: { uid, name } }: Release, key: string): Mark {
  return { release: uid, name, key };
}

/** Slack keeps it when the message is edited without any. */
export function metadataOf({ release, name, key }: Mark): webApi.MessageMetadata {
  return { event_type: eventType, event_payload: { release, name, key } };
}

/** The mark in the metadata of a message; anybody may post something alike. */
export function readMark(metadata: unknown): Mark | undefined {
  return marked.safeParse(metadata).data?.event_payload;
}
