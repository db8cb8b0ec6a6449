import type { Clock } from "../../clock.ts";

/** Values that are true for a while only; the oldest go first when there are too many. */
export class Expiring<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #clock: Clock;
  readonly #most: number;

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#clock.now() < entry.until) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value, ms: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.#clock.now() + ms });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#most && oldest !== undefined) this.#entries.delete(oldest);
  }
}
