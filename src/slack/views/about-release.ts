import type { types } from "@slack/bolt";
import { actions, button, section } from "../blocks.ts";
import { plain } from "../escape.ts";

/** The release that a message of docc's own is about. */
export interface AboutRelease {
  /** Name of the record. */
  readonly name: string;
  readonly app: string;
  readonly environment: string;
}

/** A modal that offers to look closer at the release of a message. Pure. */
export function aboutRelease({ app, environment, name }: AboutRelease): types.ModalView {
  const looks = [
    ["Status", `status ${app} in=${environment}`],
    ["Logs", `logs ${app} in=${environment}`],
    ["History", `history ${app} in=${environment}`],
    ["What changes", `diff ${name} in=${environment}`],
  ] as const;
  return {
    type: "modal",
    title: { type: "plain_text", text: "Ask docc" },
    close: { type: "plain_text", text: "Close" },
    blocks: [
      section(`About *${plain(app)}* in ${plain(environment)}, release ${plain(name)}:`),
      actions(
        ...looks.map(([text, words], at) =>
          button({
            action: `command:about:${at}`,
            text,
            value: words,
            label: `${text} of ${app} in ${environment}`,
          }),
        ),
      ),
    ],
  };
}
