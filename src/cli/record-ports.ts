import type { Clock } from "../clock.ts";
import { listedApp } from "../commands/list-apps.ts";
import type { EnvironmentPort, Ports } from "../commands/ports.ts";
import { DoccError } from "../errors.ts";
import { unfinished } from "../release/history.ts";
import { applicationName } from "../release/names.ts";
import type { Application, Release } from "../release/release.ts";
import { releasesOf } from "../release/rollback.ts";
import { compare } from "../text/compare.ts";
import { lenientPlatform } from "./platform.ts";

/** docc's records, as they were listed at one moment. */
export interface RecordList {
  readonly applications: readonly Application[];
  readonly releases: readonly Release[];
}

interface Around {
  readonly clock: Clock;
  /** What is asked for, which no record may name yet. */
  readonly environment?: string;
  readonly hash: Ports["hash"];
}

/**
 * What the commands of Slack may touch in a terminal: the records alone, and nothing is written. Pure. An
 * environment is what a record names, and the one that is asked for: of docc.yaml only what is published is here.
 */
export function recordPorts(
  { applications, releases }: RecordList,
  { clock, environment, hash }: Around,
): Ports {
  const byName = new Map(
    applications.map((head) => [applicationName(head.spec.app, head.spec.environment), head]),
  );
  const kept = new Map(releases.map((release) => [release.metadata.name, release]));
  const named = [...applications, ...releases].map(({ spec }) => spec.environment);
  const environments = new Set([
    ...named.toSorted(compare),
    ...(environment === undefined ? [] : [environment]),
  ]);
  return {
    clock,
    environments: new Map([...environments].map(environmentPort)),
    defaultEnvironment: environment ?? "",
    // Preferences are kept for people in Slack.
    preferences: { subjectOf: () => undefined, of: () => ({}), state: "known", change: notHere },
    releases: {
      create: notHere,
      find: (name) => Promise.resolve(kept.get(name)),
      kept: (name) => kept.get(name),
      of: (app, where) => releasesOf(releases, app, where),
      unfinished: () => unfinished(releases),
      all: () => releases,
    },
    apps: {
      find: (app, where) => byName.get(applicationName(app, where)),
      list: (where) =>
        applications.filter(({ spec }) => where === undefined || spec.environment === where),
      listed: listedApp,
      ready: true,
    },
    decide: notHere,
    // Whose yes counts is docc's to say, by rules that are not here.
    mayApprove: () => Promise.resolve(false),
    // Freezes, and who is who, stand in docc.yaml.
    heldUp: () => undefined,
    // Who is behind an account of the cluster stands there as well.
    namesOf: notHere,
    // Teams stand in docc.yaml.
    ownersOfTeam: () => [],
    locks: { lock: notHere, unlock: notHere },
    audit: { read: notHere },
    files: { read: notHere },
    hash,
  };
}

function environmentPort(name: string): readonly [string, EnvironmentPort] {
  const port: EnvironmentPort = {
    name,
    platform: lenientPlatform(name),
    isRecordsOnly: true,
    freezes: [],
    links: {},
    health: notHere,
    logs: notHere,
    events: notHere,
    inspect: notHere,
    drift: notHere,
    adoptable: notHere,
  };
  return [name, port];
}

function notHere(): Promise<never> {
  const sentence = "A terminal reads docc's records alone, and nothing of the cluster.";
  return Promise.reject(new DoccError("unavailable", sentence, { hint: "Ask in Slack." }));
}
