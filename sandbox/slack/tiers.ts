import type { Clock } from "../../src/clock.ts";

/** How often a method may be called. Source: facts/slack.md section 1, "Rate tiers". */
export type Tier =
  | { readonly kind: "none" }
  /** So many calls in any 60 s, for the app as a whole. */
  | { readonly kind: "per-minute"; readonly calls: number }
  /** One a second in each channel with a small burst, and a cap over the workspace. */
  | { readonly kind: "posting" };

export const tiers = {
  none: { kind: "none" },
  t2: { kind: "per-minute", calls: 20 },
  t3: { kind: "per-minute", calls: 50 },
  t4: { kind: "per-minute", calls: 100 },
  posting: { kind: "posting" },
} as const satisfies Record<string, Tier>;

interface Window {
  readonly calls: number;
  readonly ms: number;
}

const perChannel: readonly Window[] = [{ calls: 3, ms: 3_000 }];
const perWorkspace: readonly Window[] = [{ calls: 300, ms: 60_000 }];

/** Counts calls in sliding windows on the given clock. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #calls = new Map<string, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts a call, or answers how many whole seconds to wait (the `Retry-After` of a 429) when one
   * more would be too many. A refused call does not count.
   */
  take(method: string, tier: Tier, channel: string): number | undefined {
    const budgets = budgetsOf(method, tier, channel);
    const waits = budgets.map(({ key, windows }) => this.#wait(key, windows));
    const wait = Math.max(0, ...waits);
    if (wait > 0) {
      return Math.ceil(wait / 1_000);
    }
    for (const { key } of budgets) {
      this.#calls.set(key, [...(this.#calls.get(key) ?? []), this.#clock.now()]);
    }
    return undefined;
  }

  #wait(key: string, windows: readonly Window[]): number {
    const longest = Math.max(...windows.map(({ ms }) => ms));
    const now = this.#clock.now();
    const recent = (this.#calls.get(key) ?? []).filter((at) => at > now - longest);
    this.#calls.set(key, recent);
    return Math.max(
      ...windows.map(({ calls, ms }) => {
        const oldest = recent.filter((at) => at > now - ms).at(-calls);
        return oldest === undefined ? 0 : oldest + ms - now;
      }),
    );
  }
}

interface Budget {
  readonly key: string;
  readonly windows: readonly Window[];
}

function budgetsOf(method: string, tier: Tier, channel: string): readonly Budget[] {
  switch (tier.kind) {
    case "none":
      return [];
    case "per-minute":
      return [{ key: method, windows: [{ calls: tier.calls, ms: 60_000 }] }];
    case "posting":
      return [
        { key: `${method} ${channel}`, windows: perChannel },
        { key: method, windows: perWorkspace },
      ];
  }
}
