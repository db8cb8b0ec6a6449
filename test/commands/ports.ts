import { createHash } from "node:crypto";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { Answer } from "../../src/commands/answer.ts";
import type { Request } from "../../src/commands/define.ts";
import { newest } from "../../src/audit/query.ts";
import type { AuditRecord } from "../../src/audit/record.ts";
import { type AuditLine, dispatch, interpret, isInvocation } from "../../src/commands/dispatch.ts";
import type {
  EnvironmentPort,
  EventGroup,
  LogLine,
  LogReading,
  Ports,
} from "../../src/commands/ports.ts";
import type { Inspection } from "../../src/commands/inspecting/inspection.ts";
import { listedApp } from "../../src/commands/list-apps.ts";
import type { NamedPerson } from "../../src/commands/own-names.ts";
import { registry } from "../../src/commands/registry.ts";
import { DoccError } from "../../src/errors.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { decide, type Standing } from "../../src/policy/decide.ts";
import type { Freeze } from "../../src/policy/rules.ts";
import { endLock, type LockTold, takeLock } from "../../src/policy/locks.ts";
import {
  changedPreferences,
  personSubject,
  preferenceName,
  type Preferences,
  type PreferenceState,
} from "../../src/release/preferences.ts";
import type { People } from "../../src/release/people.ts";
import type { Application, Cause, Lock, Release, ReleaseSpec } from "../../src/release/release.ts";
import { unfinished } from "../../src/release/history.ts";
import { releasesOf } from "../../src/release/rollback.ts";

export const manifest = {
  application: "kubecon-2017",
  scale: 3,
  auto_tls: false,
  ingresses: {},
  containers: {
    kubecon: {
      image: "registry.example.com/kubecon",
      image_tag: "2017",
      ports: [8080],
      memory: "512Mi",
      health: { path: "/healthz" },
    },
  },
  maintainer: ["dev@example.com"],
};

export function application(app: string, environment: string, applied = true): Application {
  const text = JSON.stringify({ ...manifest, application: app });
  return {
    metadata: {
      name: `${environment}.${app}`,
      namespace: "docc",
      uid: "uid",
      resourceVersion: "1",
      creationTimestamp: "2017-12-06T09:00:00Z",
    },
    spec: { app, environment },
    status: {
      nextRevision: 9,
      inventory: [],
      ...(applied ? { applied: { release: `${app}-0`, revision: 8, manifest: text } } : {}),
    },
  };
}

/** An app whose stored manifest differs from the usual one. */
export function running(app: string, more: object = {}, environment = "staging"): Application {
  const { status, ...head } = application(app, environment);
  const text = JSON.stringify({ ...manifest, application: app, ...more });
  return {
    ...head,
    status: {
      nextRevision: 9,
      inventory: [],
      ...status,
      applied: { release: `${app}-0`, revision: 8, manifest: text },
    },
  };
}

const silent = { silence: "unavailable" } as const;

/** Of a cluster that answers nothing. */
export const unanswered: Inspection = {
  observation: silent,
  pods: silent,
  ingresses: silent,
  certificates: silent,
  autoscaler: silent,
  usage: silent,
  events: silent,
};

/** A log that was read to the end. */
export function readingOf(lines: readonly LogLine[]): LogReading {
  const pods = new Set(lines.map(({ pod }) => pod)).size;
  return { lines, pods, left: 0, silent: 0, cut: false };
}

/** What the tests may set; everything else answers like a quiet, healthy cluster. */
export interface World {
  /** Names of the environments; the first is the default. */
  environments?: readonly string[];
  apps?: readonly Application[];
  releases?: readonly Release[];
  ready?: boolean;
  logs?: readonly LogLine[];
  reading?: Partial<LogReading>;
  events?: readonly EventGroup[];
  health?: EnvironmentPort["health"];
  drift?: EnvironmentPort["drift"];
  adoptable?: EnvironmentPort["adoptable"];
  inspection?: Inspection;
  file?: string;
  /** Who hears of a lock. */
  told?: LockTold;
  audit?: readonly AuditRecord[];
  lock?: Lock;
  /** When somebody locks, in milliseconds since the epoch; 0 unless told. */
  lockClock?: number;
  freezes?: readonly Freeze[];
  links?: EnvironmentPort["links"];
  /** What holds a request up, by `environment/app`. */
  heldUp?: Readonly<Record<string, Cause>>;
  /** Of whoever asks, beside their Slack id. */
  names?: Partial<NamedPerson>;
  /** Owners by team. */
  teams?: Readonly<Record<string, readonly string[]>>;
  create?: Ports["releases"]["create"];
  /** Whom the operator has joined. */
  people?: People;
  /** By the name of their record. */
  preferences?: Readonly<Record<string, Preferences>>;
  preferenceState?: PreferenceState;
  /** Whether the channel takes what is told of its preferences. */
  isTold?: boolean;
  /** Of whoever decides; everybody may do everything unless told. */
  standing?: Partial<Standing>;
}

/** Ports that keep everything in memory, like the real ones: what is created twice is stored once. */
export function worldOf(world: World = {}) {
  const stored = new Map<string, ReleaseSpec>();
  const asked: unknown[] = [];
  const environment = (name: string): EnvironmentPort => ({
    name,
    platform: { ...defaultPlatform, environment: name, maxScale: 20 },
    freezes: world.freezes ?? [],
    links: world.links ?? {},
    health: world.health ?? (() => Promise.resolve({ ready: 2, wanted: 3 })),
    logs: (app, options) => {
      asked.push({ app, ...options });
      return Promise.resolve({ ...readingOf(world.logs ?? []), ...world.reading });
    },
    events: (app, query) => {
      asked.push({ app, ...query });
      return Promise.resolve(world.events ?? []);
    },
    inspect: (app, query) => {
      asked.push({ app, ...query });
      return Promise.resolve(world.inspection ?? unanswered);
    },
    drift: world.drift ?? (() => Promise.resolve([])),
    adoptable: world.adoptable ?? (() => Promise.reject(new DoccError("not-found", "None."))),
  });
  const byName = (name: string): Release | undefined =>
    (world.releases ?? []).find(({ metadata }) => metadata.name === name);
  const apps = world.apps ?? [application("kubecon-2017", "staging")];
  const environments = world.environments ?? ["staging", "production"];
  const ports: Ports = {
    clock: new SteppedClock(),
    environments: new Map(environments.map((name) => [name, environment(name)])),
    defaultEnvironment: environments[0] ?? "",
    preferences: {
      subjectOf: (person) => personSubject(person, world.people ?? [], "T0TEAM"),
      of: (subject) => world.preferences?.[preferenceName(subject)] ?? {},
      state: world.preferenceState ?? "known",
      change: (subject, change, by) => {
        asked.push({ subject, change, by });
        const before = world.preferences?.[preferenceName(subject)] ?? {};
        const after = changedPreferences(before, change);
        const { isTold } = world;
        if (world.standing?.mayDeploy === false && subject.kind === "channel")
          return Promise.resolve({ refused: "not-allowed" });
        return Promise.resolve({ before, after, ...(isTold === undefined ? {} : { isTold }) });
      },
    },
    releases: {
      create:
        world.create ??
        ((name, spec) => {
          const isNew = !stored.has(name);
          if (isNew) stored.set(name, spec);
          return Promise.resolve(isNew);
        }),
      find: (name) => Promise.resolve(byName(name)),
      kept: byName,
      of: (app, where) => releasesOf(world.releases ?? [], app, where),
      unfinished: () => unfinished(world.releases ?? []),
      all: () => world.releases ?? [],
    },
    heldUp: ({ environment }, app) => world.heldUp?.[`${environment}/${app}`],
    namesOf: (person) => Promise.resolve({ person, ids: [person.user], ...world.names }),
    ownersOfTeam: (team) => world.teams?.[team] ?? [],
    decide: (name, decision) => {
      const release = byName(name);
      if (release === undefined) throw new DoccError("not-found", "There is no such release.");
      const standing = {
        isApprover: true,
        isTold: false,
        isOwner: true,
        mayDeploy: true,
        people: [],
        ...world.standing,
      };
      const ruling = decide(release, decision, standing, 0);
      return Promise.resolve("write" in ruling ? { status: ruling.write } : ruling);
    },
    mayApprove: () => Promise.resolve(world.standing?.isApprover ?? false),
    locks: {
      lock: (place, wish) => {
        asked.push({ ...place, ...wish });
        const taken = takeLock(world.lock, wish, [], world.lockClock ?? 0);
        if ("over" in taken) return Promise.resolve({ refused: "over", until: taken.over });
        return Promise.resolve(
          "holder" in taken
            ? { refused: "locked", holder: taken.holder }
            : { locked: taken.lock, before: taken.before, ...world.told },
        );
      },
      unlock: (_place, wish) => {
        const { isOwner = false } = world.standing ?? {};
        const answer = endLock(world.lock, wish, { isOwner, people: [], now: 0 });
        return Promise.resolve("unlocked" in answer ? { ...answer, ...world.told } : answer);
      },
    },
    apps: {
      find: (app, where) => apps.find(({ spec }) => spec.app === app && spec.environment === where),
      list: (where) => apps.filter(({ spec }) => where === undefined || spec.environment === where),
      listed: listedApp,
      ready: world.ready ?? true,
    },
    audit: {
      read: (query) => Promise.resolve({ records: newest(world.audit ?? [], query) }),
    },
    files: {
      read: () =>
        Promise.resolve({ name: "docc.json", text: new TextEncoder().encode(world.file ?? "") }),
    },
    hash: (text) => createHash("sha256").update(text).digest("hex"),
  };
  return { ports, stored, asked };
}

export const request: Request = {
  delivery: "delivery-1",
  requester: { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" },
  channel: "C0DEPLOYS",
};

/** What a person is told, and what the operators' record says. */
export async function say(
  text: string,
  world: ReturnType<typeof worldOf> = worldOf(),
  more: Partial<Request> = {},
): Promise<{ readonly answer: Answer; readonly audit: readonly AuditLine[] }> {
  const result = interpret(registry, text);
  if (!isInvocation(result)) return { answer: result, audit: [] };
  const audit: AuditLine[] = [];
  const answer = await dispatch(result, { ...request, ...more }, world.ports, (line) => {
    audit.push(line);
  });
  return { answer, audit };
}
