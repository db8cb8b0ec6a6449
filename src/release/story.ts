import type { Cause, Closing, Identity, Release, Stop, WarningGroup } from "./release.ts";
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
  /** The rollback that docc makes after it: where to. */
  readonly followUp?: FollowUp;
  /** Names of those whose app it is, by what is live; absent before the first success. */
  readonly owners?: readonly string[];
}

/** Where a follow-up goes, and whether docc makes it by itself or because somebody stopped the release. */
export interface FollowUp extends Earlier {
  readonly byItself: boolean;
}

/**
 * A reply in the thread. `key` is stored once it is told, so that a restart says nothing twice; `type`
 * says which one it is.
 */
export type Milestone =
  | {
      readonly type: "applied";
      readonly key: "applied";
      readonly created: number;
      readonly changed: number;
      readonly unchanged: number;
      /** The plan's risks and warnings: where nobody had to approve them, nobody has read them. */
      readonly notes?: readonly string[];
    }
  | {
      readonly type: "ready";
      readonly key: "ready";
      readonly ready: number;
      readonly wanted: number;
      readonly stableMs: number;
    }
  | { readonly type: "deleting"; readonly key: "deleting"; readonly release: Release }
  | { readonly type: "gone"; readonly key: "gone"; readonly release: Release }
  | {
      readonly type: "pruned";
      readonly key: "pruned";
      /** `Ingress shop-admin`: what is gone, and what the cluster would not let go or is not docc's now. */
      readonly removed: readonly string[];
      readonly kept: readonly string[];
    }
  | {
      readonly type: "ask";
      readonly key: `ask:${number}`;
      readonly release: Release;
      /** Names of those who may approve: e-mails, Slack ids, `kubernetes:NAME`. */
      readonly approvers: readonly string[];
    }
  | {
      readonly type: "reminder";
      readonly key: `reminder:${number}`;
      readonly release: Release;
      readonly approvers: readonly string[];
    }
  | {
      readonly type: "approved";
      readonly key: `approved:${number}:${number}`;
      readonly by: Identity;
      readonly count: number;
      readonly of: number;
    }
  | { readonly type: "plan"; readonly key: `plan:${number}`; readonly number: number }
  | {
      readonly type: "emergency";
      readonly key: "emergency";
      readonly by: Identity;
      readonly reason: string;
      /** By what is live: whoever deploys past the rules does not choose who hears of it. */
      readonly owners: readonly string[];
    }
  | {
      readonly type: "closed";
      readonly key: "closed";
      readonly phase: "rejected" | "cancelled";
      readonly closed: Closing;
      readonly requester: Identity;
    }
  | { readonly type: "expired"; readonly key: "expired"; readonly requester: Identity }
  | { readonly type: "stop"; readonly key: "stop"; readonly stop: Stop }
  | { readonly type: "warning"; readonly key: `warning:${string}`; readonly warning: WarningGroup }
  | {
      readonly type: "drifted";
      readonly key: `drift:${string}`;
      readonly app: string;
      readonly environment: string;
      /** `Deployment web: replicas  3 -> 5 (by kubectl)`, line by line. */
      readonly changes: readonly string[];
      /** What helps, in sentences. */
      readonly next: readonly string[];
      /** As the manifest names them: e-mails or Slack ids. */
      readonly maintainers: readonly string[];
    }
  | {
      readonly type: "mended";
      readonly key: "mended";
      readonly app: string;
      readonly environment: string;
      /** What others have added may be there still. */
      readonly leftovers: boolean;
    }
  | {
      readonly type: "failed";
      readonly key: "failed";
      readonly cause: Cause;
      /** What this release changed: "image 2017 -> 2018 only"; empty for a first deploy. */
      readonly changed: string;
      readonly requester: Identity;
      /** E-mail of whom the request names to be told. */
      readonly tell?: string;
      /** As the manifest names them: e-mails or Slack ids. */
      readonly maintainers: readonly string[];
      readonly followUp?: FollowUp;
    };
