import { appNameOf } from "../release/names.ts";
import { type ListedApp, listedApps } from "../commands/list-apps.ts";
import { listArguments, matching, meantAsker } from "../commands/list-filters.ts";
import {
  appliedAt,
  healthNamed,
  type Seen,
  seenOf,
  unknownHealth,
} from "../commands/list-health.ts";
import type { Request } from "../commands/define.ts";
import type { Ports } from "../commands/ports.ts";
import { storedManifest } from "../manifest/canonical.ts";
import { newestFirst } from "../release/history.ts";
import { phaseOf } from "../release/phases.ts";
import { tagOf } from "../release/plan.ts";
import type { Release } from "../release/release.ts";
import { heldLock } from "../policy/locks.ts";
import { oneLine } from "../text/clean.ts";
import { type Summary, summaryOf } from "./summary.ts";

/** Arguments as the declaration has checked them, `in` filled in where an app has one place alone. */
export type Args = Readonly<Record<string, unknown>>;

/** What is looked at. */
export interface LookedAt {
  readonly args: Args;
  readonly ports: Ports;
  /** Apps can be asked how they do. */
  readonly hasHealth: boolean;
}

/** Nobody is asked who they are: what may be read is the API server's to say. */
export const terminalRequest: Request = {
  delivery: "terminal",
  requester: { provider: "kubernetes", team: "", user: "" },
};

/** The JSON of `docc list`: stable, and explained in docs/cli.md. */
interface AppData extends Omit<ListedApp, "image" | "revision" | "team"> {
  readonly revision: number;
  readonly team?: string;
  readonly appliedAt?: string;
  /** Where it was asked; `ready` and `wanted` are of pods. */
  readonly health?: Seen["state"];
  readonly ready?: number;
  readonly wanted?: number;
}

export async function listData({ args, ports, hasHealth }: LookedAt): Promise<readonly AppData[]> {
  const given = listArguments.parse(args);
  const me = await meantAsker(given, terminalRequest.requester, ports);
  const apps = matching(listedApps(ports.apps, given.in), given, me);
  if (!hasHealth) return apps.map((each) => appData(each, ports));
  const seen = await seenOf(apps, ports);
  const wanted = given.health === undefined ? undefined : healthNamed(given.health);
  return apps
    .map((each) => ({ each, now: seen.get(each) ?? unknownHealth }))
    .filter(({ now }) => wanted === undefined || now.state === wanted)
    .map(({ each, now }) => ({ ...appData(each, ports), health: now.state, ...now.counts }));
}

function appData({ image: _image, revision, team, ...each }: ListedApp, ports: Ports): AppData {
  const at = appliedAt(each.release, ports);
  return {
    ...each,
    ...(team === undefined ? {} : { team }),
    revision: Number(revision),
    ...(at === undefined ? {} : { appliedAt: at }),
  };
}

/** The JSON of `docc history`: releases, newest first. */
export function historyData({ args, ports }: LookedAt): readonly Summary[] {
  const releases = newestFirst(ports.releases.of(textIn(args, "app"), textIn(args, "in")));
  const { lines } = args;
  return (typeof lines === "number" ? releases.slice(0, lines) : releases).map(summaryOf);
}

/** The JSON of `docc status`. Without an app there is `unfinished` alone. */
interface StatusData {
  readonly app?: string;
  readonly environment?: string;
  /** Of what is applied; absent where nothing is. */
  readonly tag?: string;
  readonly revision?: number;
  /** Name of the release that may act now. */
  readonly inFlight?: string;
  readonly lock?: {
    readonly by: string;
    readonly reason: string;
    readonly at: string;
    readonly until?: string;
  };
  /** In the order in which they take their turns. */
  readonly unfinished: readonly Summary[];
}

export function statusData({ args, ports }: LookedAt): StatusData {
  const [app, environment] = [textIn(args, "app"), textIn(args, "in")];
  const unfinished = openOnes({ args, ports }).map(summaryOf);
  if (app === "") return { unfinished };
  const { applied, inFlight, lock } = ports.apps.find(app, environment)?.status ?? {};
  const held = heldLock(lock, ports.clock.now());
  return {
    app,
    environment,
    ...(applied === undefined
      ? {}
      : { tag: tagOf(storedManifest(applied.manifest)), revision: applied.revision }),
    ...(inFlight === undefined ? {} : { inFlight }),
    ...(held === undefined
      ? {}
      : {
          lock: {
            by: oneLine(held.by.user),
            reason: oneLine(held.reason),
            at: held.at,
            ...(held.until === undefined ? {} : { until: held.until }),
          },
        }),
    unfinished,
  };
}

/** Whose turn it is to say something: docc alone knows whether a yes counts, so everybody is told. */
export function undecided(at: LookedAt): readonly string[] {
  // With an app the sentences name the release already.
  if (textIn(at.args, "app") !== "") return [];
  return openOnes(at)
    .filter((release) => phaseOf(release) === "awaiting-approval")
    .map(({ metadata }) => `Waits for a decision: docc approve ${metadata.name}, or reject.`);
}

function openOnes({ args, ports }: Omit<LookedAt, "hasHealth">): readonly Release[] {
  const [app, environment] = [textIn(args, "app"), textIn(args, "in")];
  return ports.releases
    .unfinished()
    .filter(({ spec }) => environment === "" || spec.environment === environment)
    .filter((release) => app === "" || appNameOf(release) === app);
}

function textIn(args: Args, name: string): string {
  const value = args[name];
  return typeof value === "string" ? value : "";
}
