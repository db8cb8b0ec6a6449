import type { PreferenceStore } from "../k8s/preference-store.ts";
import type { Logger } from "../log.ts";
import { namesOf } from "../policy/names.ts";
import { atName, slackIds } from "../release/people.ts";
import { sayPreferenceChange } from "../release/preference-words.ts";
import {
  type PreferenceAnswer,
  type PreferenceChange,
  preferenceName,
  samePreferences,
  type Subject,
} from "../release/preferences.ts";
import type { Application, Identity } from "../release/release.ts";
import { ownChannel } from "./places.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { liveOwnership, mayDeploy } from "./rules.ts";

export interface PreferringPorts extends Pick<
  ControllerPorts,
  "environments" | "organisation" | "directory"
> {
  readonly cache: Pick<ControllerPorts["cache"], "applications">;
  readonly preferences: Pick<PreferenceStore, "change">;
  /** Whose own preferences a person's are. */
  readonly subjectOf: (person: Identity) => Subject | undefined;
  /** Posts one sentence to a channel; `named` are the Slack ids in it, as `@U0123`. */
  readonly announce: (to: string, sentence: string, named: readonly string[]) => Promise<void>;
  readonly log: Logger;
}

/** Changes a person's own preferences, or a channel's for those who may; the channel hears of it. */
export async function changePreferences(
  subject: Subject,
  change: PreferenceChange,
  by: Identity,
  ports: PreferringPorts,
): Promise<PreferenceAnswer> {
  const own = ports.subjectOf(by);
  const isOwn = own !== undefined && preferenceName(own) === preferenceName(subject);
  if (!isOwn && (subject.kind === "person" || !(await maySpeakFor(subject.id, by, ports)))) {
    return { refused: "not-allowed" };
  }
  const changed = await ports.preferences.change(subject, change);
  if (subject.kind === "person" || samePreferences(changed.before, changed.after)) return changed;
  return { ...changed, isTold: await tellChannel(subject.id, change, by, ports) };
}

/**
 * Whether a person may say how a channel is served: operators, and whoever may change an app whose releases may be
 * told there. Where an environment names no channel of its own, that is any channel.
 */
async function maySpeakFor(
  channel: string,
  by: Identity,
  ports: PreferringPorts,
): Promise<boolean> {
  const { cache, directory, environments, organisation } = ports;
  if (await directory.isAmong(by, namesOf(["operators"], organisation, undefined))) return true;
  for (const env of environments.values()) {
    if (isToldIn(channel, env) && (await mayDeploy(by, env, undefined, ports))) return true;
  }
  for (const head of cache.applications()) {
    const env = environments.get(head.spec.environment);
    if (env === undefined || !isOwnChannel(channel, head)) continue;
    if (await mayDeploy(by, env, liveOwnership(head), ports)) return true;
  }
  return false;
}

function isToldIn(channel: string, env: Environment): boolean {
  return env.channel === undefined || env.channel === channel;
}

function isOwnChannel(channel: string, head: Application): boolean {
  return ownChannel(head) === channel;
}

/** So that nobody wonders. What Slack does not take is told to who asked. */
async function tellChannel(
  channel: string,
  change: PreferenceChange,
  by: Identity,
  { announce, log }: PreferringPorts,
): Promise<boolean> {
  const what = sayPreferenceChange("channel", change);
  try {
    const sentence = `${atName(by)} has set for this channel: ${what}. /docc config shows what holds.`;
    await announce(channel, sentence, slackIds([by]));
    return true;
  } catch (error) {
    log.warn({ err: error, to: channel }, "a channel does not hear of its preferences");
    return false;
  }
}
