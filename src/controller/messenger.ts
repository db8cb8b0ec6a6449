import type { Release } from "../release/release.ts";
import type { Milestone, ReleaseView } from "../release/story.ts";

/** Where a root message lives. */
export interface Address {
  readonly channel: string;
  readonly ts: string;
}

export interface EditOptions {
  /** Somebody is asked to press a button there: it goes before all other edits. */
  readonly asks?: boolean;
  /** A terminal state: it goes before what is under way, and is not given up. */
  readonly final: boolean;
  /** Told once Slack shows this very state. */
  readonly onShown?: () => void;
}

/** A thread, or the channel itself. */
type Place = Pick<Address, "channel"> & Partial<Address>;

/**
 * How the controller is heard: implemented by the Slack edge. Latest state wins: `edit` returns at
 * once and may be coalesced with later ones, but the last call, and every one with `final`, is
 * delivered. `open` and `reply` resolve when Slack has accepted, and reject with a DoccError
 * (`slack-refused` when no retry can help, and where another organisation would read along; else `unavailable`).
 */
export interface Messenger {
  open(channel: string, view: ReleaseView): Promise<Address>;
  edit(address: Address, view: ReleaseView, options: EditOptions): void;
  reply(place: Place, milestone: Milestone, release: Release): Promise<void>;
  /**
   * The root messages of this release that Slack shows in the channel, oldest first: after a post whose answer
   * was lost there may be one. Undefined where docc may not look; Slack has answered then, at least.
   * Rejects with `unavailable`.
   */
  roots(channel: string, release: Release): Promise<readonly Address[] | undefined>;
  /** Keys of this release's milestones that Slack shows in the thread; as {@link roots} does. */
  replies(address: Address, release: Release): Promise<readonly string[] | undefined>;
  /** Says in a superfluous root message where its release is told. */
  retire(copy: Address, address: Address, view: ReleaseView): Promise<void>;
  /**
   * Asks those who may approve, each in a direct message; resolves with the messages that Slack took.
   * People who cannot be reached are passed over: the thread names them too.
   */
  ask(view: ReleaseView): Promise<readonly Address[]>;
  /**
   * Tells how a release has ended to those whose it is and who want a direct message of it; false where nobody
   * does. People who cannot be reached are passed over. Never rejects.
   */
  tellEnd(view: ReleaseView, address: Address): Promise<boolean>;
  /** Brings a direct message of {@link ask} up to date, as {@link edit} does. */
  editAsk(address: Address, view: ReleaseView, options: EditOptions): void;
  /** Resolves when everything that is final has been delivered or the deadline has passed. */
  flush(deadlineMs: number): Promise<void>;
}

/** Reads a file that a person gave to Slack; rejects with a DoccError that says why not. */
export interface ManifestFiles {
  /** At most 256 KiB; `name` is the file's name, cleaned. */
  read(file: string): Promise<{ readonly name: string; readonly text: Uint8Array }>;
}
