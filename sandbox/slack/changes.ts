import type { Change } from "./types.ts";

type Listener = (change: Change) => void;

/** Tells listeners that something changed; waiting tests look again instead of sleeping. */
export class Changes {
  readonly #listeners = new Set<Listener>();

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(change: Change): void {
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  /**
   * Resolves with the first value of `read` that is neither `undefined` nor `false`, looking now
   * and after every change. Rejects after `deadlineMs` of real time, whatever clock the fake has.
   */
  async waitFor<T>(read: () => T | undefined | false, deadlineMs = 5_000): Promise<T> {
    const now = read();
    if (now !== undefined && now !== false) {
      return now;
    }
    return new Promise<T>((resolve, reject) => {
      let ended = false;
      const end = (): void => {
        ended = true;
        clearTimeout(timer);
        stop();
      };
      const look = (): void => {
        if (ended) return;
        try {
          const value = read();
          if (value !== undefined && value !== false) {
            end();
            resolve(value);
          }
        } catch (error) {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      // A change is announced while it is being made: what else belongs to it follows at once.
      const stop = this.listen(() => queueMicrotask(look));
      const timer = setTimeout(() => {
        end();
        reject(new Error(`nothing to see after ${deadlineMs} ms: ${read.toString()}`));
      }, deadlineMs);
    });
  }
}
