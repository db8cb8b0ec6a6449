import { aboutsOf, type Answer } from "../commands/answer.ts";

/**
 * The answer that a release begins, asked for in a channel that docc is not in: nothing can be told there. The answer
 * itself comes by the way of the question. Pure.
 */
export function withInvitation(answer: Answer): Answer {
  const isBegun = aboutsOf(answer).some(({ release }) => release !== undefined);
  if (answer.reason !== undefined || !isBegun) return answer;
  const line = "docc is not in this channel, so it tells nothing here. Invite it: /invite @docc";
  return { ...answer, lines: [...(answer.lines ?? []), line] };
}
