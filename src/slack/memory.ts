/** Remembers values by key until a time each, at most so many: the oldest go first. */
export class Memory<T> {
  readonly #most: number;
  readonly #entries = new Map<string, { readonly value: T; readonly until: number }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The value, unless it is unknown or `now` is past its time. */
  recall(key: string, now: number): T | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && now < entry.until ? entry.value : undefined;
  }

  keep(key: string, value: T, until: number): void {
    this.#entries.delete(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < this.#most) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, until });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
