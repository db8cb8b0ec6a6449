import { type People, slackOf } from "./people.ts";
import type { Identity, ObjectMeta } from "./release.ts";

/** Whose preferences they are: a person's, or those of a channel, which hold for everybody in it. */
export interface Subject {
  readonly kind: "person" | "channel";
  /** Slack team id. */
  readonly team: string;
  /** Slack user or channel id. */
  readonly id: string;
}

/** How a person is told that a release of theirs has ended: called, named, or named and told by themselves. */
export const notifyWays = ["mention", "name", "dm"] as const;
type Notify = (typeof notifyWays)[number];

/** What somebody prefers of docc; what is absent is as docc.yaml has it. It never gives a right. */
export interface Preferences {
  /** Of commands without `in=`. */
  readonly environment?: string;
  /** A channel: its threads carry what decides alone. A person: the same of docc's direct messages. */
  readonly quiet?: boolean;
  /** A person's alone. */
  readonly notify?: Notify;
}

/** A stored Preference, as deploy/crds has it. */
export interface PreferenceRecord {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly subject: Subject } & Preferences;
}

/** What is to be another way from now on; null takes a preference back. */
export type PreferenceChange = {
  readonly [Key in keyof Preferences]?: NonNullable<Preferences[Key]> | null;
};

/** Whether they can be told: not yet, yes, or never in an installation that stores none. */
export type PreferenceState = "reading" | "known" | "absent";

export interface PreferencesChanged {
  readonly before: Preferences;
  readonly after: Preferences;
}

/** What became of a wish to change preferences. */
export type PreferenceAnswer =
  | (PreferencesChanged & {
      /** Whether a channel heard of what changed for it; absent where there was nothing to tell. */
      readonly isTold?: boolean;
    })
  | { readonly refused: "not-allowed" };

const person = /^[UW][A-Z0-9]{2,20}$/;
const channel = /^[CG][A-Z0-9]{2,20}$/;

/** Kubernetes name of the one object that holds a subject's preferences. Slack's ids have no small letters. */
export function preferenceName({ kind, team, id }: Subject): string {
  return `${kind}.${team}.${id}`.toLowerCase();
}

/**
 * A person's own preferences: by who they are in Slack, so for somebody of Kubernetes by whom the operator joined them
 * with.
 * @param workspace team id of docc's own, of which the joined ids are
 */
export function personSubject(
  identity: Identity,
  people: People,
  workspace: string,
): Subject | undefined {
  const id = slackOf(identity, people);
  const team = identity.provider === "slack" ? identity.team : workspace;
  return id !== undefined && person.test(id) ? { kind: "person", team, id } : undefined;
}

/** Those of a channel; a direct message is none. */
export function channelSubject(team: string, id: string | undefined): Subject | undefined {
  return id !== undefined && channel.test(id) ? { kind: "channel", team, id } : undefined;
}

/** What is left of `stored` once it is changed. */
export function changedPreferences(stored: Preferences, change: PreferenceChange): Preferences {
  const environment = newest(stored.environment, change.environment);
  const quiet = newest(stored.quiet, change.quiet);
  const notify = newest(stored.notify, change.notify);
  return {
    ...(environment === undefined ? {} : { environment }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(notify === undefined ? {} : { notify }),
  };
}

function newest<T>(stored: T | undefined, change: T | null | undefined): T | undefined {
  return change === undefined ? stored : (change ?? undefined);
}

export function samePreferences(a: Preferences, b: Preferences): boolean {
  return a.environment === b.environment && a.quiet === b.quiet && a.notify === b.notify;
}

/** Where something comes from, the nearest first: this channel, the person, docc.yaml. */
export type Origin = "channel" | "person" | "operator";

/** An environment that somebody prefers and that is no default. */
export interface PassedOver {
  readonly from: "channel" | "person";
  readonly name: string;
  /** `gone`: docc.yaml does not have it. `production`: it is reached by `in=production` alone. */
  readonly why: "gone" | "production";
}

/** Where commands without `in=` go, and what was passed over on the way there. */
export interface DefaultEnvironment {
  readonly name: string;
  readonly from: Origin;
  readonly passed: readonly PassedOver[];
}

/** What of the preferences counts for one question. */
export interface Around {
  readonly channel: Preferences;
  readonly person: Preferences;
}

/**
 * The nearest context wins, as in the configurations of git: the channel's, else the person's, else docc.yaml's.
 * @param environments names in docc.yaml
 * @param operators its default among them
 */
export function preferredEnvironment(
  { channel: here, person: mine }: Around,
  environments: readonly string[],
  operators: string,
): DefaultEnvironment {
  const passed: PassedOver[] = [];
  for (const [from, { environment: name }] of [
    ["channel", here],
    ["person", mine],
  ] as const) {
    if (name === undefined) continue;
    const why = whyNoDefault(name, environments);
    if (why === undefined) return { name, from, passed };
    passed.push({ from, name, why });
  }
  return { name: operators, from: "operator", passed };
}

/** Why commands without `in=` never go there; undefined when they may. */
export function whyNoDefault(
  name: string,
  environments: readonly string[],
): PassedOver["why"] | undefined {
  if (!environments.includes(name)) return "gone";
  return name === "production" && environments.length > 1 ? "production" : undefined;
}
