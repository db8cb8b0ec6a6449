import type { Cause, Identity, Release, WarningGroup } from "./release.ts";
import type { Earlier } from "./rollback.ts";

/** What the rollout looks like at this moment; kept in memory, never stored. */
export interface Progress {
  readonly ready: number;
  readonly wanted: number;
  /** Pods of the old template that still run. */
  readonly old: number;
  /** What it waits for, in one line: `waiting for kubecon-2017-7d9f to become ready`. May be empty. */
  readonly waitingFor: string;
  readonly warnings: readonly WarningGroup[];
}

/** Everything that the root message of a release is made of. */
export interface ReleaseView {
  readonly release: Release;
  readonly progress?: Progress;
  /** Milliseconds since the Unix epoch, for elapsed times. */
  readonly now: number;
  /** The stability window in milliseconds. */
  readonly stableMs: number;
  /** Name of the release that is ahead in the same app and environment. */
  readonly behind?: string;
  /** Once it has run: the revision that its button returns to. */
  readonly earlier?: Earlier;
}

/**
 * A reply in the thread. `key` is stored once it is told, so that a restart says nothing twice.
 */
export type Milestone =
  | {
      readonly key: "applied";
      readonly created: number;
      readonly changed: number;
      readonly unchanged: number;
      /** The plan's risks and warnings: where nobody had to approve them, nobody has read them. */
      readonly notes?: readonly string[];
    }
  | {
      readonly key: "ready";
      readonly ready: number;
      readonly wanted: number;
      readonly stableMs: number;
    }
  | {
      readonly key: "pruned";
      /** `Ingress shop-admin`: what is gone, and what the cluster would not let go. */
      readonly removed: readonly string[];
      readonly kept: readonly string[];
    }
  | { readonly key: `warning:${string}`; readonly warning: WarningGroup }
  | {
      readonly key: "failed";
      readonly cause: Cause;
      /** What this release changed: "image 2017 -> 2018 only"; empty for a first deploy. */
      readonly changed: string;
      readonly requester: Identity;
      /** As the manifest names them: e-mails or Slack ids. */
      readonly maintainers: readonly string[];
    };
