import type { AuditQuery } from "../audit/query.ts";
import type { AuditRecord } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import type { Adoptable } from "../manifest/adopt/asked.ts";
import type { Platform } from "../manifest/platform.ts";
import type { Decided, Decision } from "../policy/decide.ts";
import type { LockAnswer, LockPlace, LockWish, UnlockAnswer, UnlockWish } from "../policy/locks.ts";
import type { Freeze } from "../policy/rules.ts";
import type { ObjectDrift } from "../release/drift.ts";
import type { EventKind } from "../release/event-kinds.ts";
import type {
  PreferenceAnswer,
  PreferenceChange,
  Preferences,
  PreferenceState,
  Subject,
} from "../release/preferences.ts";
import type {
  Application,
  Cause,
  Identity,
  ObjectRef,
  Release,
  ReleaseSpec,
} from "../release/release.ts";
import type { ListedApp } from "./list-apps.ts";
import type { NamedPerson } from "./own-names.ts";
import type { Inspection } from "./inspecting/inspection.ts";

/** One line of a pod's log, as it was printed: not clean, and perhaps with secrets in it. */
export interface LogLine {
  /** RFC 3339 in UTC with nine digits (`text/instant`), so that it compares as a text. */
  readonly at: string;
  readonly pod: string;
  readonly container: string;
  readonly text: string;
}

/** Which lines of an app's log are asked for: the last ones, in time, of those that all of this leaves. */
export interface LogQuery {
  readonly container?: string;
  /** A pod's name, or the end of it behind a hyphen. */
  readonly pod?: string;
  /** The last so many of each container. */
  readonly lines: number;
  /** Of the container before its last restart. */
  readonly previous: boolean;
  /** From this time on, and until that one, both included: as {@link LogLine.at}. */
  readonly since?: string;
  readonly until?: string;
}

/** What was read of an app's log. */
export interface LogReading {
  /** Merged by time; lines of the same time in the order of pods, containers and lines. */
  readonly lines: readonly LogLine[];
  /** Pods that were read, and those that were not because they are too many. */
  readonly pods: number;
  readonly left: number;
  /** Containers whose log could not be read in time. */
  readonly silent: number;
  /** Lines are missing for their size. */
  readonly cut: boolean;
}

/** Events of one app, grouped as `Type Reason xN`. */
export interface EventGroup {
  readonly type: string;
  readonly reason: string;
  readonly kind: string;
  readonly name: string;
  readonly message: string;
  readonly count: number;
  /** RFC 3339 of the latest. */
  readonly last: string;
}

/** Which events of an app are asked for. */
export interface EventQuery {
  /** What docc has applied of the app: its ReplicaSets and pods come along by themselves. */
  readonly objects: readonly Pick<ObjectRef, "kind" | "name">[];
  readonly kind?: EventKind;
  /** Milliseconds since the epoch: none that was last seen before. */
  readonly since?: number;
}

/** How one app does right now, for `list`. */
export interface AppHealth {
  readonly ready: number;
  readonly wanted: number;
}

/** What commands may ask of one environment's cluster. */
export interface EnvironmentPort {
  readonly name: string;
  readonly platform: Platform;
  /** Nobody asks the cluster: who reads the records alone says so, and calls nothing below. */
  readonly isRecordsOnly?: boolean;
  readonly freezes: readonly Freeze[];
  /** The operator's links by name, with placeholders {app}, {environment} and {namespace}. */
  readonly links: Readonly<Record<string, string>>;
  health(app: string): Promise<AppHealth | undefined>;
  /**
   * @throws DoccError `not-found` for a pod or container that the app does not have; `unavailable` when no log
   * can be read
   */
  logs(app: string, query: LogQuery): Promise<LogReading>;
  events(app: string, query: EventQuery): Promise<readonly EventGroup[]>;
  /**
   * What the cluster says of an app now, within ten seconds; what it does not answer is told as such. Reads alone.
   * @param query names of the Certificates that the release which runs has made, and what events are about
   */
  inspect(
    app: string,
    query: { readonly certificates: readonly string[] } & Pick<EventQuery, "objects">,
  ): Promise<Inspection>;
  /**
   * A Deployment that docc need not have made, and all that may belong to it: reads alone.
   * @param by who wants to see it
   * @throws DoccError `not-allowed` for who may not deploy there, `not-found` with the nearest name
   */
  adoptable(name: string, by: Identity): Promise<Adoptable>;
  /**
   * What of these objects, which docc applied last, is not as docc made it; undefined where they are not this
   * environment's any more. Reads and dry runs alone.
   */
  drift(objects: readonly KubernetesObject[]): Promise<readonly ObjectDrift[] | undefined>;
}

/** What a look into the audit log found. */
export interface AuditPage {
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** RFC 3339: nothing older was looked at, because it was enough work. */
  readonly lookedBackTo?: string;
}

/** Everything outside that a command may touch: one concrete type for all commands. */
export interface Ports {
  readonly clock: Clock;
  /** By name, in the order of docc.yaml; never empty. */
  readonly environments: ReadonlyMap<string, EnvironmentPort>;
  /** The operator's choice for commands without `in=`; what counts for one of them, `environmentFor` says. */
  readonly defaultEnvironment: string;
  readonly preferences: {
    /** Whose own preferences a person's are; undefined for who is nobody in Slack, as far as docc knows. */
    subjectOf(person: Identity): Subject | undefined;
    /** From the local cache: no read of the API. */
    of(subject: Subject): Preferences;
    readonly state: PreferenceState;
    /**
     * A person's own, or a channel's for those who may; a channel hears of what changes for it.
     * @throws DoccError `bad-config` where none can be stored; `conflict`, `unavailable`
     */
    change(subject: Subject, change: PreferenceChange, by: Identity): Promise<PreferenceAnswer>;
  };
  readonly releases: {
    /** The durable accept: one API write. `false`: this delivery is stored already. */
    create(name: string, spec: ReleaseSpec): Promise<boolean>;
    find(name: string): Promise<Release | undefined>;
    /** All that are kept of one app in one environment, from the local cache: no read of the API. */
    of(app: string, environment: string): readonly Release[];
    /** The one of that name, if it is kept; from the local cache, and cheap however many there are. */
    kept(name: string): Release | undefined;
    /** All that have not ended, oldest first; from the cache as well. */
    unfinished(): readonly Release[];
    /** All that are kept, in no order; from the cache as well. */
    all(): readonly Release[];
  };
  /**
   * Weighs a decision by what is stored now and by who decides, and writes what it does.
   * @throws DoccError `not-found`, `conflict`, `unavailable`
   */
  decide(release: string, decision: Decision): Promise<Decided>;
  /** Whether a person may say yes to the plan of a release now, by the rules of then and of now. */
  mayApprove(person: Identity, release: Release): Promise<boolean>;
  /**
   * The lock or the freeze that holds a request up now, by the local copies of the records: no read. Undefined where none
   * does, or where it is not known here; the request is weighed again when it is planned and when it is applied.
   */
  heldUp(spec: ReleaseSpec, app: string): Cause | undefined;
  /**
   * All that manifests and rules may call a person, as far as Slack tells.
   * @throws DoccError `unavailable` where docc.yaml and Slack are not at hand
   */
  namesOf(person: Identity): Promise<NamedPerson>;
  /**
   * Who owns what is a team's, by docc.yaml: e-mails, Slack user and usergroup ids, `kubernetes:NAME`. Nobody for
   * a team that it does not have.
   */
  ownersOfTeam(team: string): readonly string[];
  /** Both tell the app's channel, and whoever lost a lock. */
  readonly locks: {
    lock(place: LockPlace, wish: LockWish): Promise<LockAnswer>;
    unlock(place: LockPlace, wish: UnlockWish): Promise<UnlockAnswer>;
  };
  readonly apps: {
    /** From the local cache: no read of the API. `undefined` entries mean the app is unknown. */
    find(app: string, environment: string): Application | undefined;
    readonly list: (environment?: string) => readonly Application[];
    /** What a list says of one by its records; undefined where nothing of it is applied. */
    readonly listed: (application: Application) => ListedApp | undefined;
    /** False until the cache has seen the whole list once. */
    readonly ready: boolean;
  };
  readonly audit: {
    /** The newest records that the query asks for, sealed or not yet, newest first. */
    read(query: AuditQuery): Promise<AuditPage>;
  };
  readonly files: {
    /** A file that a person gave to Slack, at most 256 KiB. */
    read(file: string): Promise<{ readonly name: string; readonly text: Uint8Array }>;
  };
  /** Hex SHA-256; pure folders may not import node:crypto. */
  hash(text: string): string;
}
