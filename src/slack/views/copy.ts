import type { Release } from "../../release/release.ts";
import { section } from "../blocks.ts";
import { link } from "../escape.ts";
import { fit } from "../fit.ts";
import type { Message } from "../message.ts";
import { appOf, environmentOf, releaseOf } from "./phrases.ts";

/**
 * What the superfluous one of two root messages says. Pure.
 * @param address Slack's own of the message that goes on; "" without one
 */
export function copyMessage(release: Release, address: string): Message {
  const what = `${appOf(release)} to ${environmentOf(release)}, ${releaseOf(release)}`;
  const where = address === "" ? "in the other message" : `at ${link(address)}`;
  const text = `${what}: Slack took this message twice. It is told ${where}.`;
  return fit({ text, blocks: [section(text)] });
}
