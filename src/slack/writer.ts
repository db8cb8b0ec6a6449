import type { Clock } from "../clock.ts";
import type { Address, EditOptions } from "../controller/messenger.ts";
import { DoccError } from "../errors.ts";
import { backoffMs, budget, decide, type Job, type Ledger, pause, record } from "./budget.ts";
import { BlockLadder } from "./ladder.ts";
import { explain, type Failure, failureOf } from "./failures.ts";
import { describeError, type Logger } from "./logger.ts";
import type { Mark } from "./marks.ts";
import type { Message } from "./message.ts";
import { ShownMessages } from "./shown.ts";

/** Where a new message goes. */
export interface Place {
  readonly channel: string;
  readonly threadTs?: string;
  readonly broadcast?: boolean;
  /** By which it is found again when Slack's answer is lost. */
  readonly mark?: Mark;
}

/** The two calls the writer makes; each has its own deadline and rejects as the Web API client does. */
export interface Wire {
  post(place: Place, message: Message): Promise<Address>;
  update(address: Address, message: Message): Promise<void>;
}

/** What a process has spent: one for all its writers, since Slack counts them together. */
export interface Book {
  ledger: Ledger;
}

export interface WriterOptions {
  readonly wire: Wire;
  readonly book: Book;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

/** How an edit may be meant that tells of no release. */
export interface WriterEditOptions extends EditOptions {
  /** It takes only room that is idle, and is told nowhere else when its message is gone. */
  readonly aside?: boolean;
  /** Told when Slack says that it never takes an edit of this message. */
  readonly onGone?: () => void;
}

interface Edit {
  readonly id: number;
  readonly address: Address;
  readonly message: Message;
  readonly asks: boolean;
  readonly final: boolean;
  readonly aside: boolean;
  /** End of the back-off after a failure, in milliseconds since the epoch. */
  readonly notBefore: number;
  readonly failures: number;
  /** Told once Slack shows it, or shows it already. */
  readonly onShown: (() => void) | undefined;
  readonly onGone: (() => void) | undefined;
}

interface Post {
  readonly id: number;
  readonly place: Place;
  readonly message: Message;
  readonly giveUpAt: number;
  readonly resolve: (address: Address) => void;
  readonly reject: (error: DoccError) => void;
}

const mostInFlight = 4;
/** How long a post may wait for its turn before its caller hears that Slack is not available. */
const postPatienceMs = 60_000;

/**
 * The one queue to Slack's channels. The latest state of a message wins; what asks somebody goes first, then
 * final states. Those are never dropped: they are retried until Slack takes them or says that it never will. A post
 * whose fate is not known is not sent again: its caller hears of it and decides. What several writers of a process
 * spend stands in one book.
 */
export class MessageWriter {
  readonly #options: WriterOptions;
  readonly #ladder: BlockLadder;
  readonly #edits = new Map<string, Edit>();
  readonly #posts: Post[] = [];
  readonly #shown = new ShownMessages();
  /** Messages with an edit on its way; two at once could arrive in the wrong order. */
  readonly #sending = new Set<string>();
  readonly #idle = new Set<() => void>();
  #inFlight = 0;
  #ids = 0;
  #cancelTimer: () => void = () => undefined;
  #stopped = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#ladder = new BlockLadder(options.clock, options.logger);
  }

  /** Resolves when Slack has the message; rejects with `slack-refused` or `unavailable`. */
  post(place: Place, message: Message): Promise<Address> {
    if (this.#stopped) {
      return Promise.reject(new DoccError("unavailable", "docc is shutting down."));
    }
    return new Promise((resolve, reject) => {
      const giveUpAt = this.#options.clock.now() + postPatienceMs;
      this.#posts.push({ id: this.#nextId(), place, message, giveUpAt, resolve, reject });
      this.#pump();
    });
  }

  /** Shows `message` there, soon; a later call may overtake this one, which then is told nothing. */
  edit(address: Address, message: Message, options: WriterEditOptions): void {
    const { asks = false, aside = false, final, onShown, onGone } = options;
    const key = keyOf(address);
    const waiting = this.#edits.get(key);
    this.#edits.set(key, {
      id: waiting?.id ?? this.#nextId(),
      address,
      message,
      asks,
      final: final || waiting?.final === true,
      aside,
      notBefore: waiting?.notBefore ?? 0,
      failures: waiting?.failures ?? 0,
      onShown,
      onGone,
    });
    this.#pump();
  }

  /** Resolves when nothing final and no post is left, or after `deadlineMs`. */
  async flush(deadlineMs: number): Promise<void> {
    if (this.#isFlushed()) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancel();
        this.#idle.delete(done);
        resolve();
      };
      const cancel = this.#options.clock.after(deadlineMs, done);
      this.#idle.add(done);
    });
  }

  /** Sends nothing more; posts that wait are refused as `unavailable`. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    for (const { reject } of this.#posts.splice(0)) {
      reject(new DoccError("unavailable", "docc is shutting down."));
    }
  }

  #pump(): void {
    this.#cancelTimer();
    while (!this.#stopped && this.#inFlight < mostInFlight) {
      const now = this.#options.clock.now();
      const decision = decide(this.#jobs(), this.#options.book.ledger, now);
      if (decision.type === "idle") break;
      if (decision.type === "wait") {
        this.#cancelTimer = this.#options.clock.after(decision.until - now, () => this.#pump());
        break;
      }
      this.#start(decision.job);
    }
    if (this.#isFlushed()) for (const done of this.#idle) done();
  }

  #jobs(): readonly Job[] {
    const edits = [...this.#edits].filter(([key]) => !this.#sending.has(key));
    return [
      ...edits.map(([key, edit]) => this.#editJob(key, edit)),
      ...this.#posts.map(({ id, place }) => postJob(id, place)),
    ];
  }

  #editJob(key: string, { id, address, asks, final, aside, notBefore }: Edit): Job {
    const spaced = final ? 0 : this.#shown.lastAt(key) + budget.betweenEditsMs;
    const { channel } = address;
    return {
      id,
      kind: "edit",
      channel,
      asks,
      final,
      aside,
      opens: false,
      notBefore: Math.max(notBefore, spaced),
    };
  }

  #start(job: Job): void {
    const work = job.kind === "edit" ? this.#takeEdit(job) : this.#takePost(job);
    if (work === undefined) return;
    const { book, clock } = this.#options;
    book.ledger = record(book.ledger, job, clock.now());
    this.#inFlight += 1;
    void work()
      .catch((error: unknown) =>
        this.#options.logger.error(describeError(error), "slack writer failed"),
      )
      .finally(() => {
        this.#inFlight -= 1;
        this.#pump();
      });
  }

  #takePost(job: Job): (() => Promise<void>) | undefined {
    const at = this.#posts.findIndex(({ id }) => id === job.id);
    const [post] = this.#posts.splice(at, 1);
    return post === undefined ? undefined : () => this.#sendPost(post, job);
  }

  async #sendPost(post: Post, job: Job): Promise<void> {
    try {
      post.resolve(
        await this.#ladder.send(post.message, (message) =>
          this.#options.wire.post(post.place, message),
        ),
      );
    } catch (error) {
      const failure = failureOf(error);
      const now = this.#options.clock.now();
      if (failure.kind === "rate-limited") {
        this.#pause(job, now + failure.retryAfterMs);
        if (now + failure.retryAfterMs < post.giveUpAt && !this.#stopped) {
          this.#posts.unshift(post);
          return;
        }
      }
      post.reject(explain(failure, error));
    }
  }

  #takeEdit(job: Job): (() => Promise<void>) | undefined {
    const found = [...this.#edits].find(([, { id }]) => id === job.id);
    if (found === undefined) return undefined;
    const [key, edit] = found;
    this.#edits.delete(key);
    if (this.#shown.shows(key, edit.message)) {
      edit.onShown?.();
      return undefined;
    }
    this.#sending.add(key);
    return async () => {
      try {
        await this.#sendEdit(key, edit, job);
      } finally {
        this.#sending.delete(key);
      }
    };
  }

  async #sendEdit(key: string, edit: Edit, job: Job): Promise<void> {
    try {
      await this.#ladder.send(edit.message, (message) =>
        this.#options.wire.update(edit.address, message),
      );
      this.#shown.record(key, edit.message, this.#options.clock.now());
      edit.onShown?.();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "permanent" || failure.kind === "refused-content") {
        this.#giveUp(edit, failure);
      } else {
        this.#retry(key, edit, job, failure);
      }
    }
  }

  /** Puts a failed edit back, behind a newer state of the same message if there is one. */
  #retry(key: string, edit: Edit, job: Job, failure: Failure): void {
    const { clock, random } = this.#options;
    const now = clock.now();
    const newer = this.#edits.get(key);
    const failures = edit.failures + 1;
    this.#options.logger.warn(
      { channel: edit.address.channel, failure, failures },
      "slack took no edit",
    );
    let notBefore = now + backoffMs(edit.failures, random());
    if (failure.kind === "rate-limited") {
      this.#pause(job, now + failure.retryAfterMs);
      notBefore = now;
    }
    const final = edit.final || newer?.final === true;
    this.#edits.set(key, {
      ...edit,
      message: newer?.message ?? edit.message,
      asks: newer?.asks ?? edit.asks,
      onShown: newer === undefined ? edit.onShown : newer.onShown,
      final,
      failures,
      notBefore,
    });
  }

  /** A verdict whose message is gone is told in a new one; other states are only logged. */
  #giveUp(
    { address, message, final, aside, onShown, onGone }: Edit,
    { kind, code }: Extract<Failure, { readonly code: string }>,
  ): void {
    const { logger } = this.#options;
    logger.warn({ channel: address.channel, code, final }, "slack refused an edit");
    if (kind === "permanent") onGone?.();
    if (aside || !final || code !== "message_not_found") return;
    this.post({ channel: address.channel }, message).then(
      () => onShown?.(),
      (error: unknown) => logger.error(describeError(error), "a verdict could not be told"),
    );
  }

  #pause(job: Job, until: number): void {
    const { book, clock } = this.#options;
    book.ledger = pause(book.ledger, job, until, clock.now());
  }

  #isFlushed(): boolean {
    const finals = [...this.#edits.values()].some(({ final }) => final);
    return !finals && this.#posts.length === 0 && this.#inFlight === 0;
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

function keyOf({ channel, ts }: Address): string {
  return `${channel} ${ts}`;
}

function postJob(id: number, { channel, threadTs }: Place): Job {
  const opens = threadTs === undefined;
  return {
    id,
    kind: "post",
    channel,
    asks: false,
    final: false,
    aside: false,
    opens,
    notBefore: 0,
  };
}
