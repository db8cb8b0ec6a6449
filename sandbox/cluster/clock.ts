import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../src/clock.ts";
import { type EngineClock, nextTimer, timersSet } from "./webernetes.ts";

/** The longest delay Node's timers take; beyond it they fire at once. */
const longestDelay = 2 ** 31 - 1;

/** Turns of the event loop without any activity that count as rest: a loopback request takes two. */
const quietTurns = 4;

/** Real milliseconds after which a step no longer waits for requests in flight. */
const patience = 2_000;

/** Timers at one instant before a step gives up on a loop of zero delays. */
const busyLimit = 10_000;

/** Where a step looks to see whether something is still going on. */
export interface Activity {
  /** A number that changes whenever anything happens. */
  pulse(): number;
  /** Requests being answered now. */
  inFlight(): number;
}

/**
 * The cluster's time: it runs by itself until paused, then only by {@link step}. Sharing it with
 * docc and the fake Slack lets ten minutes pass everywhere at once.
 */
export class ClusterClock implements Clock {
  readonly #engine: EngineClock;
  readonly #activity: Activity;
  #steps: Promise<void> = Promise.resolve();

  constructor(engine: EngineClock, activity: Activity) {
    this.#engine = engine;
    this.#activity = activity;
  }

  now(): number {
    return this.#engine.nowMs();
  }

  after(ms: number, task: () => void): () => void {
    let handle = 0;
    const arm = (left: number): void => {
      const part = Math.min(left, longestDelay);
      handle = this.#engine.setTimeout(() => (left > part ? arm(left - part) : task()), part);
    };
    arm(ms);
    return () => this.#engine.clearTimeout(handle);
  }

  pause(): void {
    if (!this.#engine.isPaused()) this.#engine.pause();
  }

  resume(): void {
    if (this.#engine.isPaused()) this.#engine.resume();
  }

  /**
   * Lets `ms` simulated milliseconds pass: every timer in order, and after each instant whatever it
   * set off (promises, loopback requests, watch events) until nothing moves. Steps queue up.
   */
  step(ms: number): Promise<void> {
    const step = this.#steps.then(() => this.#step(ms));
    this.#steps = step.catch(() => undefined);
    return step;
  }

  async #step(ms: number): Promise<void> {
    const paused = this.#engine.isPaused();
    this.pause();
    const target = this.now() + ms;
    let instant = Number.NaN;
    let busy = 0;
    await this.#rest();
    for (
      let due = nextTimer(this.#engine);
      due !== undefined && due <= target;
      due = nextTimer(this.#engine)
    ) {
      busy = due <= instant ? busy + 1 : 0;
      if (busy > busyLimit) throw new Error("the cluster's timers never come to rest");
      instant = Math.max(due, this.now());
      this.#engine.step(instant - this.now());
      await this.#rest();
    }
    this.#engine.step(Math.max(0, target - this.now()));
    await this.#rest();
    if (!paused) this.resume();
  }

  async #rest(): Promise<void> {
    const giveUp = performance.now() + patience;
    let pulse = this.#pulse();
    for (let quiet = 0; quiet < quietTurns;) {
      await nextTurn();
      const next = this.#pulse();
      const waiting = this.#activity.inFlight() > 0 && performance.now() < giveUp;
      quiet = next === pulse && !waiting ? quiet + 1 : 0;
      pulse = next;
    }
  }

  #pulse(): number {
    return this.#activity.pulse() + timersSet(this.#engine);
  }
}
