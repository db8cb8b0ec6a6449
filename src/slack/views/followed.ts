import type { Answer } from "../../commands/answer.ts";
import { sayMinute } from "../../text/minute.ts";
import type { Message } from "../message.ts";
import { answerMessage } from "./answer.ts";

/**
 * What is followed while it goes on: with its end, and a button for an earlier one. Pure.
 * @param stop the words of the button
 * @param endsAt milliseconds since the epoch
 */
export function goingOn(
  answer: Answer,
  { stop, endsAt }: { readonly stop: string; readonly endsAt: number },
): Message {
  const lines = [...(answer.lines ?? []), `Followed until ${sayEnd(endsAt)} UTC.`];
  const button = { text: "Stop", words: stop, label: "Stop following" };
  return answerMessage({ ...answer, lines, buttons: [button] });
}

/** What was followed, without its button, and why it ended. Pure. */
export function over(answer: Answer, why: string): Message {
  return answerMessage({ ...answer, lines: [...(answer.lines ?? []), why], buttons: [] });
}

/** `12:07` */
export function sayEnd(at: number): string {
  return sayMinute(new Date(at).toISOString()).slice(11);
}
