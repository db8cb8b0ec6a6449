import type { types, ViewOutput } from "@slack/bolt";
import { z } from "zod";
import type { Answer } from "../../commands/answer.ts";
import { cap } from "../../text/cap.ts";
import { clean } from "../../text/clean.ts";
import { limits } from "../limits.ts";
import { answerMessage } from "./answer.ts";
import { input, plainText } from "./form-parts.ts";

export const confirmCallback = "confirm_form";
const block = "confirm";
/** Room for slips; what is longer is wrong anyway. */
const spare = 100;

const contextSchema = z.object({ words: z.string(), channel: z.string().optional() });

/** A modal that says what a command would do and runs it once what it asks for is typed. Pure. */
export function confirmForm(
  answer: Answer,
  { words, typed }: NonNullable<Answer["confirm"]>,
  channel: string | undefined,
): types.ModalView {
  return {
    type: "modal",
    callback_id: confirmCallback,
    private_metadata: JSON.stringify({ words, ...(channel === undefined ? {} : { channel }) }),
    title: plainText("Delete"),
    submit: plainText("Delete"),
    close: plainText("Keep"),
    blocks: [
      ...answerMessage(answer).blocks,
      input(block, cap(sayWhat(typed), limits.inputLabel), {
        type: "plain_text_input",
        action_id: block,
        max_length: typed.length + spare,
      }),
    ],
  };
}

function sayWhat(typed: string): string {
  return `Type ${typed} to delete ${typed.includes(" ") ? "them" : "it"}`;
}

/** The command with what was typed, as one would have typed it, and where it was asked. */
export function readConfirmation(view: Pick<ViewOutput, "private_metadata" | "state">): {
  readonly words: string;
  readonly channel: string | undefined;
} {
  const { words, channel } = contextSchema.parse(JSON.parse(view.private_metadata));
  const given = clean(view.state.values[block]?.[block]?.value ?? "");
  // A quote would end the word and let others follow; no name has one.
  const typed = given
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/["“”„]/gu, "'")
    .trim();
  return { words: `${words} confirm="${typed}"`, channel };
}

/** Why it was not taken, under the input. */
export function confirmErrors({ text, lines = [] }: Answer): Readonly<Record<string, string>> {
  return { [block]: cap([text, ...lines].join(" "), limits.formError) };
}
