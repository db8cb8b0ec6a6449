import type { Message } from "./message.ts";

const rememberMs = 10 * 60_000;

/** What messages show by our last successful edit, so that nothing is sent that changes nothing. */
export class ShownMessages {
  readonly #shown = new Map<string, { readonly at: number; readonly content: string }>();

  record(key: string, message: Message, now: number): void {
    for (const [other, { at }] of this.#shown) {
      if (at < now - rememberMs) this.#shown.delete(other);
    }
    this.#shown.set(key, { at: now, content: JSON.stringify(message) });
  }

  shows(key: string, message: Message): boolean {
    return this.#shown.get(key)?.content === JSON.stringify(message);
  }

  /** Time of the last edit; -Infinity when none is remembered. */
  lastAt(key: string): number {
    return this.#shown.get(key)?.at ?? -Infinity;
  }
}
