import { ApiError } from "./api-error.ts";
import type { Core } from "./core.ts";
import { isObject } from "./json.ts";
import type { Answer } from "./response-urls.ts";
import type { Ack, View } from "./types.ts";

/** What a person sees after a gesture. */
export interface Gesture {
  readonly ack: Ack;
  /** What the acknowledgement itself showed: the answer to a command in its ack. */
  readonly shown?: Answer;
  /** What Slack tells the person when the app failed: for example `operation_timeout`. */
  readonly error?: string;
  /** The modal that this gesture's trigger opened; waits for it at most so long in real time. */
  readonly opened: (deadlineMs?: number) => Promise<View>;
  /** The first answer through this gesture's response_url; waits for it in the same way. */
  readonly answer: (deadlineMs?: number) => Promise<Answer>;
}

/** The grants of one gesture: a trigger for a modal and, in a channel, a response_url. */
export interface Grants {
  readonly triggerId: string;
  readonly responseId?: string;
}

/** Builds the result of a gesture from its ack; `failure` words Slack's notice to the person. */
export function gesture(
  core: Core,
  ack: Ack,
  { triggerId, responseId }: Grants,
  more: Pick<Gesture, "shown" | "error"> = {},
): Gesture {
  const { changes, views } = core.workspace;
  return {
    ack,
    ...more,
    opened: async (deadlineMs) =>
      changes.waitFor(() => {
        const id = core.triggers.viewOf(triggerId);
        return id === undefined ? undefined : views.find(id);
      }, deadlineMs),
    answer: async (deadlineMs) =>
      changes.waitFor(
        () => (responseId === undefined ? undefined : core.responseUrls.answers(responseId)[0]),
        deadlineMs,
      ),
  };
}

/** Shows what came with the ack of a command: text or blocks become an ephemeral message. */
export function showAck(
  core: Core,
  ack: Ack,
  responseId: string,
): Pick<Gesture, "shown" | "error"> {
  if (!ack.ok) {
    return { error: ack.error };
  }
  if (!isObject(ack.payload) || Object.keys(ack.payload).length === 0) {
    return {};
  }
  try {
    return { shown: core.responseUrls.showAck(responseId, ack.payload) };
  } catch (error) {
    if (error instanceof ApiError) {
      return { error: "invalid_response" };
    }
    throw error;
  }
}
