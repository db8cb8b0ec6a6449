import { styleText } from "node:util";
import { stringAt } from "../slack/json.ts";
import type { FakeSlack } from "../slack/fake-slack.ts";
import type { Change, Message } from "../slack/types.ts";

type Style = Parameters<typeof styleText>[0];

/** Where words begin; who says them stands before. */
const gutter = 12;

/** Lines of one message before the rest is only counted. */
const mostLines = 16;

/**
 * Prints a workspace as it happens, one message after the other: what is new, what of a message was
 * edited (`then`), replies (`└`), and what only one person sees.
 */
export class Transcript {
  readonly #slack: FakeSlack;
  readonly #stream: NodeJS.WritableStream;
  /** The lines of every message as they were printed last, by `ts` or id. */
  readonly #printed = new Map<string, readonly string[]>();
  readonly #stop: () => void;

  constructor(slack: FakeSlack, stream: NodeJS.WritableStream) {
    this.#slack = slack;
    this.#stream = stream;
    this.#stop = slack.workspace.changes.listen((change) => this.#hear(change));
  }

  close(): void {
    this.#stop();
  }

  /** A line that is not part of the conversation. */
  note(text: string, style: Style = "dim"): void {
    this.#stream.write(`${this.#styled(style, text)}\n`);
  }

  /** What a person does: a command, a modal, a click. */
  did(who: string, words: string): void {
    this.#print(who, words.split("\n"), "green");
  }

  #hear({ type, id }: Change): void {
    if (type === "message" || type === "message_changed") {
      const message = this.#find(id);
      if (message?.isBot === true) this.#tell(message);
    } else if (type === "ephemeral") {
      const shown = this.#slack.workspace.ephemeral(id);
      if (shown === undefined) return;
      const only = `(only ${this.#slack.names(shown.user) ?? shown.user} sees this)`;
      this.#print("docc", [only, ...this.#slack.render(shown).split("\n")], "yellow");
    }
  }

  #find(ts: string): Message | undefined {
    const { workspace } = this.#slack;
    return workspace.channels
      .map((channel) => workspace.message(channel.id, ts))
      .find((message) => message !== undefined);
  }

  /** A message that is new, or the lines of a known one that an edit changed. */
  #tell(message: Message): void {
    const lines = this.#words(message);
    const before = this.#printed.get(message.ts);
    this.#printed.set(message.ts, lines);
    if (before === undefined) {
      this.#print(message.threadTs === undefined ? "docc" : "  └", lines, "cyan");
      return;
    }
    const known = new Set(before.map(timeless));
    const fresh = lines.filter((line) => !known.has(timeless(line)));
    if (fresh.length > 0) this.#print("  then", fresh, "cyan");
  }

  /** The words, without the steps of a `plan` block, which say the same in pictures. */
  #words(message: Message): readonly string[] {
    const blocks = message.blocks.filter((block) => stringAt(block, "type") !== "plan");
    return this.#slack.render({ ...message, blocks }).split("\n");
  }

  #print(who: string, lines: readonly string[], style: Style): void {
    const left = lines.length - mostLines;
    const shown = left > 1 ? [...lines.slice(0, mostLines), `… ${left} more lines`] : lines;
    const text = shown
      .map(
        (line, at) =>
          `${at === 0 ? this.#styled(style, who.padEnd(gutter)) : " ".repeat(gutter)}${line}`,
      )
      .join("\n");
    this.#stream.write(`${text}\n`);
  }

  /** Colours on a terminal only, and never with NO_COLOR. */
  #styled(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream });
  }
}

/** A line without its durations: a timer that ticks is nothing new. */
function timeless(line: string): string {
  return line.replaceAll(/\b(?:\d+h)?(?:\d+m)?\d+ ?s\b/g, "");
}
