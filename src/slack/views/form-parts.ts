import type { types } from "@slack/bolt";

/** Words of a view as they are: Slack makes no markup of them. */
export function plainText(said: string): types.PlainTextElement {
  return { type: "plain_text", text: said };
}

/** One input of a form under its label. */
export function input(
  block: string,
  label: string,
  element: types.InputBlock["element"],
): types.InputBlock {
  return { type: "input", block_id: block, label: plainText(label), element };
}
