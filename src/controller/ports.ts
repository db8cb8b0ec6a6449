import type { Clock } from "../clock.ts";
import type { Cluster } from "../k8s/cluster.ts";
import type { RecordCache } from "../k8s/record-cache.ts";
import type { Records } from "../k8s/records.ts";
import type { Logger } from "../log.ts";
import type { Platform } from "../manifest/platform.ts";
import type { EnvironmentRules, Organisation } from "../policy/rules.ts";
import type { People } from "../release/people.ts";
import type { ActingRules } from "../release/acting.ts";
import type { Preferences, Subject } from "../release/preferences.ts";
import type { Identity } from "../release/release.ts";
import type { Resolution, WantedImage } from "../release/images.ts";
import type { Notice, NoticeData } from "../release/notices.ts";
import type { RolloutTimes } from "../release/times.ts";
import type { ManifestFiles, Messenger } from "./messenger.ts";
import type { ThreadNotes } from "./thread-notes.ts";

/** Registries, as one environment reaches them. */
export interface ImageRegistry {
  /** One answer per image, in their order; a registry that cannot be asked is an answer, too. */
  resolve(images: readonly WantedImage[]): Promise<readonly Resolution[]>;
}

/** Who is who, as it is now. */
export interface Directory {
  /**
   * Whether a person is one of `names`: e-mails, Slack user and usergroup ids, `kubernetes:NAME`.
   * @throws DoccError `unavailable` when Slack cannot be asked: nobody is let in unknown
   */
  isAmong(person: Identity, names: readonly string[]): Promise<boolean>;
  /**
   * The same for one occasion, with nobody believed from memory to be a full member still: Slack is asked
   * about each person once more.
   */
  afresh(): Directory;
}

/** How an environment's images are looked up before they are deployed. */
export interface ImagePolicy {
  readonly registry: ImageRegistry;
  /** What becomes of a plan whose registry cannot be asked: refused, or made with a warning. */
  readonly resolve: "require" | "prefer";
}

/** One environment as the controller acts in it. */
export interface Environment {
  readonly name: string;
  readonly platform: Platform;
  readonly cluster: Cluster;
  /** For manifests that do not say. */
  readonly rollout: RolloutTimes;
  /** Slack channel id where its releases are told; undefined: where they were asked for. */
  readonly channel: string | undefined;
  /** Undefined: images are deployed as the manifest names them, unseen. */
  readonly images: ImagePolicy | undefined;
  /** How its cluster sees the people behind releases; undefined: all it sees is docc. */
  readonly acting: ActingRules | undefined;
  /** In whose name {@link cluster} is changed; undefined: docc's own. */
  readonly actor?: string;
  /** Who may do what there, and when. */
  readonly rules: EnvironmentRules;
}

/** What became of one attempt to deliver an event. */
export type Delivery =
  | { readonly state: "delivered" }
  /** `why` is a phrase of docc's own: a status, or the system's code. */
  | { readonly state: "failed"; readonly why: string; readonly retryAfterMs?: number }
  /** The receiver wants no more. */
  | { readonly state: "gone" };

/** Another system that hears of releases. */
export interface Webhook {
  /** As docc.yaml calls it; the record notes by it how far it has come. */
  readonly name: string;
  /** Milliseconds after which an event is given up. */
  readonly giveUpMs: number;
  wants(data: NoticeData): boolean;
  /**
   * One attempt, in bounded time; never rejects.
   * @param options.now milliseconds since the Unix epoch
   */
  deliver(
    notice: Notice,
    options: { readonly now: number; readonly signal: AbortSignal },
  ): Promise<Delivery>;
}

/** Everything outside that the controller touches. */
export interface ControllerPorts {
  /** False once another replica may lead: nothing is begun any more. Its writes are fenced besides. */
  readonly leads: () => boolean;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hex SHA-256. */
  readonly hash: (text: string) => string;
  readonly records: Records;
  readonly cache: RecordCache;
  readonly environments: ReadonlyMap<string, Environment>;
  readonly organisation: Organisation;
  /** Identities that are one person. */
  readonly people: People;
  readonly directory: Directory;
  /** What a person or channel of the workspace prefers now, by Slack id; from the local copy. */
  readonly preferences: (kind: Subject["kind"], id: string) => Preferences;
  readonly files: ManifestFiles;
  readonly messenger: Messenger;
  /** Of the process, whatever its terms: what Slack has taken is never sent again because a note failed. */
  readonly notes: ThreadNotes;
  readonly webhooks: readonly Webhook[];
  readonly log: Logger;
}
