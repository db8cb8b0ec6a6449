import { type Notice, noticesOf, unsettled } from "../release/notices.ts";
import type { WebhookNote } from "../release/release.ts";
import type { ControllerPorts, Delivery, Webhook } from "./ports.ts";
import { type Again, createWorkqueue, type Workqueue } from "./workqueue.ts";

/**
 * What other systems hear of releases, as a projection of the records: which events there should have been
 * is derived, how far each webhook has come is noted. An event arrives at least once, and those of one
 * release in their order; a crash between a delivery and its note repeats one event under the same id.
 */
export interface Outbox {
  /** Something of this release changed. */
  touch(name: string): void;
  /** Leaves deliveries under way behind: whoever goes on delivers them again. */
  stop(): Promise<void>;
}

export function createOutbox(ports: ControllerPorts): Outbox {
  const stopping = new AbortController();
  const boxes = ports.webhooks.map((webhook) => new Box(webhook, ports, stopping.signal));
  return {
    touch: (name) => {
      for (const box of boxes) box.touch(name);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(boxes.map((box) => box.drain()));
    },
  };
}

const workers = 4;
/** Releases that wait for one webhook. Those beyond are found in the records once there is room. */
const mostWaiting = 10_000;
const firstBackoffMs = 1_000;
const longestBackoffMs = 10 * 60_000;
/** A receiver may ask for a pause, but not be forgotten by one wrong header. */
const longestPauseMs = 60 * 60_000;

interface Trouble {
  readonly failures: number;
  /** Milliseconds since the Unix epoch. */
  readonly notBefore: number;
}

/** One webhook with a queue of its own: another one's trouble is none of its business. */
class Box {
  readonly #webhook: Webhook;
  readonly #ports: ControllerPorts;
  readonly #stopping: AbortSignal;
  readonly #queue: Workqueue;
  /** Releases whose next event did not arrive. */
  readonly #troubles = new Map<string, Trouble>();
  /** Settled, and not yet noted: the note is what is tried again, never the event. */
  readonly #open = new Map<string, WebhookNote>();
  #pausedUntil = 0;
  #isGone = false;
  #hasLeftOut = false;

  constructor(webhook: Webhook, ports: ControllerPorts, stopping: AbortSignal) {
    this.#webhook = webhook;
    this.#ports = ports;
    this.#stopping = stopping;
    const { clock, random, log } = ports;
    this.#queue = createWorkqueue({
      clock,
      random,
      workers,
      work: (name) => this.#work(name),
      onError: (release, error) =>
        log.warn({ err: error, release, webhook: webhook.name }, "its delivery is noted later"),
    });
  }

  touch(name: string): void {
    if (this.#isGone || (this.#next(name) === undefined && !this.#open.has(name))) return;
    if (this.#queue.size < mostWaiting) this.#queue.add(name);
    else this.#hasLeftOut = true;
  }

  drain(): Promise<void> {
    return this.#queue.drain();
  }

  async #work(name: string): Promise<Again> {
    const { clock, cache, leads } = this.#ports;
    if (!leads()) return {};
    if (this.#isGone || cache.release(name) === undefined) {
      this.#troubles.delete(name);
      this.#open.delete(name);
      return {};
    }
    await this.#note(name);
    for (let next = this.#next(name); next !== undefined; next = this.#next(name)) {
      const notBefore = Math.max(this.#pausedUntil, this.#troubles.get(name)?.notBefore ?? 0);
      if (clock.now() < notBefore) return { afterMs: notBefore - clock.now() };
      if (this.#isLate(next)) await this.#giveUp(name, next);
      else if (!(await this.#deliver(name, next))) return this.#again(name);
    }
    this.#troubles.delete(name);
    this.#lookForOthers();
    return {};
  }

  /** The next event of a release that this webhook wants and that still matters. */
  #next(name: string): Notice | undefined {
    const release = this.#ports.cache.release(name);
    if (release === undefined) return undefined;
    const open = unsettled(noticesOf(release), this.#noted(name)?.through);
    const isTried = this.#troubles.has(name);
    return open.find(
      (notice) => this.#webhook.wants(notice.data) && (isTried || !this.#isLate(notice)),
    );
  }

  #noted(name: string): WebhookNote | undefined {
    const { cache } = this.#ports;
    return this.#open.get(name) ?? cache.release(name)?.status?.webhooks?.[this.#webhook.name];
  }

  #isLate({ at }: Notice): boolean {
    return this.#ports.clock.now() - Date.parse(at) > this.#webhook.giveUpMs;
  }

  /** @returns whether it is settled */
  async #deliver(name: string, notice: Notice): Promise<boolean> {
    const { clock, log } = this.#ports;
    const options = { now: clock.now(), signal: this.#stopping };
    const outcome = await this.#webhook.deliver(notice, options);
    switch (outcome.state) {
      case "delivered":
        this.#troubles.delete(name);
        await this.#settle(name, { ...this.#noted(name), through: notice.key });
        return true;
      case "gone":
        this.#isGone = true;
        log.warn(
          { webhook: this.#webhook.name },
          "HTTP 410: it gets nothing until docc is restarted",
        );
        return false;
      case "failed":
        if (!this.#stopping.aborted) this.#fail(name, notice, outcome);
        return false;
    }
  }

  #fail(name: string, { key }: Notice, outcome: Extract<Delivery, { state: "failed" }>): void {
    const { clock, random, log } = this.#ports;
    const failures = (this.#troubles.get(name)?.failures ?? 0) + 1;
    const ceiling = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failures - 1));
    const notBefore = clock.now() + ceiling * (0.5 + random() / 2);
    this.#troubles.set(name, { failures, notBefore });
    if (outcome.retryAfterMs !== undefined) {
      const pauseMs = Math.min(longestPauseMs, outcome.retryAfterMs);
      this.#pausedUntil = Math.max(this.#pausedUntil, clock.now() + pauseMs);
    }
    const line = { webhook: this.#webhook.name, release: name, event: key, why: outcome.why };
    if (failures === 1) log.warn(line, "an event is not delivered; trying again");
    else log.debug({ ...line, failures }, "an event is still not delivered");
  }

  async #giveUp(name: string, { key }: Notice): Promise<void> {
    const failures = this.#troubles.get(name)?.failures;
    const line = { webhook: this.#webhook.name, release: name, event: key, failures };
    this.#ports.log.error(line, "an event is given up");
    await this.#settle(name, { through: key, gaveUp: (this.#noted(name)?.gaveUp ?? 0) + 1 });
  }

  #again(name: string): Again {
    const notBefore = this.#troubles.get(name)?.notBefore;
    return notBefore === undefined ? {} : { afterMs: notBefore - this.#ports.clock.now() };
  }

  async #settle(name: string, note: WebhookNote): Promise<void> {
    this.#open.set(name, note);
    await this.#note(name);
  }

  async #note(name: string): Promise<void> {
    const note = this.#open.get(name);
    if (note === undefined) return;
    const { records, cache } = this.#ports;
    cache.remember(await records.writeWebhook(name, this.#webhook.name, note));
    this.#open.delete(name);
  }

  #lookForOthers(): void {
    if (!this.#hasLeftOut || this.#queue.size > mostWaiting / 2) return;
    this.#hasLeftOut = false;
    for (const { metadata } of this.#ports.cache.releases()) this.touch(metadata.name);
  }
}
