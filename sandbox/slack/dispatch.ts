import { randomUUID } from "node:crypto";
import type { Clock } from "../../src/clock.ts";
import type { Faults } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import { sendSigned } from "./signed.ts";
import type { Sockets } from "./sockets.ts";
import type { Ack, Delivery } from "./types.ts";

export interface DispatchOptions {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly sockets: Sockets;
  readonly signingSecret: string;
  /** Where to deliver over HTTP; `undefined` means Socket Mode. */
  readonly requestUrl: () => string | undefined;
  readonly onChange: (deliveryId: string) => void;
}

type Retry = { readonly number: number; readonly reason: string };

/** Delivers payloads to the app, waits three seconds on the clock for each ack, retries events. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #deliveries = new Map<string, Delivery>();
  /** Attempts that wait for their acknowledgement, by delivery, the oldest first. */
  readonly #waiting = new Map<string, ((ack: Ack) => void)[]>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** Everything that was sent to the app, oldest first. */
  get deliveries(): readonly Delivery[] {
    return [...this.#deliveries.values()];
  }

  /** Delivers a command or an interaction: once, and Slack never tries again. */
  async deliver(type: "slash_commands" | "interactive", payload: JsonObject): Promise<Ack> {
    return this.#attempt(this.#record(type, payload));
  }

  /** Delivers an event; resolves after the first attempt while later ones wait on the clock. */
  async deliverEvent(payload: JsonObject): Promise<Ack> {
    const delivery = this.#record("events_api", payload);
    const ack = await this.#attempt(delivery);
    this.#retryLater(delivery, ack, 1);
    return ack;
  }

  /** Delivers a payload again, by default the last one: Slack may do so at any time. */
  async redeliver(id?: string): Promise<Ack> {
    const delivery = id === undefined ? this.deliveries.at(-1) : this.#deliveries.get(id);
    if (delivery === undefined) {
      throw new Error("nothing was delivered yet");
    }
    const retry = { number: delivery.attempts, reason: "timeout" };
    return this.#attempt(delivery, delivery.type === "events_api" ? retry : undefined);
  }

  /** Called with each acknowledgement that arrives over a socket: it ends the oldest attempt that waits. */
  acknowledge(envelopeId: string, payload: unknown): void {
    this.#waiting.get(envelopeId)?.[0]?.({ ok: true, payload });
  }

  #record(type: Delivery["type"], payload: JsonObject): Delivery {
    const delivery = {
      id: randomUUID(),
      at: this.#options.clock.now(),
      type,
      payload,
      attempts: 0,
    };
    this.#deliveries.set(delivery.id, delivery);
    return delivery;
  }

  #note(id: string, change: Partial<Delivery>): void {
    const delivery = this.#deliveries.get(id);
    if (delivery !== undefined) {
      this.#deliveries.set(id, { ...delivery, ...change });
      this.#options.onChange(id);
    }
  }

  async #attempt(delivery: Delivery, retry?: Retry): Promise<Ack> {
    const attempts = (this.#deliveries.get(delivery.id)?.attempts ?? 0) + 1;
    this.#note(delivery.id, { attempts });
    const fault = this.#options.faults.take("delivery");
    const ack = await this.#withinTime(delivery, fault?.kind === "timeout", retry);
    this.#note(delivery.id, { ack });
    if (fault?.kind === "duplicate") {
      await this.redeliver(delivery.id);
    }
    return ack;
  }

  async #withinTime(delivery: Delivery, isLost: boolean, retry?: Retry): Promise<Ack> {
    const overdue = new AbortController();
    return new Promise<Ack>((resolve) => {
      const settle = (ack: Ack): void => {
        cancel();
        const others = this.#waiting.get(delivery.id)?.filter((each) => each !== settle) ?? [];
        if (others.length === 0) this.#waiting.delete(delivery.id);
        else this.#waiting.set(delivery.id, others);
        resolve(ack);
      };
      const cancel = this.#options.clock.after(limits.ackMs, () => {
        overdue.abort();
        settle({ ok: false, error: "operation_timeout" });
      });
      this.#waiting.set(delivery.id, [...(this.#waiting.get(delivery.id) ?? []), settle]);
      if (!isLost) {
        this.#send(delivery, overdue.signal, settle, retry);
      }
    });
  }

  #send(delivery: Delivery, signal: AbortSignal, settle: (ack: Ack) => void, retry?: Retry): void {
    const { type, payload } = delivery;
    const url = this.#options.requestUrl();
    if (url !== undefined) {
      const { signingSecret: secret } = this.#options;
      const again = retry === undefined ? {} : { retry };
      void sendSigned({ url, secret, type, payload, signal, ...again }).then(settle);
    } else if (!this.#options.sockets.send(envelope(delivery, retry))) {
      settle({ ok: false, error: "dispatch_failed" });
    }
  }

  #retryLater(delivery: Delivery, ack: Ack, number: number): void {
    const delay = limits.eventRetryMs[number - 1];
    if (ack.ok || delay === undefined) {
      return;
    }
    this.#note(delivery.id, { retryAt: this.#options.clock.now() + delay });
    this.#options.clock.after(delay, () => {
      void this.#attempt(delivery, { number, reason: retryReason(ack.error) }).then((next) =>
        this.#retryLater(delivery, next, number + 1),
      );
    });
  }
}

function retryReason(error: string): string {
  switch (error) {
    case "operation_timeout":
      return "http_timeout";
    case "dispatch_failed":
      return "connection_failed";
    default:
      return "http_error";
  }
}

/** A Socket Mode message. A repeated delivery carries the envelope id of the first. */
function envelope(delivery: Delivery, retry: Retry | undefined): JsonObject {
  const isEvent = delivery.type === "events_api";
  return {
    envelope_id: delivery.id,
    type: delivery.type,
    accepts_response_payload: !isEvent,
    payload: delivery.payload,
    ...(isEvent ? { retry_attempt: retry?.number ?? 0, retry_reason: retry?.reason ?? "" } : {}),
  };
}
