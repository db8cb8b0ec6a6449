import type { SocketModeReceiver } from "@slack/bolt";
import { type Clock, sleep } from "../clock.ts";
import { DoccError } from "../errors.ts";
import { backoffMs } from "./budget.ts";
import { failureOf } from "./failures.ts";
import { describeError, type Logger } from "./logger.ts";

export interface SocketOptions {
  /** Built with `autoReconnectEnabled: false`. */
  readonly receiver: SocketModeReceiver;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** A connection shorter than this counts as a failed attempt. */
const steadyMs = 10_000;
const connectDeadlineMs = 15_000;
const closeDeadlineMs = 1_000;

interface OpenConnection {
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>;
}

/**
 * Keeps one Socket Mode connection open. The client's own reconnecting is off: version 3.1.0 waits
 * 5 seconds before each, also when Slack merely asks for a refresh, and a failure of it ends as an
 * unhandled rejection (facts/slack.md section 3, "Issues that bite").
 */
export class SocketConnection {
  readonly #options: SocketOptions;
  readonly #stop = new AbortController();
  #connected = false;
  #onEnded: () => void = () => undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    options.receiver.client.on("disconnected", () => this.#onEnded());
  }

  get connected(): boolean {
    return this.#connected;
  }

  /**
   * Resolves at the first connection; keeps trying while Slack is out of reach.
   * @throws DoccError `bad-config` when Slack refuses the app token
   */
  async start(): Promise<void> {
    const first = await this.#connect({ isFirst: true });
    if (first !== undefined) void this.#keep(first);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#close();
  }

  /** Waits for each connection's end and opens the next; never rejects. */
  async #keep(first: OpenConnection): Promise<void> {
    for (let open: OpenConnection | undefined = first; open !== undefined;) {
      await open.ended;
      if (this.#stop.signal.aborted) return;
      this.#options.logger.info({}, "slack connection ended, opening the next");
      open = await this.#connect({ isFirst: false });
    }
  }

  /** Tries until it is connected; undefined when stopped. */
  async #connect({ isFirst }: { isFirst: boolean }): Promise<OpenConnection | undefined> {
    const { clock, logger, random } = this.#options;
    for (let failures = 0; !this.#stop.signal.aborted; failures += 1) {
      try {
        const open = await this.#open();
        this.#connected = true;
        logger.info({}, "connected to slack");
        return open;
      } catch (error) {
        if (isFirst) throwIfRefused(error);
        logger.warn({ ...describeError(error), failures }, "could not connect to slack");
        await this.#close();
        await sleep(clock, backoffMs(failures, random()), this.#stop.signal).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #open(): Promise<OpenConnection> {
    const { receiver, clock } = this.#options;
    const opened = clock.now();
    const closed = new Promise<void>((resolve) => {
      this.#onEnded = resolve;
    });
    const patience = new AbortController();
    try {
      await Promise.race([receiver.client.start(), this.#greeting(patience.signal)]);
    } finally {
      patience.abort();
    }
    return { ended: closed.then(() => this.#restAfter(opened)) };
  }

  /** Rejects when Slack stays silent: the client itself would wait for its hello for ever. */
  async #greeting(signal: AbortSignal): Promise<never> {
    await sleep(this.#options.clock, connectDeadlineMs, signal);
    throw new DoccError("timeout", "Slack did not greet the connection in time.");
  }

  /** A connection that ends at once must not become a busy loop against apps.connections.open. */
  async #restAfter(opened: number): Promise<void> {
    const { clock, random } = this.#options;
    this.#connected = false;
    if (clock.now() - opened >= steadyMs) return;
    await sleep(clock, backoffMs(0, random()), this.#stop.signal).catch(() => undefined);
  }

  async #close(): Promise<void> {
    const { receiver, clock } = this.#options;
    const patience = new AbortController();
    await Promise.race([
      Promise.resolve(receiver.client.disconnect()).catch(() => undefined),
      sleep(clock, closeDeadlineMs, patience.signal).catch(() => undefined),
    ]);
    patience.abort();
    this.#connected = false;
  }
}

function throwIfRefused(error: unknown): void {
  const failure = failureOf(error);
  if (failure.kind !== "permanent") return;
  throw new DoccError("bad-config", `Slack refused the app token (${failure.code}).`, {
    hint: "It needs an app-level token with the scope connections:write.",
    cause: error,
  });
}
