import { actions, button, section } from "../blocks.ts";
import type { Message } from "../message.ts";
import { openPaletteAction } from "./palette.ts";

/** What docc says to who calls it by its name alone. Pure. */
export function mentionHelp(): Message {
  const text =
    "Write a command behind my name, such as `@docc status kubecon-2017`, or choose one here.";
  return {
    text: text.replaceAll("`", ""),
    blocks: [
      section(text),
      actions(
        button({
          action: openPaletteAction,
          text: "Choose a command",
          value: "palette",
          label: "Choose a command of docc's",
        }),
      ),
    ],
  };
}
