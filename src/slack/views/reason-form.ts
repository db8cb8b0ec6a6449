import type { types, ViewOutput } from "@slack/bolt";
import { z } from "zod";
import { cap } from "../../text/cap.ts";
import { clean } from "../../text/clean.ts";
import { limits } from "../limits.ts";
import { input, plainText } from "./form-parts.ts";

/** Action id of buttons that ask for a reason before their words are a command. */
export const openReasonAction = "reason:open";
export const reasonCallback = "reason_form";
const block = "reason";
/** As long as a Release stores it (deploy/crds). */
const longest = 300;

const wishSchema = z.object({
  words: z.string().max(1_000),
  title: z.string().max(limits.viewTitle),
});
const contextSchema = z.object({ words: z.string(), channel: z.string().optional() });

/** The command that waits for its reason, as the button carries it. */
export type ReasonWish = z.infer<typeof wishSchema>;

/** @throws ZodError, SyntaxError for a value that no button of docc's carries */
export function readReasonWish(value: string): ReasonWish {
  return wishSchema.parse(JSON.parse(value));
}

/** A modal with one optional input. Pure. */
export function reasonForm(
  { words, title }: ReasonWish,
  channel: string | undefined,
): types.ModalView {
  return {
    type: "modal",
    callback_id: reasonCallback,
    private_metadata: JSON.stringify({ words, ...(channel === undefined ? {} : { channel }) }),
    title: plainText(title),
    submit: plainText(title),
    close: plainText("Back"),
    blocks: [
      {
        ...input(block, "Why? It is shown in the thread.", {
          type: "plain_text_input",
          action_id: block,
          max_length: longest,
        }),
        optional: true,
      },
    ],
  };
}

/** The words with the reason, as they would have been typed, and where they were asked. */
export function readReason(view: Pick<ViewOutput, "private_metadata" | "state">): {
  readonly words: string;
  readonly channel: string | undefined;
} {
  const { words, channel } = contextSchema.parse(JSON.parse(view.private_metadata));
  const given = clean(view.state.values[block]?.[block]?.value ?? "");
  const reason = cap(
    given
      .replaceAll(/\s+/gu, " ")
      .replaceAll(/["”„“]/gu, "'")
      .trim(),
    longest,
  );
  return { words: reason === "" ? words : `${words} reason="${reason}"`, channel };
}
