import { section } from "../blocks.ts";
import { plain } from "../escape.ts";
import { fit } from "../fit.ts";
import type { Message } from "../message.ts";
import { withPeople } from "./phrases.ts";

/**
 * One sentence of docc's to a channel or a person: a lock, a preference, drift. Pure.
 * @param named Slack ids that stand in it as `@U0123`, and are shown as people
 */
export function announcement(sentence: string, named: readonly string[] = []): Message {
  const text = withPeople(plain(sentence), named);
  return fit({ text, blocks: [section(text)] });
}
