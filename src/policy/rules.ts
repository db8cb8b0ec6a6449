import type { Release } from "../release/release.ts";

/**
 * Somebody as rules name them: an e-mail, a Slack user or usergroup id, `kubernetes:NAME`; or one of
 * `maintainers` (of the live app), `team` (its owners by docc.yaml), `operators`, `role:NAME`.
 */
export type Who = string;

/** The people whom docc.yaml names, beside those of the applications. */
export interface Organisation {
  readonly operators: readonly Who[];
  readonly roles: Readonly<Record<string, readonly Who[]>>;
  /** Owners by the manifest's `team`. */
  readonly teams: Readonly<Record<string, readonly Who[]>>;
}

/** A time in which nothing is deployed but rollbacks and emergencies. */
export interface Freeze {
  /** When it begins, as cron. */
  readonly from: string;
  /** How long it lasts, in milliseconds. */
  readonly lasts: number;
  /** IANA name of the zone that `from` is read in. */
  readonly zone: string;
  readonly reason: string;
}

/** An environment's rules, as docc.yaml gives them. */
export interface EnvironmentRules {
  readonly approval: {
    /** How many must approve; 0: nobody is asked. */
    readonly count: number;
    readonly from: readonly Who[];
    readonly self: boolean;
    /** Milliseconds after which a plan can no longer be approved. */
    readonly expires: number;
    /** Whether rollbacks and restarts need approval, too. */
    readonly rollbacks: boolean;
    readonly outsideSlack: boolean;
  };
  /** Who may ask for changes; undefined: everybody whom docc serves. */
  readonly deployers: readonly Who[] | undefined;
  readonly freezes: readonly Freeze[];
  /** Who may set the rules aside. */
  readonly emergency: readonly Who[];
  /** Whether a failed release is rolled back at once, where the manifest does not say. */
  readonly autoRollback: boolean;
  /** Whether a newer request ends those that still wait. */
  readonly supersede: boolean;
}

/** Nobody is asked for anything: the rules of an operator who wrote none. */
export const openRules: EnvironmentRules = {
  approval: {
    count: 0,
    from: ["maintainers"],
    self: false,
    expires: 4 * 60 * 60_000,
    rollbacks: false,
    outsideSlack: false,
  },
  deployers: undefined,
  freezes: [],
  emergency: ["operators"],
  autoRollback: false,
  supersede: false,
};

/** What goes back to a state that was well is not held up as a deploy is. */
export function isReturn({ spec }: Pick<Release, "spec">): boolean {
  return spec.kind === "rollback" || spec.kind === "restart";
}
