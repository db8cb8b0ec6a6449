import { DoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import { canonicalJson } from "../manifest/canonical.ts";
import type { RolloutWatch } from "../k8s/rollout-watch.ts";
import { ownersOf } from "../policy/names.ts";
import { isDeletion } from "../release/deletion.ts";
import { accept, hasApplied, isTerminal, phaseOf } from "../release/phases.ts";
import type { Cause, Release, ReleaseSpec, ReleaseStatus } from "../release/release.ts";
import { type Earlier, earlierThan, releasesOf } from "../release/rollback.ts";
import type { Progress, ReleaseView } from "../release/story.ts";
import { lowerFirst } from "../text/lower-first.ts";
import { actAs } from "./acting.ts";
import { applyAll, noteApplied, type Planned } from "./applying.ts";
import { applyApproved, awaitApproval, goOn } from "./approving.ts";
import { following, loseSight, progress, stop, subjectOf, watchOver } from "./following.ts";
import { FreshPlans } from "./fresh-plans.ts";
import { followUpName, followUpOf } from "./follow-up.ts";
import { finish } from "./heads.ts";
import { deleteAll, followEnd, stopDeleting } from "./ending.ts";
import { createOutbox } from "./outbox.ts";
import { plan } from "./planning.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { Refusal } from "./refusal.ts";
import { liveOwnership } from "./rules.ts";
import { type Accepted, refuse, type Step } from "./step.ts";
import { supersede } from "./superseding.ts";
import { createThreads } from "./threads.ts";
import { type Again, createWorkqueue } from "./workqueue.ts";

export interface Controller {
  /** A release was stored or changed: look at it. */
  touch(name: string): void;
  /** Finishes the work in hand, stops all watches. The next process goes on where this one was. */
  stop(): Promise<void>;
}

const workers = 8;
/** A cluster that just stumbles at the deadline gets so many milliseconds more to answer. */
const lastPatienceMs = 30_000;

/**
 * The level-triggered loop: one Release, one step. Every step reads what is, decides, and writes one
 * conditional status; whatever dies in between is done again and changes nothing twice.
 */
export function createController(ports: ControllerPorts): Controller {
  const { clock, random, cache, log } = ports;
  const watches = new Map<string, RolloutWatch>();
  const pictures = new Map<string, Progress>();
  const fresh = new FreshPlans();
  /** Releases that this process may have made the one in flight. */
  const claimants = new Set<string>();
  /** Since when a release could not be worked on, in milliseconds since the epoch. */
  const troubles = new Map<string, number>();

  const inFlight = (app: string | undefined, environment: string): string | undefined =>
    app === undefined ? undefined : cache.application(app, environment)?.status?.inFlight;

  const threads = createThreads(ports, (release) => {
    const { name } = release.metadata;
    const { spec, status } = release;
    const seen = pictures.get(name);
    const app = status?.app ?? spec.app;
    const head = app === undefined ? undefined : cache.application(app, spec.environment);
    const live = head && liveOwnership(head);
    const ahead = head?.status?.inFlight;
    const earlier = earlierOf(release, cache.releases());
    const follows = followUpTold(release);
    return {
      ...(seen === undefined ? {} : { progress: seen }),
      ...(earlier === undefined ? {} : { earlier }),
      ...(ahead === undefined || ahead === name ? {} : { behind: ahead }),
      ...(follows === undefined ? {} : { followUp: follows }),
      ...(live === undefined ? {} : { owners: ownersOf(ports.organisation, live) }),
    };
  });

  const followUp = (release: Release): ReleaseSpec | undefined => {
    const { spec, status } = release;
    const app = status?.app;
    const head = app === undefined ? undefined : cache.application(app, spec.environment);
    const rules = ports.environments.get(spec.environment)?.rules;
    return followUpOf({ release, head, releases: cache.releases(), rules });
  };

  /** Before it is made it is what would be made; afterwards what was. */
  const followUpTold = (release: Release): ReleaseView["followUp"] => {
    if (phaseOf(release) !== "failed") return undefined;
    const made = cache.release(followUpName(release, ports.hash))?.spec ?? followUp(release);
    if (made?.source.type !== "release") return undefined;
    const { release: name, revision } = made.source;
    const version = cache.release(name)?.status?.plan?.to ?? "";
    return { release: name, revision, version, byItself: made.requester.provider === "docc" };
  };

  const outbox = createOutbox(ports);

  /** Whoever hears of releases looks whether there is something new. */
  const tell = (name: string): void => {
    threads.touch(name);
    outbox.touch(name);
  };

  const work = async (name: string): Promise<Again> => {
    if (!ports.leads()) return {};
    let release = cache.release(name);
    if (release === undefined) await letGo(name);
    while (release !== undefined && ports.leads()) {
      const step = await take(release);
      tell(name);
      if (!("write" in step)) {
        wakeHolder(release);
        return step.againMs === undefined ? {} : { afterMs: step.againMs };
      }
      release = await write(release, step.write);
      log.info({ release: name, phase: step.write.phase }, "release moved");
    }
    return {};
  };

  /**
   * The conditional write of a step. What was told of a release is noted apart from its steps; when only
   * that has moved since the step was decided, the step still holds.
   */
  const write = async (decidedOn: Release, status: ReleaseStatus): Promise<Release> => {
    const { name } = decidedOn.metadata;
    const attempt = async (latest: Release | undefined): Promise<Release> => {
      const base = latest !== undefined && isSameButTold(latest, decidedOn) ? latest : decidedOn;
      return ports.records.writeStatus(base, { ...status, ...toldOf(base) });
    };
    try {
      const written = await attempt(cache.release(name));
      cache.remember(written);
      return written;
    } catch (error) {
      if (!isKubeError(error, "conflict")) throw error;
      const written = await attempt(await ports.records.findRelease(name));
      cache.remember(written);
      return written;
    }
  };

  /** One step, or the end of patience with a cluster that cannot be asked. */
  const take = async (release: Release): Promise<Step> => {
    const { name } = release.metadata;
    const env = ports.environments.get(release.spec.environment);
    try {
      const step = await stepOf(release, env);
      troubles.delete(name);
      return step;
    } catch (error) {
      const since = troubles.get(name) ?? clock.now();
      troubles.set(name, since);
      // A conflict, too, may last for ever: a head that somebody deleted names nobody as in flight.
      if (hasPatience(release, env, since)) throw error;
      log.error({ err: error, release: name }, "gave up");
      return giveUp(release, error);
    }
  };

  /** As long as a rollout may take; once its own deadline has passed, some seconds more. */
  const hasPatience = (release: Release, env: Environment | undefined, since: number): boolean => {
    // While people are asked nothing is urgent; the expiry ends it.
    const expiry = Date.parse(release.status?.plan?.expiresAt ?? "");
    if (phaseOf(release) === "awaiting-approval" && clock.now() < expiry) return true;
    const troubled = clock.now() - since;
    const deadline = Date.parse(release.status?.deadline ?? "");
    const isOverdue = clock.now() >= deadline && troubled >= lastPatienceMs;
    return !isOverdue && troubled < (env?.rollout.timeout ?? 0);
  };

  const stepOf = async (release: Release, place: Environment | undefined): Promise<Step> => {
    if (!isAccepted(release)) return { write: accept(release, { now: clock.now() }) };
    if (isTerminal(phaseOf(release))) return tidy(release);
    if (place === undefined) return withoutEnvironment(release);
    let env: Environment;
    try {
      env = actAs(release, place, ports);
    } catch (error) {
      if (!(error instanceof Refusal) || hasApplied(release.status.phase)) throw error;
      return refuse(release, error.why, clock.now());
    }
    if (release.status.stop !== undefined) {
      const end = isDeletion(release) ? stopDeleting : stop;
      return end(planned(release), env, ports);
    }
    const overtaken = await supersede(release, env, ports);
    if (overtaken !== undefined) return overtaken;
    switch (release.status.phase) {
      case "accepted":
        wakeOlder(release, env);
        claimants.add(release.metadata.name);
        return plan(release, env, ports, fresh);
      case "planned":
        return goOn(planned(release), env, ports, fresh);
      case "awaiting-approval":
        return awaitApproval(planned(release), env, ports, fresh, () =>
          wakeNext(planned(release).app, env.name),
        );
      case "approved":
        return applyApproved(planned(release), env, ports, fresh);
      case "applying":
        await noteApplied(planned(release), env, ports);
        return isDeletion(release)
          ? deleteAll(planned(release), env, ports)
          : applyAll(planned(release), env, ports, fresh);
      case "progressing":
        return follow(progress, release, env);
      case "verifying":
        return follow(watchOver, release, env);
      default:
        return { againMs: undefined };
    }
  };

  /** Both looks at a rollout want the same: its watches, and somebody who keeps the picture. */
  const follow = (
    look: typeof progress,
    release: Accepted,
    env: Environment,
  ): ReturnType<typeof progress> => {
    const watch = watchOf(release, env);
    if (isDeletion(release)) return followEnd(planned(release), env, ports);
    return look(
      following(planned(release), env),
      watch,
      env,
      ports,
      (seen) => void pictures.set(release.metadata.name, seen),
    );
  };

  /** Closes what this process holds open for a release that ended, or whose record was deleted. */
  const letGo = async (name: string): Promise<void> => {
    const watch = watches.get(name);
    watches.delete(name);
    pictures.delete(name);
    fresh.forget(name);
    await watch?.stop();
  };

  const watchOf = (release: Accepted, { cluster }: Environment): RolloutWatch => {
    const { name } = release.metadata;
    const known = watches.get(name);
    if (known !== undefined) return known;
    const watch = cluster.follow(subjectOf(planned(release)), () => queue.add(name));
    watches.set(name, watch);
    return watch;
  };

  /** After the end: the head lets the next one go, the watches close. Done again, it does nothing. */
  const tidy = async (release: Accepted): Promise<Step> => {
    const { name } = release.metadata;
    const { app, phase, revision } = release.status;
    await letGo(name);
    const { environment } = release.spec;
    // The copy may lag behind our own claim, so it is asked only about a former process's.
    const mayHold = claimants.has(name) || inFlight(app, environment) === name;
    if (app !== undefined && mayHold) {
      // Made before anybody else may go: those who wait come after it.
      const follows = followUp(release);
      const heir = follows && followUpName(release, ports.hash);
      if (follows !== undefined && heir !== undefined) {
        await ports.records.createRelease(heir, follows);
        log.info({ release: heir, after: name }, "follow-up made");
      }
      const ending = { succeeded: phase === "succeeded", heir, revision };
      const head = await finish(ports.records, app, environment, name, ending);
      cache.rememberApplication(head);
      claimants.delete(name);
      wakeNext(app, environment);
    }
    return { againMs: undefined };
  };

  const wakeNext = (app: string, environment: string): void => {
    for (const { metadata, spec, status } of cache.releases()) {
      if (status?.finishedAt !== undefined || spec.environment !== environment) continue;
      if (spec.app === undefined || spec.app === app) queue.add(metadata.name);
    }
  };

  /** The process that should have let the head go may have died, or never have heard that it held it. */
  const wakeHolder = ({ metadata, spec, status }: Release): void => {
    const holder = inFlight(status?.app ?? spec.app, spec.environment);
    if (holder === undefined || holder === metadata.name) return;
    const held = cache.release(holder);
    if (held !== undefined && isTerminal(phaseOf(held))) queue.add(holder);
  };

  /** Those whom a new request may end; once, since they would wake each other for ever. */
  const wakeOlder = ({ metadata, spec }: Accepted, { name, rules }: Environment): void => {
    if (!rules.supersede || claimants.has(metadata.name) || spec.app === undefined) return;
    wakeNext(spec.app, name);
  };

  const giveUp = (release: Release, error: unknown): Step => {
    if (!isAccepted(release)) return { againMs: undefined };
    return hasApplied(release.status.phase)
      ? loseSight({ release }, clock.now())
      : refuse(release, sayTrouble(release, error), clock.now());
  };

  const withoutEnvironment = (release: Accepted): Step =>
    hasApplied(release.status.phase)
      ? loseSight({ release }, clock.now())
      : refuse(release, unknownEnvironment(release), clock.now());

  const queue = createWorkqueue({
    clock,
    random,
    workers,
    work,
    onError: (name, error) => {
      if (!isKubeError(error, "conflict")) log.warn({ err: error, release: name }, "trying again");
    },
  });

  return {
    touch: (name) => {
      tell(name);
      queue.add(name);
    },
    stop: async () => {
      await queue.drain();
      await Promise.all([...watches.values()].map((watch) => watch.stop()));
      await Promise.all([threads.drain(), outbox.stop()]);
    },
  };
}

/** What the button under a verdict, or the one that stops a rollout, returns to. */
function earlierOf(release: Release, releases: readonly Release[]): Earlier | undefined {
  const { spec, status } = release;
  const app = status?.app ?? spec.app;
  if (app === undefined || status?.revision === undefined) return undefined;
  return earlierThan(release, releasesOf(releases, app, spec.environment));
}

/** What is noted of a release apart from its steps. Both only ever grow. */
function toldOf({ status }: Release): Pick<ReleaseStatus, "slack" | "webhooks"> {
  return {
    ...(status?.slack === undefined ? {} : { slack: status.slack }),
    ...(status?.webhooks === undefined ? {} : { webhooks: status.webhooks }),
  };
}

/** True when two states of a release differ at most in where and what was told. */
function isSameButTold(a: Release, b: Release): boolean {
  return a.metadata.uid === b.metadata.uid && said(a) === said(b);
}

/** Where a release is, and what people have said of it: no step may write over that. */
function said({ status }: Release): string {
  const { phase, transitions = [], plan, approvals, stop: wish } = status ?? {};
  return canonicalJson({ phase, count: transitions.length, number: plan?.number, approvals, wish });
}

function isAccepted(release: Release): release is Accepted {
  return release.status !== undefined;
}

function planned(release: Accepted): Planned {
  const { app, plan: made } = release.status;
  if (app === undefined || made === undefined) {
    throw new DoccError(
      "internal",
      `Release ${release.metadata.name} has no plan in phase ${release.status.phase}.`,
    );
  }
  return { release, app, plan: made };
}

function unknownEnvironment({ spec }: Release): Cause {
  return {
    code: "unknown-environment",
    sentence: `there is no environment ${spec.environment} any more`,
    evidence: [],
    next: "ask docc's operators",
  };
}

/** Why a release was given up before anything moved, by what went wrong last. */
function sayTrouble({ metadata, spec }: Release, error: unknown): Cause {
  if (error instanceof DoccError && error.reason !== "internal" && !isKubeError(error)) {
    return {
      code: "unreachable",
      sentence: lowerFirst(error.message),
      evidence: [],
      next: "try again later",
    };
  }
  if (isKubeError(error)) {
    return {
      code: "unreachable",
      sentence: `the cluster of ${spec.environment} could not be asked`,
      evidence: [],
      next: "try again when it answers",
    };
  }
  return {
    code: "unreachable",
    sentence: "docc made a mistake while it worked on it",
    evidence: [],
    next: `its operators find release ${metadata.name} in the log`,
  };
}
