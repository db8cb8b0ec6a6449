import { type Clock, sleep } from "../../clock.ts";
import type { KubeApi } from "../api.ts";
import { isKubeError } from "../errors.ts";
import { leases } from "../kinds.ts";
import { reflect } from "../reflector.ts";
import {
  type Answer,
  type Ask,
  type Candidate,
  hear,
  type LeaseTimes,
  leads,
  leadsUntil,
  look,
  type Moment,
  type Next,
  release,
  withoutLead,
} from "./rules.ts";
import { LeaseStore } from "./store.ts";

/** One term of leadership: from winning the lease to losing it. */
export interface Term {
  /** 1 for the first that this process wins. */
  readonly number: number;
}

/** What only the leader does, during one term. */
export interface LeadersWork {
  /**
   * Ends it. `graceMs` is given on a graceful stop: so long it may finish what is in hand, and still
   * leads. Without, the term is over, and nothing may be written any more.
   */
  stop(graceMs?: number): Promise<void>;
}

export interface ElectionOptions {
  /** On a connection of its own: no crowd of other requests may delay a renewal. */
  readonly api: KubeApi;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Unique among all processes that ever ask for this lease. */
  readonly identity: string;
  readonly times: LeaseTimes;
  /** Of the wall; only its timers and the times for people. */
  readonly clock: Clock;
  /** Milliseconds that never go back and go on while the process is stopped. */
  readonly monotonic: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: ElectionLog;
}

interface ElectionLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

export interface Election {
  /** True while this process may act as the leader. Cheap: to be asked before every act. */
  leads(): boolean;
  /** The term that it leads in now; undefined for a standby. */
  term(): Term | undefined;
  /** Resolves after the first look at the lease, whatever came of it. */
  looked(): Promise<void>;
  /** From now on `start` is called for every term, the present one included. */
  serve(start: (term: Term) => LeadersWork): void;
  /** Ends the work within `graceMs`, then gives the lease up, so that another leads at once. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Campaigns for the lease from the moment it is called, until it is stopped. client-go's elector ends
 * with its first term; this one becomes a candidate again, but not before the work of the last term has
 * ended.
 */
export function openElection(options: ElectionOptions): Election {
  const elector = new Elector(options);
  const running = elector.run();
  return {
    leads: () => elector.leads(),
    term: () => (elector.leads() ? elector.term : undefined),
    looked: () => elector.looked.promise,
    serve: (start) => elector.serving.resolve(start),
    stop: async (graceMs) => {
      await elector.retire(graceMs);
      await running;
    },
  };
}

class Elector {
  readonly looked = Promise.withResolvers<void>();
  readonly serving = Promise.withResolvers<(term: Term) => LeadersWork>();
  term: Term = { number: 0 };
  readonly #options: ElectionOptions;
  readonly #store: LeaseStore;
  readonly #stopping = new AbortController();
  #candidate: Candidate;
  #work: Promise<LeadersWork> | undefined;
  /** A write of ours may have made this process the holder, whatever the answer. */
  #mayHold = false;
  /** Somebody called while nobody slept. */
  #isCalled = false;
  #wake: () => void = () => undefined;

  constructor(options: ElectionOptions) {
    this.#options = options;
    const { identity, times } = options;
    this.#candidate = { identity, times };
    const { api, namespace, name } = options;
    this.#store = new LeaseStore(api, { namespace, name });
  }

  leads(): boolean {
    return leads(this.#candidate, this.#options.monotonic());
  }

  /**
   * Resolves once it is stopped and has let go of the lease. Rejects when the work of a lost term cannot be
   * ended: nobody may lead beside it, so this process must not go on.
   */
  async run(): Promise<void> {
    const watch = this.#watch();
    try {
      while (!this.#stopping.signal.aborted) {
        await this.#campaign();
        if (!this.leads()) continue;
        this.#begin();
        await this.#keep();
        await this.#end();
      }
      await this.#release();
    } finally {
      await watch.stop();
    }
  }

  /** The work may finish while the lease is still renewed; then the election ends. */
  async retire(graceMs: number): Promise<void> {
    const work = this.#work;
    if (work !== undefined && this.leads()) {
      await settledWithin(this.#options.clock, this.#stopWork(work, graceMs), graceMs);
      // What is still in hand is fenced off with the lease.
      void this.#stopWork(work);
    }
    this.#stopping.abort(new Error("stopped"));
    this.#call();
  }

  /** Never rejects: whatever the work could not end, the lease is given up. */
  async #stopWork(work: Promise<LeadersWork>, graceMs?: number): Promise<void> {
    try {
      await (await work).stop(graceMs);
    } catch (error) {
      const { log, name } = this.#options;
      log.warn({ err: error, lease: name }, "the leader's work did not stop cleanly");
    }
  }

  /** Looks until it leads or is stopped. */
  async #campaign(): Promise<void> {
    while (!this.#stopping.signal.aborted && !this.leads()) {
      const waitMs = await this.#look();
      this.looked.resolve();
      if (!this.leads()) await this.#rest(waitMs);
    }
    this.looked.resolve();
  }

  /** Renews until that fails for too long, another holds the lease, or it is stopped. */
  async #keep(): Promise<void> {
    let waitMs = this.#options.times.retryPeriod;
    while (!this.#stopping.signal.aborted) {
      await this.#rest(Math.min(waitMs, this.#leftMs()));
      // After a pause of the process this is where it learns that its time is over.
      if (this.#stopping.signal.aborted || !this.leads()) return;
      waitMs = await this.#look();
      if (!this.leads()) return;
    }
  }

  /** One look, with all requests that follow from it. @returns how long to wait for the next */
  async #look(): Promise<number> {
    const before = this.#candidate.seen?.lease.holder;
    const turn = look(this.#candidate, this.#moment());
    this.#candidate = turn.candidate;
    let next: Next = turn.next;
    while (next.type !== "wait") {
      const ask: Ask = next;
      const answer = await this.#ask(ask);
      if (this.#stopping.signal.aborted) return 0;
      const random = this.#options.random();
      const heard = hear(this.#candidate, { ask, answer }, this.#moment(), random);
      this.#candidate = heard.candidate;
      next = heard.next;
    }
    this.#tellHolder(before);
    return next.ms;
  }

  async #ask(ask: Ask): Promise<Answer> {
    const { monotonic, log, name } = this.#options;
    const left = this.leads() ? this.#leftMs() : Infinity;
    const options = {
      timeoutMs: Math.min(this.#patienceMs(), left),
      signal: this.#stopping.signal,
    };
    try {
      if (ask.type === "read") return { type: "found", lease: await this.#store.read(options) };
      this.#mayHold = true;
      const sentAt = monotonic();
      return { type: "written", lease: await this.#store.write(ask, options), sentAt };
    } catch (error) {
      const isLate = isKubeError(error, "conflict", "already-exists", "not-found");
      if (!isLate && !this.#stopping.signal.aborted) {
        log.warn({ err: error, lease: name }, "the lease cannot be reached; trying again");
      }
      return { type: "failed" };
    }
  }

  #begin(): void {
    const { identity, name, log } = this.#options;
    const term = { number: this.term.number + 1 };
    this.term = term;
    log.info({ lease: name, identity, term: term.number }, "this replica leads");
    this.#work = this.serving.promise.then((start) => start(term));
  }

  /** Waits for the end of the work of a term that was lost. */
  async #end(): Promise<void> {
    const { identity, name, log, times } = this.#options;
    if (this.#stopping.signal.aborted) return;
    const holder = this.#candidate.seen?.lease.holder;
    const reason =
      holder === identity
        ? `it could not renew its lease for ${times.renewDeadline / 1_000} s`
        : "another one holds the lease";
    this.#candidate = withoutLead(this.#candidate);
    log.warn({ lease: name, holder, reason }, "this replica leads no more");
    const work = this.#work;
    this.#work = undefined;
    // Before it serves there is nothing to end, and it may never serve.
    await Promise.race([work?.then((each) => each.stop()), aborted(this.#stopping.signal)]);
  }

  /** Gives the lease up, if it is ours; whoever waits need not wait for its end then. */
  async #release(): Promise<void> {
    const { log, name, monotonic, times } = this.#options;
    this.#candidate = withoutLead(this.#candidate);
    const options = { timeoutMs: this.#patienceMs() };
    const giveUpAt = monotonic() + times.renewDeadline;
    while (this.#mayHold && monotonic() < giveUpAt) {
      try {
        const { ask } = release(this.#candidate, await this.#store.read(options), this.#moment());
        if (ask === undefined) return;
        await this.#store.write(ask, options);
        log.info({ lease: name }, "the lease is given up");
        return;
      } catch (error) {
        // A renewal on its way may have been first.
        if (isKubeError(error, "conflict")) continue;
        log.warn({ err: error, lease: name }, "the lease is not given up; it will expire");
        return;
      }
    }
  }

  /** A released lease need not wait for the next look. */
  #watch(): { stop(): Promise<void> } {
    const { api, namespace, name, clock, random, log } = this.#options;
    return reflect(api, leases, {
      namespace,
      fieldSelector: `metadata.name=${name}`,
      project: (lease) => lease.spec?.holderIdentity ?? "",
      onChange: ({ type, value }) => {
        if (type === "deleted" || value === "") this.#call();
      },
      onError: (error) => log.warn({ err: error, lease: name }, "the lease cannot be watched"),
      clock,
      random,
    });
  }

  /** Sleeps, but not past a call. */
  async #rest(ms: number): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort(new Error("woken"));
    if (!this.#isCalled) await sleep(this.#options.clock, ms, woken.signal).catch(() => undefined);
    this.#isCalled = false;
    this.#wake = () => undefined;
  }

  #call(): void {
    this.#isCalled = true;
    this.#wake();
  }

  #tellHolder(before: string | undefined): void {
    const { identity, name, log } = this.#options;
    const holder = this.#candidate.seen?.lease.holder;
    if (holder === before || holder === identity || holder === undefined) return;
    log.info({ lease: name, holder }, holder === "" ? "nobody leads" : "another replica leads");
  }

  /** Two tries fit into the time that a renewal has. */
  #patienceMs(): number {
    return this.#options.times.renewDeadline / 2;
  }

  #leftMs(): number {
    return Math.max(0, leadsUntil(this.#candidate) - this.#options.monotonic());
  }

  #moment(): Moment {
    const { monotonic, clock } = this.#options;
    return { at: monotonic(), wall: new Date(clock.now()).toISOString() };
  }
}

/** Resolves as `work` settles, or after `ms`. */
async function settledWithin(clock: Clock, work: Promise<void>, ms: number): Promise<void> {
  const enough = new AbortController();
  const late = sleep(clock, ms, enough.signal).catch(() => undefined);
  await Promise.race([work, late]);
  enough.abort(new Error("settled"));
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
