import { type AuditRecord, headName, headRecord, type RecordType } from "../audit/record.ts";
import { recordsOf } from "../audit/releases.ts";
import { type Head, recordsIn, seal, type Segment, segmentLimits } from "../audit/segment.ts";
import { begin, follow, type Progress, type VerifyOptions } from "../audit/verify.ts";
import type { Clock } from "../clock.ts";
import type { AuditStore, WaitingRecord } from "../k8s/audit-store.ts";
import type { RecordCache } from "../k8s/record-cache.ts";
import type { Logger } from "../log.ts";
import type { Release } from "../release/release.ts";
import type { Jobs } from "./jobs.ts";

export interface SealingPorts {
  readonly clock: Clock;
  readonly store: AuditStore;
  readonly cache: Pick<RecordCache, "releases">;
  /** Says a sentence in a Slack channel. */
  readonly tell: (channel: string, text: string) => Promise<void>;
  /** Hex SHA-256. */
  readonly hash: (text: string) => string;
  readonly log: Logger;
}

export interface SealingRules {
  /** A record waits at most so long to be sealed, in milliseconds. */
  readonly sealAfter: number;
  /** Where the head is posted once a day; undefined: nowhere. */
  readonly channel?: string | undefined;
  /** Hash of the last segment that was taken out into an archive. */
  readonly archived?: string | undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** What Releases prove is looked at again for so long before the newest segment... */
const reviewMs = 12 * hourMs;
/** ...and the names that were sealed are known for longer, so that nothing is recorded twice. */
const rememberMs = 24 * hourMs;
/** One look takes so many at most; the next one goes on. */
const mostWaiting = 5_000;

/** Of a look that nobody ends. */
const never = new AbortController().signal;

/** Starts the leader's part of the audit log: once a minute, and at once. */
export function startSealing(ports: SealingPorts, rules: SealingRules): Jobs {
  const { clock, log } = ports;
  const sealer = new Sealer(ports, rules);
  const stopping = new AbortController();
  const { signal } = stopping;
  let cancel = (): void => undefined;
  const look = async (): Promise<void> => {
    try {
      await sealer.look(signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "the audit log was not sealed; trying again");
    }
    if (!signal.aborted) cancel = clock.after(minuteMs, () => void (working = look()));
  };
  let working = look();
  return {
    stop: async () => {
      stopping.abort(new Error("stopped"));
      cancel();
      await working;
    },
  };
}

/** A record that is in the chain already. */
interface Sealed {
  readonly type: RecordType;
  /** When its segment was sealed, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Turns records that wait into segments. It trusts nothing that it remembers: a segment is created
 * under the next number or not at all, and whoever finds that number taken reads on from there.
 */
export class Sealer {
  readonly #ports: SealingPorts;
  readonly #rules: SealingRules;
  /** Undefined until the log was read once. */
  #chain: Progress | undefined;
  /** By name, in the order of the chain. */
  #sealed = new Map<string, Sealed>();
  /** A channel that refused is left alone until then. */
  #quietUntil = 0;

  constructor(ports: SealingPorts, rules: SealingRules) {
    this.#ports = ports;
    this.#rules = rules;
  }

  /**
   * One look: records what Releases prove, seals what waited long enough, posts the head when due.
   * @param signal ends it between two calls, since the next leader waits; rejects then. What is left is found again
   */
  async look(signal = never): Promise<void> {
    const chain = await this.#readOn(this.#chain ?? (await this.#readAll(signal)));
    const found = await this.#ports.store.waiting(mostWaiting);
    await this.#derive(chain, found, signal);
    await this.#seal(chain, await this.#withoutLeftovers(found, signal), signal);
    signal.throwIfAborted();
    await this.#post(found);
  }

  /** The whole log, once: a leader that starts checks it, too. */
  async #readAll(signal: AbortSignal): Promise<Progress> {
    const { store, log } = this.#ports;
    let chain = begin(this.#options());
    for await (const segment of store.segments()) {
      signal.throwIfAborted();
      chain = this.#follow(chain, segment);
    }
    const { problem, segments, records, head } = chain;
    if (problem === undefined) log.info({ segments, records, head }, "the audit log was read");
    else await this.#warn(problem);
    return (this.#chain = chain);
  }

  /** What another leader has sealed meanwhile. */
  async #readOn(chain: Progress): Promise<Progress> {
    let at = chain;
    for (;;) {
      const next = await this.#ports.store.segment(at.head.number + 1);
      if (next === undefined) break;
      at = this.#follow(at, next);
    }
    if (at.problem !== undefined && chain.problem === undefined) await this.#warn(at.problem);
    return (this.#chain = at);
  }

  #options(): VerifyOptions {
    return { hash: this.#ports.hash, after: this.#rules.archived };
  }

  #follow(chain: Progress, segment: Segment): Progress {
    const at = Date.parse(segment.sealedAt);
    for (const [name, known] of this.#sealed) {
      if (known.at > at - rememberMs) break;
      this.#sealed.delete(name);
    }
    for (const { name, type } of recordsIn(segment)) this.#sealed.set(name, { type, at });
    return follow(chain, segment, this.#options());
  }

  async #warn(problem: string): Promise<void> {
    this.#ports.log.error({ problem }, "the audit log does not hold");
    const { channel } = this.#rules;
    if (channel !== undefined) await this.#tell(channel, `The audit log does not hold. ${problem}`);
  }

  /** Records what no process has recorded of the Releases, back to some time before the newest segment. */
  async #derive(
    { last }: Progress,
    found: readonly WaitingRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    const { store, cache, log } = this.#ports;
    const since = last === undefined ? 0 : Date.parse(last.sealedAt) - reviewMs;
    const waiting = new Set(found.map(({ record }) => record.name));
    const missing = cache
      .releases()
      .flatMap((release) => this.#provenBy(release))
      .filter(({ time }) => Date.parse(time) >= since)
      .filter(({ name }) => !this.#sealed.has(name) && !waiting.has(name));
    for (const record of missing) {
      signal.throwIfAborted();
      try {
        await store.createRecord(record);
      } catch (error) {
        log.warn({ err: error, record: record.name }, "a release's step is not recorded yet");
      }
    }
  }

  /** A Release that makes no sense must not keep the others from their records. */
  #provenBy(release: Release): readonly AuditRecord[] {
    try {
      return recordsOf(release, this.#ports.clock.now());
    } catch (error) {
      const { name } = release.metadata;
      this.#ports.log.warn({ err: error, release: name }, "a release cannot be recorded");
      return [];
    }
  }

  /** What the chain holds already is deleted before anything else is sealed. */
  async #withoutLeftovers(
    found: readonly WaitingRecord[],
    signal: AbortSignal,
  ): Promise<readonly WaitingRecord[]> {
    const isSealed = ({ record }: WaitingRecord): boolean => this.#sealed.has(record.name);
    await this.#delete(found.filter(isSealed), signal);
    return found.filter((each) => !isSealed(each));
  }

  async #delete(records: readonly WaitingRecord[], signal: AbortSignal): Promise<void> {
    for (const each of records) {
      signal.throwIfAborted();
      await this.#ports.store.deleteRecord(each);
    }
  }

  async #seal(from: Progress, found: readonly WaitingRecord[], signal: AbortSignal): Promise<void> {
    const { store, clock, hash, log } = this.#ports;
    let chain = from;
    let waiting = found;
    while (this.#isDue(waiting)) {
      signal.throwIfAborted();
      const records = waiting.map(({ record }) => record);
      const { segment, sealed } = seal(chain.head, records, clock.now(), hash);
      // Another leader was first: the next look reads what it has sealed.
      if (!(await store.createSegment(segment))) return;
      this.#chain = chain = this.#follow(chain, segment);
      log.info({ segment: segment.number, records: sealed.length, head: segment.hash }, "sealed");
      const names = new Set(sealed.map(({ name }) => name));
      const isSealed = ({ record }: WaitingRecord): boolean => names.has(record.name);
      await this.#delete(waiting.filter(isSealed), signal);
      waiting = waiting.filter((each) => !isSealed(each));
    }
  }

  #isDue(waiting: readonly WaitingRecord[]): boolean {
    if (waiting.length >= segmentLimits.records) return true;
    const latest = this.#ports.clock.now() - this.#rules.sealAfter;
    return waiting.some(({ record }) => Date.parse(record.time) <= latest);
  }

  /** Once a day in UTC, when something else than the last post was sealed since. */
  async #post(found: readonly WaitingRecord[]): Promise<void> {
    const { clock, store } = this.#ports;
    const { channel } = this.#rules;
    const now = clock.now();
    const name = headName(now);
    const isPosted = this.#sealed.has(name) || found.some(({ record }) => record.name === name);
    const types = [...this.#sealed.values()].map(({ type }) => type);
    const hasNews = types.slice(types.lastIndexOf("head") + 1).length > 0;
    if (channel === undefined || this.#chain === undefined || isPosted || !hasNews) return;
    const { head, records } = this.#chain;
    if (await this.#tell(channel, sayHead(head, records))) {
      await store.createRecord(headRecord(head.hash, channel, now));
    }
  }

  async #tell(channel: string, text: string): Promise<boolean> {
    const { clock, tell, log } = this.#ports;
    if (clock.now() < this.#quietUntil) return false;
    try {
      await tell(channel, text);
      return true;
    } catch (error) {
      log.warn({ err: error }, "the audit channel could not be told");
      this.#quietUntil = clock.now() + hourMs;
      return false;
    }
  }
}

/** `Audit log sealed: segment 12, 1,204 records, head sha256:...` */
function sayHead({ number, hash }: Head, records: number): string {
  const count = records === 1 ? "1 record" : `${records.toLocaleString("en-US")} records`;
  return `Audit log sealed: segment ${number}, ${count}, head ${hash}`;
}
