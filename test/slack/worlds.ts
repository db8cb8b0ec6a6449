import fc from "fast-check";
import type { AuditRecord } from "../../src/audit/record.ts";
import type { Inspection, Part } from "../../src/commands/inspecting/inspection.ts";
import type { EventGroup, LogLine } from "../../src/commands/ports.ts";
import { cause } from "../../src/controller/refusal.ts";
import type { ObjectDrift } from "../../src/release/drift.ts";
import { isTerminal } from "../../src/release/phases.ts";
import {
  type Application,
  type Cause,
  type Identity,
  type Lock,
  type Phase,
  type Release,
  releasePhases,
  type ReleaseSpec,
  type ReleaseStatus,
} from "../../src/release/release.ts";
import { plain } from "../../src/slack/escape.ts";
import { oneLine } from "../../src/text/clean.ts";
import { record } from "../audit/records.ts";
import { manifest, running, type World, worldOf } from "../commands/ports.ts";
import { crashing, deployment, observation, pod, stamp, waiting } from "../release/cluster.ts";
import { plan, release } from "../release/releases.ts";
import { nasty } from "./accepted.ts";

/** What strangers write: to call people, to pretend, to break out, or just far too much. */
export const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.array(fc.constantFrom(...nasty, "word "), { maxLength: 60 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.nat(3_000).map((length) => "x".repeat(length)),
  fc.nat(1_500).map((length) => "<語".repeat(length)),
  fc
    .array(fc.constantFrom("\n", "\r\n", "\t", "line"), { maxLength: 60 })
    .map((parts) => parts.join("")),
);

const name = (most: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom("a", "a".repeat(most)),
    fc.stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/),
  );

/** None, mostly few, at times the most: what is many takes time. */
const count = (few: number, most: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 12, arbitrary: fc.nat(few) },
    { weight: 2, arbitrary: fc.integer({ min: few, max: most }) },
    { weight: 3, arbitrary: fc.constant(most) },
  );

/** What a world is made of: few different things, of which there may be many. */
const facts = fc.record({
  names: fc.uniqueArray(name(50), { minLength: 1, maxLength: 4 }),
  environments: fc.uniqueArray(name(63), { minLength: 1, maxLength: 4 }),
  texts: fc.array(text, { minLength: 1, maxLength: 8 }),
  phases: fc.array(fc.constantFrom(...releasePhases), { minLength: 1, maxLength: 6 }),
  apps: count(40, 1_000),
  releases: count(30, 300),
  logs: count(100, 10_000),
  events: count(50, 1_000),
  links: count(5, 60),
  records: count(30, 200),
  isLocked: fc.boolean(),
  isHeldUp: fc.boolean(),
  isSilent: fc.boolean(),
  isWell: fc.boolean(),
  mayDecide: fc.boolean(),
  file: text,
});
type Facts = typeof facts extends fc.Arbitrary<infer Found> ? Found : never;

/** A world, and what of it can be asked for. */
export interface RandomWorld {
  readonly world: ReturnType<typeof worldOf>;
  readonly names: readonly string[];
  readonly environments: readonly string[];
  readonly releases: readonly Release[];
  /** What a counterexample shows. */
  readonly [fc.toStringMethod]?: () => string;
}

/** Any world, written by strangers: from an empty cluster to a thousand apps and ten thousand lines. */
export const randomWorld: fc.Arbitrary<RandomWorld> = facts.map((given) => {
  const releases = many(given.releases, (at) => releaseOf(given, at));
  return {
    world: worldOf(worldFrom(given, releases)),
    names: given.names,
    environments: given.environments,
    releases,
    // The world itself is endless to read.
    [fc.toStringMethod]: () => JSON.stringify(given),
  };
});

function worldFrom(given: Facts, releases: readonly Release[]): World {
  const { environments, isHeldUp, isLocked, isSilent, mayDecide } = given;
  const held = cause("locked", `It is locked: ${kept(given, 1)}`, said(given, 2));
  const places = environments.flatMap((where) => given.names.map((app) => `${where}/${app}`));
  // Thousands of things are made where somebody asks for them alone.
  return {
    environments,
    apps: many(given.apps, (at) => appOf(given, at)),
    releases,
    get logs() {
      return many(given.logs, (at) => lineOf(given, at));
    },
    reading: { left: at(given, 3), silent: at(given, 2), cut: isSilent },
    get events() {
      return many(given.events, (nth) => eventOf(given, nth));
    },
    links: Object.fromEntries(
      many(given.links, (nth) => [kept(given, nth), addressOf(given, nth)]),
    ),
    get inspection() {
      return inspectionOf(given);
    },
    drift: () => Promise.resolve(many(at(given, 12), (nth) => driftOf(given, nth))),
    adoptable: () => Promise.resolve(adoptableOf(given)),
    get audit() {
      return many(given.records, (nth) => auditOf(given, nth));
    },
    file: given.file,
    standing: { isApprover: mayDecide, isOwner: mayDecide, mayDeploy: mayDecide },
    ...(isLocked ? { lock: lockOf(given) } : {}),
    ...(isHeldUp ? { heldUp: Object.fromEntries(places.map((place) => [place, held])) } : {}),
    ...(isSilent ? { health: () => Promise.reject(new Error(said(given, 0))) } : {}),
  };
}

function many<T>(length: number, make: (at: number) => T): readonly T[] {
  return Array.from({ length }, (_, at) => make(at));
}

/** As a stranger wrote it. */
function said({ texts }: Facts, at: number): string {
  return texts[at % texts.length] ?? "";
}

/** As the API server keeps it, which stores no half of a character. */
function kept(given: Facts, at: number): string {
  return said(given, at).toWellFormed();
}

/** Where the records' own rules, or docc, let nothing be empty. */
function filled(given: Facts, at: number): string {
  return plain(kept(given, at)).trim() === "" ? "web" : kept(given, at);
}

/** Where there is one line alone, and something in it. */
function line(given: Facts, at: number): string {
  return oneLine(filled(given, at));
}

/** A small number that differs from world to world. */
function at({ apps, events }: Facts, most: number): number {
  return (apps + events) % most;
}

function phaseAt({ phases }: Facts, at: number): Phase {
  return phases[at % phases.length] ?? "accepted";
}

/** The names that are asked for come first, the others are as long as names may be. */
function nameAt({ names }: Facts, at: number): string {
  return names[at] ?? `b${String(at).padStart(49, "0")}`;
}

function environmentAt({ environments }: Facts, at: number): string {
  return environments[at % environments.length] ?? "";
}

function manifestOf(given: Facts, at: number): object {
  const image = { image: `registry.example.com/${"x".repeat(200)}`, image_tag: "t".repeat(128) };
  const env = { HOSTILE: kept(given, at), [kept(given, at + 1)]: kept(given, at) };
  return {
    containers: { [nameAt(given, at)]: { ...image, ports: [8080], env } },
    maintainer: [line(given, at), `${"m".repeat(60)}@example.com`, "U0DEVELOPER"],
    team: kept(given, at + 2),
    links: { [kept(given, at)]: `https://example.com/${"y".repeat(900)}/{app}?{from}` },
  };
}

function appOf(given: Facts, at: number): Application {
  const { status, ...head } = running(
    nameAt(given, at),
    manifestOf(given, at),
    environmentAt(given, at),
  );
  if (status?.applied === undefined) throw new Error("nothing is applied");
  const { applied, ...rest } = status;
  const all = { ...rest, ...(given.isLocked ? { lock: lockOf(given) } : {}), current: applied };
  const release = nameOf(given, at);
  return at % 5 === 4
    ? { ...head, status: { ...all, deleted: { ...applied, release } } }
    : { ...head, status: { ...all, applied: { ...applied, release } } };
}

/** Somebody's identity; a Kubernetes name may be any text. */
function whoAt(given: Facts, at: number): Identity {
  if (at % 3 === 0) return { provider: "kubernetes", team: "", user: filled(given, at) };
  if (at % 3 === 1) return { provider: "docc", team: "", user: "docc" };
  return { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" };
}

function lockOf(given: Facts): Lock {
  return {
    by: whoAt(given, at(given, 3)),
    reason: kept(given, 3),
    at: stamp(0),
    until: stamp(1e6),
  };
}

function causeOf(given: Facts, at: number): Cause {
  return {
    code: "exits",
    sentence: filled(given, at),
    named: ["U0DEVELOPER"],
    evidence: many(at % 30, (nth) => kept(given, nth)),
    next: line(given, at + 1),
  };
}

function nameOf(given: Facts, at: number): string {
  return `${nameAt(given, at % given.names.length)}-${String(at).padStart(12, "0")}`;
}

const kinds = ["deploy", "update", "rollback", "restart", "delete"] as const;

function releaseOf(given: Facts, at: number): Release {
  const phase = phaseAt(given, at);
  const app = nameAt(given, at % given.names.length);
  const spec: Partial<ReleaseSpec> = {
    app,
    environment: environmentAt(given, at),
    kind: kinds[at % kinds.length] ?? "deploy",
    source: { type: "release", release: nameOf(given, 0), revision: at },
    words: { tag: kept(given, at), [`env.${kept(given, at)}`]: kept(given, at + 1) },
    reason: kept(given, at),
    requester: whoAt(given, at),
    channel: "C0DEPLOYS",
    tell: "release@example.com",
    ...(at % 4 === 0 ? { emergency: filled(given, at + 1) } : {}),
  };
  const made = release(at % 11 === 10 ? undefined : statusOf(given, at, app, phase), spec);
  return { ...made, metadata: { ...made.metadata, name: nameOf(given, at) } };
}

function statusOf(given: Facts, nth: number, app: string, phase: Phase): ReleaseStatus {
  const lines = many(nth % 40, (at) => kept(given, at));
  const by = whoAt(given, nth);
  const changes = many(nth % 60, (at) => ({
    apiVersion: "v1",
    kind: at % 2 === 0 ? "Deployment" : kept(given, at),
    namespace: "web",
    name: nameAt(given, at),
    action: (["create", "change", "unchanged", "prune"] as const)[at % 4] ?? "change",
    note: kept(given, at),
    takesOver: [kept(given, at)],
  }));
  const field = { path: kept(given, nth), change: "changed", before: kept(given, 1) } as const;
  const diff = changes
    .filter(({ action }) => action !== "unchanged")
    .map(({ kind, name, action }) => ({ kind, name, action, fields: [field, field] }));
  const hasEnded = isTerminal(phase);
  return {
    phase,
    app,
    revision: nth + 1,
    plan: {
      ...plan,
      manifest: JSON.stringify({ ...manifest, ...manifestOf(given, nth) }),
      from: line(given, nth),
      to: line(given, nth + 1),
      risks: lines,
      warnings: lines,
      changes,
      diff: JSON.stringify(diff),
      policy: {
        ...plan.policy,
        approvals: nth % 3,
        approvers: [line(given, nth), "U0APPROVER", "kubernetes:x"],
        self: nth % 2 === 0,
      },
      expiresAt: stamp(nth * 600),
    },
    approvals: [{ by, at: stamp(nth), digest: plan.digest }],
    transitions: ["accepted" as const, "planned" as const, phase].map((entered, step) => ({
      phase: entered,
      at: stamp(nth + step),
      actor: kept(given, nth),
    })),
    slack: { channel: "C0DEPLOYS", ts: "1512550000.000100", told: [] },
    ...(nth % 3 === 0 ? { closed: { by, reason: kept(given, nth) } } : {}),
    ...(nth % 5 === 0 ? { stop: { by, reason: kept(given, nth), at: stamp(nth) } } : {}),
    ...(hasEnded
      ? {
          finishedAt: stamp(nth + 60),
          verdict: {
            outcome: phase === "succeeded" ? "succeeded" : "failed",
            affected: kept(given, nth),
            ready: 0,
            wanted: 1,
            urls: [`https://${app}.example.com`],
            cause: causeOf(given, nth),
          },
        }
      : {}),
  };
}

/** A log as a pod printed it: mostly with its own words, and once in a while with far too many of them. */
function lineOf(given: Facts, at: number): LogLine {
  return {
    at: `2017-12-06T10:00:00.${String(at).padStart(9, "0")}Z`,
    pod: `${nameAt(given, 0)}-7d4b9c6f5-x7k2p`,
    container: nameAt(given, at % 3),
    text: `${said(given, at)} ${"long ".repeat(at % 500 === 0 ? 2_000 : 1)}`,
  };
}

/** An operator's or a maintainer's: an address, too long a one, or none at all. */
function addressOf(given: Facts, at: number): string {
  if (at % 4 === 3) return kept(given, at);
  return `https://example.com/${"x".repeat((at * 700) % 3_500)}/{app}?x=${encodeURIComponent(kept(given, at))}`;
}

function inspectionOf(given: Facts): Inspection {
  const part = <T>(nth: number, value: T): Part<T> =>
    given.isSilent && nth % 2 === 0 ? { silence: nth % 4 === 0 ? "slow" : "forbidden" } : { value };
  const word = (nth: number): string => kept(given, nth);
  const containers = [
    waiting(word(0), word(1), { name: word(2) }),
    crashing(3, { code: 1, reason: word(1), message: word(2), at: 30 }),
  ];
  const pods = many(given.isWell ? 0 : at(given, 300), (nth) =>
    pod(`${word(nth)}${nth}`, containers),
  );
  const look = given.isWell
    ? observation()
    : observation({ pods, deployment: deployment({ readyReplicas: 0 }) });
  return {
    observation: part(0, look),
    pods: part(1, look.pods),
    ingresses: part(2, many(at(given, 30), word)),
    certificates: part(
      3,
      many(at(given, 30), (nth) => ({
        name: word(nth),
        notAfter: nth % 2 === 0 ? stamp(9e6) : word(nth),
      })),
    ),
    autoscaler: part(4, {
      current: 1,
      desired: 2,
      min: 1,
      max: 1_000,
      metrics: many(at(given, 9), (nth) => ({
        name: word(nth),
        now: word(nth),
        target: word(nth),
      })),
      trouble: word(1),
    }),
    usage: part(5, { pods: pods.length, cores: 0.5, bytes: 2 ** 40 }),
    events: part(
      6,
      many(at(given, 40), (nth) => eventOf(given, nth)),
    ),
  };
}

function eventOf(given: Facts, nth: number): EventGroup {
  return {
    type: nth % 2 === 0 ? "Warning" : said(given, nth),
    reason: said(given, nth + 1),
    kind: nth % 3 === 0 ? said(given, nth) : "Pod",
    name: said(given, nth + 2),
    message: said(given, nth + 3),
    count: nth,
    last: stamp(nth),
  };
}

function driftOf(given: Facts, nth: number): ObjectDrift {
  const hand = { manager: kept(given, nth), at: stamp(nth) };
  const field = {
    path: kept(given, nth),
    change: "changed",
    before: kept(given, nth),
    after: kept(given, nth + 1),
    by: [hand, hand],
  } as const;
  return nth % 4 === 0
    ? { kind: "Service", name: kept(given, nth), what: "deleted", fields: [] }
    : {
        kind: kept(given, nth),
        name: kept(given, nth),
        what: "changed",
        fields: many(nth, () => field),
      };
}

/** What strangers have made past docc. */
function adoptableOf(given: Facts): { deployment: unknown; objects: unknown[]; unread: string[] } {
  const word = kept(given, 0);
  const containers = [{ name: word, image: word, env: [word], ports: [{ containerPort: 80 }] }];
  return {
    deployment: {
      kind: "Deployment",
      metadata: { name: word, uid: "u", annotations: { [word]: word } },
      spec: { template: { spec: { containers } } },
    },
    objects: [
      ...many(at(given, 200), (nth) => ({
        kind: "Service",
        metadata: { name: `${kept(given, nth)}${nth}` },
        spec: { selector: { a: kept(given, nth) } },
      })),
    ],
    unread: [word],
  };
}

function auditOf(given: Facts, nth: number): AuditRecord {
  return record(`record-${nth}`, {
    type: nth % 4 === 0 ? "end" : "command",
    who: whoAt(given, nth),
    app: nameAt(given, nth % given.names.length),
    environment: environmentAt(given, nth),
    outcome: nth % 2 === 0 ? "ok" : "not-allowed",
    reason: kept(given, nth),
    release: nameOf(given, nth),
    words: [`tag=${kept(given, nth)}`],
  });
}
