import type { Clock } from "../src/clock.ts";

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
}

/**
 * A clock that moves only when it is told to. Timers run in the order of their due times, then of
 * their creation, and each sees `now()` equal to its own due time.
 */
export class SteppedClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now: number;
  #created = 0;

  /** @param start milliseconds since the Unix epoch; the default is the day of the talk. */
  constructor(start: number = Date.UTC(2017, 11, 6)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    this.#created += 1;
    const timer = { due: this.#now + Math.max(0, ms), order: this.#created, task };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer is due, in milliseconds since the Unix epoch. */
  get nextDue(): number | undefined {
    return this.#next()?.due;
  }

  /**
   * Moves `ms` milliseconds ahead and runs every timer that comes due, those that were set on the
   * way included. Promises settle only when the caller awaits something afterwards.
   */
  step(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#next(); timer !== undefined && timer.due <= end; timer = this.#next()) {
      this.#timers.delete(timer);
      this.#now = timer.due;
      timer.task();
    }
    this.#now = end;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || isBefore(timer, first)) {
        first = timer;
      }
    }
    return first;
  }
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.due === right.due ? left.order < right.order : left.due < right.due;
}
