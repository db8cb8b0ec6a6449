import { rememberedApps } from "../commands/list-apps.ts";
import type { Ports } from "../commands/ports.ts";
import { type Config, defaultEnvironment } from "../config.ts";
import { decideOn, type DecidingPorts, isAskedNow } from "../controller/deciding.ts";
import {
  lockApp,
  type LockingPorts,
  tellLocked,
  tellUnlocked,
  unlockApp,
} from "../controller/locking.ts";
import { changePreferences } from "../controller/preferring.ts";
import { heldUp, mayDeploy } from "../controller/rules.ts";
import type { PreferenceStore } from "../k8s/preference-store.ts";
import { isNews } from "../policy/locks.ts";
import { namesOf } from "../policy/names.ts";
import { unfinished } from "../release/history.ts";
import { personSubject } from "../release/preferences.ts";
import { releasesOf } from "../release/rollback.ts";
import { commandEnvironments } from "./environments.ts";

/** What the ports are made of; Slack's part comes later than the ports do. */
export interface CommandParts
  extends
    Omit<DecidingPorts, "directory">,
    Pick<LockingPorts, "log">,
    Pick<Ports, "hash" | "audit"> {
  readonly config: Config;
  readonly preferences: PreferenceStore;
  /** What of them counts, by Slack id. */
  readonly preferred: LockingPorts["preferences"];
  readonly slack: () => Pick<LockingPorts, "directory" | "announce"> & {
    /** Of docc's workspace. */
    readonly teamId: string;
  };
}

/** What commands may touch, on every replica: the records, and the local copies of them. */
export function commandPorts(parts: CommandParts): Omit<Ports, "files" | "namesOf"> {
  const { config, records, cache, environments, clock, hash, audit, preferences } = parts;
  // What Slack says of people is asked for when it is needed.
  const locking = (): LockingPorts => {
    const slack = parts.slack();
    return {
      ...parts,
      preferences: parts.preferred,
      directory: slack.directory,
      announce: (to, sentence, named) => slack.announce(to, sentence, named),
    };
  };
  const subjectOf: Ports["preferences"]["subjectOf"] = (person) =>
    personSubject(person, parts.people, parts.slack().teamId);
  return {
    clock,
    decide: (release, decision) => decideOn(release, decision, locking()),
    mayApprove: (person, release) => isAskedNow(person, release, locking()),
    locks: {
      lock: async (place, wish) => {
        const answer = await lockApp(place, wish, locking());
        return "locked" in answer && isNews(answer.locked, answer.before)
          ? { ...answer, ...(await tellLocked(place, answer.locked, locking())) }
          : answer;
      },
      unlock: async (place, wish) => {
        const answer = await unlockApp(place, wish, locking());
        return "unlocked" in answer
          ? { ...answer, ...(await tellUnlocked(place, answer, wish.by, locking())) }
          : answer;
      },
    },
    environments: commandEnvironments(environments, config, (person, env) =>
      mayDeploy(person, env, undefined, locking()),
    ),
    defaultEnvironment: defaultEnvironment(config),
    preferences: {
      subjectOf,
      of: (subject) => preferences.of(subject),
      get state() {
        return preferences.state;
      },
      change: (subject, change, by) =>
        changePreferences(subject, change, by, { ...locking(), preferences, subjectOf }),
    },
    releases: {
      create: (name, spec) => records.createRelease(name, spec),
      find: (name) => records.findRelease(name),
      kept: (name) => cache.release(name),
      of: (app, environment) => releasesOf(cache.releases(), app, environment),
      unfinished: () => unfinished(cache.releases()),
      all: () => cache.releases(),
    },
    heldUp: (spec, app) => {
      const env = environments.get(spec.environment);
      const head = cache.application(app, spec.environment);
      return env === undefined || head === undefined
        ? undefined
        : heldUp({ spec }, env, head, parts);
    },
    ownersOfTeam: (team) => namesOf(["team"], parts.organisation, { maintainer: [], team }),
    apps: {
      find: (app, environment) => cache.application(app, environment),
      list: (environment) =>
        cache
          .applications()
          .filter(({ spec }) => environment === undefined || spec.environment === environment),
      listed: rememberedApps(),
      get ready() {
        return cache.synced;
      },
    },
    audit,
    hash,
  };
}
