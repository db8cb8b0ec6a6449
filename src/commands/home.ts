import { appNameOf } from "../release/names.ts";
import type { Clock } from "../clock.ts";
import { sayOutcome, sayRequest, timeOf } from "../release/history.ts";
import { type People, samePerson } from "../release/people.ts";
import { phaseOf } from "../release/phases.ts";
import type { Identity, Release } from "../release/release.ts";
import { compare } from "../text/compare.ts";
import { mapAtMost } from "./at-most.ts";
import { type ListedApp, listedApps } from "./list-apps.ts";
import { ageOf, type Seen, seenWithin } from "./list-health.ts";
import { type NamedPerson, ownNames } from "./own-names.ts";
import type { Ports } from "./ports.ts";

/** One of the asker's own apps. */
export interface HomeApp extends ListedApp {
  /** Undefined where it was not asked, or did not answer in time. */
  readonly seen: Seen | undefined;
  /** Since its release was applied: `3h`. */
  readonly age: string;
}

/** An app of somebody else. */
export interface OtherApp extends ListedApp {
  /** As that of one's own. */
  readonly seen?: Seen | undefined;
}

/** What the others run, by the team of their manifests. */
export interface HomeTeam {
  /** Undefined for the apps that name none. */
  readonly team: string | undefined;
  readonly apps: readonly OtherApp[];
}

/** One of the latest releases. */
export interface HomeRelease {
  readonly app: string;
  readonly environment: string;
  /** `2016 -> 2017`, `restart` */
  readonly what: string;
  /** Its phase, and why in few words. */
  readonly outcome: string;
  readonly by: Identity;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** All that a person's App Home shows, as plain data. */
export interface HomeData {
  /** Milliseconds since the Unix epoch: as of when it is true. */
  readonly now: number;
  /** False until docc has read its records once: then all else is empty. */
  readonly ready: boolean;
  /** Releases whose plan this person may approve, oldest first. */
  readonly waiting: readonly Release[];
  /** How many others wait of which docc could not find out whether they wait for this person. */
  readonly unsure: number;
  /** What is not well first, then by name. */
  readonly mine: readonly HomeApp[];
  readonly teams: readonly HomeTeam[];
  /** Newest first. */
  readonly recent: readonly HomeRelease[];
}

export interface HomeOptions {
  /** Identities that are one person. */
  readonly people: People;
  /** Times requests; what is true now goes by the ports' own clock. */
  readonly wall: Clock;
  /** What is known already of how an app does, so that it need not be asked. */
  readonly known: (app: ListedApp) => Seen | undefined;
}

/** A page that opens cannot wait for a cluster that is out of reach. */
const healthMs = 3_000;
/** So many apps are asked how they do, somebody's own first; who has more reads the list. */
const mostAsked = 40;
/** So many of the others' are shown, and of each: nobody else is asked. */
export const mostTeams = 15;
export const mostOfTeam = 8;
const mostRecent = 10;
/** Approvers are looked up in Slack, where not in memory. */
const places = 10;
const latelyMs = 30 * 24 * 60 * 60_000;

/**
 * Collects what a person's App Home shows: from the local copies of the records, but for the health of those that it shows.
 * Never rejects for a cluster's or Slack's sake.
 */
export async function homeOf(
  asker: NamedPerson,
  ports: Ports,
  options: HomeOptions,
): Promise<HomeData> {
  const now = ports.clock.now();
  if (!ports.apps.ready) {
    const nothing = { waiting: [], unsure: 0, mine: [], teams: [], recent: [] };
    return { now, ready: false, ...nothing };
  }
  const kept = ports.releases.all();
  const all = listedApps(ports.apps);
  const isMine = ownedBy(asker, kept, ports, options.people);
  const own = all.filter(isMine);
  const others = new Set(all);
  for (const each of own) others.delete(each);
  const teams = byTeam([...others]);
  const shown = teams.slice(0, mostTeams).flatMap(({ apps }) => apps.slice(0, mostOfTeam));
  const [waiting, seenOf] = await Promise.all([
    waitingFor(asker.person, ports),
    glance([...own, ...shown].slice(0, mostAsked), ports, options),
  ]);
  return {
    now,
    ready: true,
    ...waiting,
    mine: withHealth(own, seenOf, ports),
    teams: teams.map(({ team, apps }) => ({
      team,
      apps: apps.map((each) => ({ ...each, seen: seenOf(each) })),
    })),
    recent: latest(kept),
  };
}

/** Tells the apps that somebody maintains, or their team does, or of which they asked for a release lately. */
function ownedBy(
  named: NamedPerson,
  kept: readonly Release[],
  ports: Ports,
  people: People,
): (app: ListedApp) => boolean {
  const { person } = named;
  const isNamed = ownNames(named);
  const ofTeam = new Map<string, boolean>();
  const isTheirs = (team: string): boolean => {
    const known = ofTeam.get(team) ?? ports.ownersOfTeam(team).some(isNamed);
    ofTeam.set(team, known);
    return known;
  };
  const since = ports.clock.now() - latelyMs;
  const asked = new Set(
    kept
      .filter(
        (release) =>
          Date.parse(timeOf(release)) > since && samePerson(release.spec.requester, person, people),
      )
      .map((release) => placeOf(appNameOf(release) ?? "", release.spec.environment)),
  );
  return ({ app, environment, maintainers, team }) =>
    maintainers.some(isNamed) ||
    (team !== undefined && isTheirs(team)) ||
    asked.has(placeOf(app, environment));
}

/** Neither name holds a slash. */
function placeOf(app: string, environment: string): string {
  return `${environment}/${app}`;
}

async function waitingFor(
  person: Identity,
  ports: Ports,
): Promise<Pick<HomeData, "waiting" | "unsure">> {
  const open = ports.releases
    .unfinished()
    .filter((release) => phaseOf(release) === "awaiting-approval");
  const answers = await mapAtMost(places, open, async (release) => {
    // Slack, which knows who is in a group, may be out of reach.
    const may = await ports.mayApprove(person, release).catch(() => undefined);
    return { release, may };
  });
  return {
    waiting: answers.flatMap(({ release, may }) => (may === true ? [release] : [])),
    unsure: answers.filter(({ may }) => may === undefined).length,
  };
}

const urgency = { unhealthy: 0, unknown: 1, healthy: 2 } as const;

type SeenOf = (app: ListedApp) => Seen | undefined;

/** How these apps do, as far as it is known or is told in time. */
async function glance(
  apps: readonly ListedApp[],
  ports: Ports,
  { wall, known }: HomeOptions,
): Promise<SeenOf> {
  const remembered = new Map(apps.map((each) => [each, known(each)]));
  const asked = apps.filter((each) => remembered.get(each) === undefined);
  const seen = await seenWithin({ wall, ms: healthMs }, asked, ports);
  return (each) => seen.get(each) ?? remembered.get(each);
}

function withHealth(own: readonly ListedApp[], seenOf: SeenOf, ports: Ports): readonly HomeApp[] {
  const rank = (each: ListedApp): number => urgency[seenOf(each)?.state ?? "unknown"];
  // Whoever was not asked stays behind those who were.
  const sorted = own.slice(0, mostAsked).toSorted((a, b) => rank(a) - rank(b));
  return [...sorted, ...own.slice(mostAsked)].map((each, at) => ({
    ...each,
    seen: seenOf(each),
    age: at < mostAsked ? ageOf(each, ports) : "unknown",
  }));
}

/** In the order of their names; the apps without a team last. */
function byTeam(apps: readonly ListedApp[]): readonly HomeTeam[] {
  const teams = Map.groupBy(apps, ({ team }) => team);
  return [...teams]
    .map(([team, own]) => ({ team, apps: own }))
    .toSorted((a, b) => {
      if (a.team === undefined || b.team === undefined) return a.team === undefined ? 1 : -1;
      return compare(a.team, b.team);
    });
}

function latest(kept: readonly Release[]): readonly HomeRelease[] {
  return kept
    .map((release) => ({ release, time: timeOf(release) }))
    .toSorted((a, b) => compare(b.time, a.time))
    .slice(0, mostRecent)
    .map(({ release, time }) => ({
      app: appNameOf(release) ?? "an upload",
      environment: release.spec.environment,
      what: sayRequest(release),
      outcome: sayOutcome(release),
      by: release.spec.requester,
      at: Date.parse(time),
    }));
}
