/**
 * The two records that docc keeps in its home cluster, as they are stored (deploy/crds/). A Release
 * is one deploy: `spec` is what was asked and never changes, `status` is what docc made of it. An
 * Application is the head of one app in one environment.
 */

export const releasePhases = [
  "accepted",
  "planned",
  "awaiting-approval",
  "approved",
  "applying",
  "progressing",
  "verifying",
  "succeeded",
  "failed",
  "unknown",
  "refused",
  "rejected",
  "expired",
  "cancelled",
  "superseded",
] as const;

export type Phase = (typeof releasePhases)[number];

export type ReleaseKind = "deploy" | "update" | "rollback" | "restart" | "delete";

/** A person, by the identity that the edge authenticated; never by a display name. */
export interface Identity {
  /** `docc`: what docc asks for by itself, such as an automatic rollback. */
  readonly provider: "slack" | "kubernetes" | "docc";
  /** Slack team id; empty for the others. */
  readonly team: string;
  /** Slack user id, the Kubernetes user name, or `docc`. */
  readonly user: string;
}

/** Where the manifest of a request comes from. */
export type Source =
  /** The manifest as it was pasted, at most 256 KiB. */
  | { readonly type: "inline"; readonly manifest: string }
  /** A Slack file that docc fetches after the ack. */
  | { readonly type: "slack-file"; readonly file: string }
  /** The manifest that is stored for the app; `words` change it. */
  | { readonly type: "stored" }
  /** What an earlier release of the app has made: by its name, and the revision that people know. */
  | { readonly type: "release"; readonly release: string; readonly revision: number }
  /** What succeeded last in another environment, as it was when it was asked for. */
  | { readonly type: "promotion"; readonly from: PromotedRevision }
  /** The Deployment of the app's name, which runs without docc, and what belongs to it: docc reads them when it plans. */
  | { readonly type: "adoption"; readonly adopts: Adopted };

/** The Deployment is named by the app: Kubernetes renames nothing, so no other one can become that app's. */
export interface Adopted {
  /** Hash of what was shown of it (found.ts): nothing else is taken over. */
  readonly seen: string;
  /** Who is to own the app, which no cluster says. */
  readonly maintainer: string;
}

/** One object as it was read: another one of that name is not meant. */
export interface TakenObject {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** A revision that goes from one environment to another. */
interface PromotedRevision {
  readonly environment: string;
  /** Name of its Release. */
  readonly release: string;
  readonly revision: number;
}

export interface ReleaseSpec {
  /** Absent while only an unread file knows it. */
  readonly app?: string;
  readonly environment: string;
  readonly kind: ReleaseKind;
  readonly source: Source;
  /** `tag`, `scale`, `CONTAINER.tag`: changes to the manifest, as they were typed. */
  readonly words: Readonly<Record<string, string>>;
  readonly reason?: string;
  /** Why the rules may not wait: deploys past approval, freeze and lock, for those whom policy lets. */
  readonly emergency?: string;
  readonly requester: Identity;
  /** E-mail of whoever is told of a failure beside the requester, a pipeline mostly; it gives no right. */
  readonly tell?: string;
  /** Slack channel id where it was asked; absent for a terminal. */
  readonly channel?: string;
}

/** One object that docc made or is about to make. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * `prune`: docc made it for a manifest before, and removes it: once the release has succeeded, or because the
 * release is a deletion.
 */
export type PlannedAction = "create" | "change" | "unchanged" | "prune";

export interface PlannedObject extends ObjectRef {
  readonly action: PlannedAction;
  /** What changes, in a few words: "image, scale". Never a value of env or of a Secret. */
  readonly note: string;
  /** Fields that this apply takes over: `.spec.replicas from kubectl`. Empty: no force is needed. */
  readonly takesOver: readonly string[];
  /** Of an object to apply: what it was when it was planned (pins.ts). Anything else is not applied over. */
  readonly pin?: string;
  /** Of an object to prune, or to take over from whoever made it: another one of that name is left alone. */
  readonly uid?: string;
  /** False when an admission webhook allows no dry run: what it would become is not known. */
  readonly previewed?: boolean;
}

/**
 * What the rules of the environment ask of a plan, as they were when it was made; the digest covers it.
 * Names are e-mails, Slack user and usergroup ids, and `kubernetes:NAME`; roles and maintainers are
 * written out.
 */
export interface PlanPolicy {
  /** How many people must approve; 0: it goes on by itself. */
  readonly approvals: number;
  readonly approvers: readonly string[];
  /** Whether the requester may be one of them. */
  readonly self: boolean;
  /** At least one approval must come by a Decision, past Slack. */
  readonly outsideSlack: boolean;
  /** The rules are set aside by somebody who may. */
  readonly emergency: boolean;
}

export interface Plan {
  /** Counts the plans of one release, from 1. */
  readonly number: number;
  /** `sha256:` and 64 hex digits over what the plan pins. */
  readonly digest: string;
  /** Canonical JSON of the manifest. */
  readonly manifest: string;
  /** Canonical JSON of the objects, in the order of applying, without stamps. */
  readonly objects: string;
  readonly changes: readonly PlannedObject[];
  /** Canonical JSON of what changes, field by field (see diff.ts); no value of env or of a Secret. */
  readonly diff: string;
  readonly policy: PlanPolicy;
  /** RFC 3339; past it nobody may approve, and nothing is applied. Absent where nobody is asked. */
  readonly expiresAt?: string;
  /** The image tag before and after; `from` is empty for a first deploy. */
  readonly from: string;
  readonly to: string;
  readonly risks: readonly string[];
  readonly warnings: readonly string[];
  /** RFC 3339 */
  readonly plannedAt: string;
}

/** The rollout that a verdict speaks of: one Deployment uid and one applied template. */
export interface RolloutTarget {
  readonly name: string;
  readonly uid: string;
  /** metadata.generation that our apply returned. */
  readonly generation: number;
  /** Hash over the pod template that our apply returned; a foreign template supersedes us. */
  readonly templateHash: string;
  /** RFC 3339: when our apply was stored, by the API server's clock, which need not be docc's. */
  readonly appliedAt?: string;
}

/** Stable code of why a release was refused, failed or could not be judged. */
export type CauseCode =
  | "image-not-found"
  | "image-unauthorized"
  | "image-invalid"
  | "registry-unavailable"
  | "config-missing"
  | "cannot-run"
  | "crash-loop"
  | "exits"
  | "out-of-memory"
  | "no-pods"
  | "not-ready"
  | "unschedulable"
  | "waiting-for-volume"
  | "deadline"
  | "restarted"
  | "no-endpoints"
  | "certificate-pending"
  | "bad-manifest"
  | "unknown-app"
  | "unknown-environment"
  | "no-such-revision"
  | "runs-already"
  | "file-refused"
  | "not-ours"
  | "owned-elsewhere"
  | "selector-differs"
  | "host-taken"
  | "plan-refused"
  | "apply-refused"
  | "changed-outside"
  | "deleted-outside"
  | "deletion-held"
  | "no-change"
  | "frozen"
  | "locked"
  | "not-entitled"
  | "newer-request"
  | "stopped"
  | "unreachable";

/** Why, in words: one sentence first, then what proves it, then what to do. */
export interface Cause {
  readonly code: CauseCode;
  /** "kubecon exits with code 1 at start" */
  readonly sentence: string;
  /** Slack ids that stand in the sentence as `@U0123`. */
  readonly named?: readonly string[];
  /** Lines that prove it: the last log lines, a message of the cluster. Cleaned and capped. */
  readonly evidence: readonly string[];
  /** "add DATABASE_URL to env, or roll back"; empty when there is nothing to advise. */
  readonly next: string;
}

export type Outcome = "succeeded" | "failed" | "unknown" | "superseded" | "refused";

export interface Verdict {
  readonly outcome: Outcome;
  /** Who is affected: "Users are still on 2017: 3 of 3 old pods ready." Empty on success. */
  readonly affected: string;
  readonly cause?: Cause;
  /** Pods ready of those wanted, when it was judged. */
  readonly ready: number;
  readonly wanted: number;
  /** Public addresses of the ingresses. */
  readonly urls: readonly string[];
}

export interface Transition {
  readonly phase: Phase;
  /** RFC 3339 with milliseconds */
  readonly at: string;
  /** `docc`, or the person whose act it was. */
  readonly actor: string;
}

/** One person's yes to one plan. */
export interface Approval {
  readonly by: Identity;
  /** RFC 3339 with milliseconds */
  readonly at: string;
  /** Of the plan that was approved: another plan needs another yes. */
  readonly digest: string;
}

/** Who ended a release before it was applied, and why. */
export interface Closing {
  readonly by: Identity;
  /** In their words; may be empty. */
  readonly reason: string;
}

/** Somebody wants a release under way to stop. */
export interface Stop extends Closing {
  /** RFC 3339 with milliseconds */
  readonly at: string;
}

/** A Warning event of the rollout, grouped: told to the thread once. */
export interface WarningGroup {
  /** Event reason and involved kind: `BackOff/Pod`. */
  readonly key: string;
  readonly reason: string;
  readonly kind: string;
  /** One sample message, cleaned and capped. */
  readonly message: string;
  readonly count: number;
}

/** Where the release is told, and what has been told there already. */
export interface SlackThread {
  readonly channel: string;
  /** Timestamp id of the root message; absent until it is known. */
  readonly ts?: string;
  /** A root message may be there that is not noted: the answer to a post was lost, or has not come yet. */
  readonly posting?: boolean;
  /** Keys of the milestones in the thread, so that a restart says nothing twice. */
  readonly told: readonly string[];
  /** Direct messages to those who may approve; edited when it is decided. */
  readonly direct?: readonly { readonly channel: string; readonly ts: string }[];
}

/** How far one webhook has come with a release. */
export interface WebhookNote {
  /** Key of the last event that is settled: delivered, or given up (src/release/notices.ts). */
  readonly through: string;
  /** Events that were given up. */
  readonly gaveUp?: number;
}

export interface ReleaseStatus {
  readonly phase: Phase;
  /** The application's name once it is known. */
  readonly app?: string;
  readonly plan?: Plan;
  /** Of this very plan; a new plan has none. */
  readonly approvals?: readonly Approval[];
  /** Of a release that was rejected or cancelled. */
  readonly closed?: Closing;
  /** Set while it is applied or followed; docc ends it as failed, and rolls back where it can. */
  readonly stop?: Stop;
  /** Given on entering `applying`; counts the applied releases of one app and environment. */
  readonly revision?: number;
  /** Written before the first object is applied; after a success, what is there. */
  readonly inventory?: readonly ObjectRef[];
  readonly rollout?: RolloutTarget;
  /** RFC 3339; past it an unfinished rollout has failed. Set on entering `applying`. */
  readonly deadline?: string;
  /** RFC 3339; since when all pods have been ready. Set on entering `verifying`. */
  readonly readyAt?: string;
  /** How often the new pods had restarted then; more of it inside the stability window is a failure. */
  readonly restarts?: number;
  readonly verdict?: Verdict;
  /** RFC 3339; written with the terminal phase and the verdict. */
  readonly finishedAt?: string;
  readonly slack?: SlackThread;
  /** By the webhook's name in docc.yaml. */
  readonly webhooks?: Readonly<Record<string, WebhookNote>>;
  readonly transitions: readonly Transition[];
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** RFC 3339 */
  readonly creationTimestamp: string;
}

export interface Release {
  readonly metadata: ObjectMeta;
  readonly spec: ReleaseSpec;
  /** Absent between the durable accept and the controller's first look. */
  readonly status?: ReleaseStatus;
}

/** One applied revision, as the head remembers it. */
export interface AppliedRelease {
  /** Name of the Release. */
  readonly release: string;
  readonly revision: number;
  /** Canonical JSON of its manifest: what `tag=` and `scale=` change next. */
  readonly manifest: string;
}

/** Nobody but its owner may change the app until it is unlocked or has expired. */
export interface Lock {
  readonly by: Identity;
  readonly reason: string;
  /** RFC 3339 with milliseconds */
  readonly at: string;
  /** RFC 3339; absent: until somebody unlocks it. */
  readonly until?: string;
}

/** What people have been told of changes outside docc; absent while there are none that they know of. */
export interface DriftNote {
  /** `sha256:` and 64 hex digits over what was changed and by which hand, not when. */
  readonly hash: string;
  /** RFC 3339 with milliseconds: when it was told. */
  readonly at: string;
  /** Name of the release beside whose fields somebody had added some: the next apply leaves those alone. */
  readonly beside?: string;
}

export interface ApplicationStatus {
  /** The release that was applied last, whatever its verdict: what the cluster runs now. */
  readonly applied?: AppliedRelease;
  /** The deletion that came after what was applied last: nothing of the app is to run, and nothing is `applied`. */
  readonly deleted?: AppliedRelease;
  /**
   * The release that succeeded last: what a rollback returns to. A deletion is none: whose app it was decides who
   * may have it again.
   */
  readonly current?: AppliedRelease;
  /** Name of the only release that may act now. */
  readonly inFlight?: string;
  readonly nextRevision: number;
  readonly inventory: readonly ObjectRef[];
  readonly lock?: Lock;
  readonly drift?: DriftNote;
}

export interface Application {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly app: string; readonly environment: string };
  readonly status?: ApplicationStatus;
}
