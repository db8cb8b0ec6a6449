import type { ReleaseView } from "../../release/story.ts";
import { section } from "../blocks.ts";
import { link } from "../escape.ts";
import { fit } from "../fit.ts";
import type { Message } from "../message.ts";
import { mention } from "../people.ts";
import { rootMessage } from "./root.ts";

/**
 * How a release has ended, for who wants to hear it alone. Pure.
 * @param address Slack's own of its message; "" without one
 */
export function endMessage(view: ReleaseView, address: string): Message {
  const { text: said } = rootMessage(view, mention);
  const text = address === "" ? said : `${said} ${link(address)}`;
  return fit({ text, blocks: [section(text)] });
}
