import type { Clock } from "../../src/clock.ts";

/** Makes identifiers that look like Slack's and are the same in every run with the same clock. */
export class Ids {
  readonly #clock: Clock;
  #count = 0;
  #lastMicros = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `prefix` and eight upper-case digits in base 36, such as `F00000001`. */
  next(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count.toString(36).toUpperCase().padStart(8, "0")}`;
  }

  /** A message's time and identity, never the same twice: `1512518400.000100`. */
  ts(): string {
    this.#lastMicros = Math.max(this.#clock.now() * 1_000, this.#lastMicros + 100);
    return micros(this.#lastMicros);
  }

  /** The hash of a view's state: changes with every change. */
  hash(): string {
    this.#count += 1;
    return `${Math.floor(this.#clock.now() / 1_000)}.${this.#count.toString(36)}`;
  }
}

function micros(value: number): string {
  const seconds = Math.floor(value / 1_000_000);
  return `${seconds}.${String(value % 1_000_000).padStart(6, "0")}`;
}
