import type { KubeApi, Replacement } from "../api.ts";
import type { CallOptions } from "../calls.ts";
import { type Lease, leases } from "../kinds.ts";
import type { Stored } from "../objects.ts";
import type { Ask, LeaseRecord, StoredLease } from "./rules.ts";

export type WriteAsk = Exclude<Ask, { readonly type: "read" }>;

/** The one Lease as the API server keeps it. Every replacement is conditional on what was read. */
export class LeaseStore {
  readonly #api: KubeApi;
  readonly #ref: { readonly namespace: string; readonly name: string };
  /** What a replacement keeps of it: labels, annotations, fields of others. */
  #stored: Stored<Lease> | undefined;

  constructor(api: KubeApi, ref: { readonly namespace: string; readonly name: string }) {
    this.#api = api;
    this.#ref = ref;
  }

  async read(options: CallOptions): Promise<StoredLease | undefined> {
    this.#stored = await this.#api.find(leases, this.#ref, options);
    return this.#stored === undefined ? undefined : leaseOf(this.#stored);
  }

  /** @throws KubeError `conflict`, `already-exists` or `not-found` when somebody else was first */
  async write(ask: WriteAsk, options: CallOptions): Promise<StoredLease> {
    this.#stored =
      ask.type === "create"
        ? await this.#api.create(
            leases,
            { metadata: { ...this.#ref }, spec: specOf(ask.record) },
            options,
          )
        : await this.#api.replace(leases, this.#replacement(ask.record, ask.version), options);
    return leaseOf(this.#stored);
  }

  #replacement(record: LeaseRecord, resourceVersion: string): Replacement<Lease> {
    const { managedFields: _managedFields, ...kept } = this.#stored?.metadata ?? {};
    return {
      metadata: { ...kept, ...this.#ref, resourceVersion },
      spec: { ...this.#stored?.spec, ...specOf(record) },
    };
  }
}

/** What a Lease says; what it does not say counts as nobody, no time, never. */
function leaseOf({ metadata, spec = {} }: Stored<Lease>): StoredLease {
  return {
    version: metadata.resourceVersion,
    holder: spec.holderIdentity ?? "",
    duration: (spec.leaseDurationSeconds ?? 0) * 1_000,
    acquiredAt: spec.acquireTime ?? "",
    renewedAt: spec.renewTime ?? "",
    transitions: spec.leaseTransitions ?? 0,
  };
}

function specOf(record: LeaseRecord): NonNullable<Lease["spec"]> {
  return {
    holderIdentity: record.holder,
    leaseDurationSeconds: Math.floor(record.duration / 1_000),
    acquireTime: microTime(record.acquiredAt),
    renewTime: microTime(record.renewedAt),
    leaseTransitions: record.transitions,
  };
}

/** The API server takes six digits after the point, no fewer. */
function microTime(time: string): string {
  return time.replace(/\.(\d{3})Z$/, ".$1000Z");
}
