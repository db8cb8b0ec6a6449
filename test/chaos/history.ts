import type { Application, Release } from "../../src/release/release.ts";

/** One thing that somebody asked of docc. */
export interface Asked {
  /** Unique: it stands in the release's `reason`. */
  readonly mark: string;
  readonly app: string;
  readonly environment: string;
  /** `no`: refused by docc, or never sent. `unknown`: docc died before it answered. */
  accepted: "yes" | "no" | "unknown";
}

/** A message of docc's, with the life of docc that sent it. */
export interface Said {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly text: string;
  /** Release and key in its metadata; undefined for a message about no release, and for a direct one. */
  readonly mark: string | undefined;
  /** True while it has a button to approve with. */
  readonly asks: boolean;
  /** Undefined for messages that nobody saw pass. */
  readonly life: number | undefined;
}

/** What of a Deployment the model looks at. */
export interface Running {
  readonly environment: string;
  readonly name: string;
  readonly image: string | undefined;
  /** `docc.dev/release` */
  readonly release: string | undefined;
  /** Rollouts that the Deployment has made: `deployment.kubernetes.io/revision`. */
  readonly rollouts: number;
}

/** Everything that happened to one installation, as plain data. */
export interface History {
  readonly asked: readonly Asked[];
  readonly releases: readonly Release[];
  readonly heads: readonly Application[];
  readonly running: readonly Running[];
  readonly said: readonly Said[];
  /** True where docc was granted the scopes to look for messages whose answer was lost. */
  readonly mayLook: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many milliseconds after its deadline a release may still be without an end. */
  readonly patienceMs: number;
}

type Fault = "lost" | "doubled" | "stuck";

export interface Finding {
  readonly fault: Fault;
  /** What it is about: a release's name, a mark, an app. One thing counts once. */
  readonly about: string;
  readonly what: string;
}
