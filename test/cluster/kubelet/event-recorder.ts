import type { Clock } from "../../../src/clock.ts";
import { type ApiClient, ApiError } from "../api-client.ts";
import { type Pod, type PodEvent, timestamp } from "./types.ts";

/** client-go's limits per object: 25 at once, then one every five minutes (`events_cache.go`). */
const burst = 25;
const refillMs = 300_000;

interface Recorded {
  readonly name: string;
  count: number;
}

/** What is remembered of one pod's events. */
interface PodRecord {
  /** By reason, message and so on: the event whose count goes up when it happens again. */
  readonly events: Map<string, Recorded>;
  /** Spam filter buckets, by event type. */
  readonly tokens: Map<string, { left: number; at: number }>;
  /** Writes about one pod go one after the other, so a count never overtakes its event. */
  queue: Promise<void>;
}

/**
 * Writes events as client-go's recorder does: a repeated event only counts up, and an object that
 * floods is cut off. Losing an event is no failure.
 */
export class EventRecorder {
  readonly #api: ApiClient;
  readonly #clock: Clock;
  readonly #pods = new Map<string, PodRecord>();
  #serial = 0;

  constructor(api: ApiClient, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  record(pod: Pod, event: PodEvent): void {
    const record = this.#recordOf(pod.metadata.uid);
    if (!this.#hasToken(record, event.type)) return;
    const key = [event.type, event.reason, event.message, event.fieldPath].join("\n");
    const earlier = record.events.get(key);
    if (earlier === undefined) {
      const name = `${pod.metadata.name}.${this.#uniqueSuffix()}`;
      record.events.set(key, { name, count: 1 });
      this.#enqueue(record, async () => this.#create(pod, name, event));
    } else {
      earlier.count += 1;
      const { name, count } = earlier;
      this.#enqueue(record, async () => this.#count(pod, name, count, event));
    }
  }

  /** Drops what is remembered of a pod that is gone. */
  forget(uid: string): void {
    this.#pods.delete(uid);
  }

  /** Resolves when everything recorded so far is written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#pods.values()].map(async (record) => record.queue));
  }

  #recordOf(uid: string): PodRecord {
    const known = this.#pods.get(uid);
    if (known !== undefined) return known;
    const record = { events: new Map(), tokens: new Map(), queue: Promise.resolve() };
    this.#pods.set(uid, record);
    return record;
  }

  #hasToken(record: PodRecord, type: string): boolean {
    const now = this.#clock.now();
    const bucket = record.tokens.get(type) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + (now - bucket.at) / refillMs);
    record.tokens.set(type, { left: left < 1 ? left : left - 1, at: now });
    return left >= 1;
  }

  #uniqueSuffix(): string {
    this.#serial += 1;
    return (BigInt(this.#clock.now()) * 1_000_000n + BigInt(this.#serial % 1_000_000)).toString(16);
  }

  #enqueue(record: PodRecord, write: () => Promise<void>): void {
    record.queue = record.queue.then(write).catch(() => undefined);
  }

  async #create(pod: Pod, name: string, event: PodEvent): Promise<void> {
    const { metadata } = pod;
    const at = timestamp(event.at);
    await this.#api.request("POST", eventsPath(pod), {
      body: {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name, namespace: metadata.namespace },
        involvedObject: {
          apiVersion: "v1",
          kind: "Pod",
          namespace: metadata.namespace,
          name: metadata.name,
          uid: metadata.uid,
          resourceVersion: metadata.resourceVersion,
          ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }),
        },
        type: event.type,
        reason: event.reason,
        message: event.message,
        count: 1,
        firstTimestamp: at,
        lastTimestamp: at,
        source: { component: "kubelet", host: pod.spec.nodeName },
        reportingComponent: "kubelet",
        reportingInstance: pod.spec.nodeName,
      },
    });
  }

  async #count(pod: Pod, name: string, count: number, event: PodEvent): Promise<void> {
    try {
      await this.#api.request("PATCH", `${eventsPath(pod)}/${name}`, {
        body: { count, lastTimestamp: timestamp(event.at) },
        contentType: "application/strategic-merge-patch+json",
      });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404) throw error;
      await this.#create(pod, name, event);
    }
  }
}

const eventsPath = (pod: Pod): string => `/api/v1/namespaces/${pod.metadata.namespace}/events`;
