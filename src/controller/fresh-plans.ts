import { canonicalJson } from "../manifest/canonical.ts";
import type { LiveObject, Target } from "../release/plan.ts";

/** What a plan has just read, good for an apply that follows at once. */
export interface FreshPlan {
  /** Per object of the plan, in its order. */
  readonly reads: readonly {
    readonly live: LiveObject | undefined;
    /** The dry run said that applying it would change nothing at all, ownership included. */
    readonly isNoop: boolean;
  }[];
}

/** Older ones are forgotten: the apply reads for itself. */
const longestMs = 5_000;

interface Entry extends FreshPlan {
  readonly digest: string;
  readonly at: number;
}

/**
 * Plans of this process that were made moments ago. Where no approval lies between plan and apply,
 * what was read needs not be read again: the apply is fenced by its resourceVersion anyway. After a
 * restart there is none, and everything is read and applied.
 */
export class FreshPlans {
  readonly #entries = new Map<string, Entry>();

  remember(release: string, digest: string, targets: readonly Target[], now: number): void {
    const reads = targets.map(({ live, preview }) => ({ live, isNoop: isNoop(live, preview) }));
    this.#entries.set(release, { digest, at: now, reads });
  }

  /** Whether {@link take} would give one. */
  has(release: string, digest: string, now: number): boolean {
    return isFresh(this.#entries.get(release), digest, now);
  }

  take(release: string, digest: string, now: number): FreshPlan | undefined {
    const entry = this.#entries.get(release);
    this.#entries.delete(release);
    return isFresh(entry, digest, now) ? entry : undefined;
  }

  forget(release: string): void {
    this.#entries.delete(release);
  }
}

function isFresh(entry: Entry | undefined, digest: string, now: number): entry is Entry {
  return entry?.digest === digest && now - entry.at <= longestMs;
}

/** Whether an apply would change nothing at all, ownership included. */
export function isNoop(live: LiveObject | undefined, preview: LiveObject | undefined): boolean {
  return live !== undefined && preview !== undefined && comparable(live) === comparable(preview);
}

/** An object without what every write moves. */
function comparable(object: LiveObject): string {
  const { managedFields, ...metadata } = object.metadata as LiveObject["metadata"] & {
    readonly managedFields?: readonly { readonly time?: string }[];
  };
  const owners = (managedFields ?? []).map(({ time: _time, ...owner }) => owner);
  return canonicalJson({
    ...object,
    metadata: { ...metadata, resourceVersion: "", managedFields: owners },
  });
}
