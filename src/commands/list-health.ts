import { type Clock, within } from "../clock.ts";
import { sayAge } from "../text/duration.ts";
import { mapAtMost } from "./at-most.ts";
import { choiceNamed } from "./choice.ts";
import type { ListedApp } from "./list-apps.ts";
import type { AppHealth, Ports } from "./ports.ts";

export const healths = ["healthy", "unhealthy", "unknown"] as const;
type HealthState = (typeof healths)[number];

/** How an app does, and the words for it: `unhealthy, 2 of 3`. */
export interface Seen {
  readonly state: HealthState;
  readonly said: string;
  /** The counts themselves, where they are known. */
  readonly counts?: AppHealth;
}

/** So many apps are asked for their health at a time. */
const places = 20;

/** @throws DoccError `bad-input` */
export function healthNamed(wanted: string): HealthState {
  return choiceNamed(wanted, healths, { key: "health", all: `It takes ${healths.join(", ")}.` });
}

/** How these apps do right now; whoever cannot be asked is unknown. */
export async function seenOf(
  apps: readonly ListedApp[],
  ports: Ports,
): Promise<ReadonlyMap<ListedApp, Seen>> {
  const seen = await mapAtMost(
    places,
    apps,
    async (each) => [each, await see(each, ports)] as const,
  );
  return new Map(seen);
}

/**
 * The same for who cannot wait longer than `ms` of `wall`'s time: those who have not answered until then are left
 * out, and nobody else is asked.
 */
export async function seenWithin(
  { wall, ms }: { readonly wall: Clock; readonly ms: number },
  apps: readonly ListedApp[],
  ports: Ports,
): Promise<ReadonlyMap<ListedApp, Seen>> {
  const seen = new Map<ListedApp, Seen>();
  let isOver = false;
  const asking = mapAtMost(places, apps, async (each) => {
    if (!isOver) seen.set(each, await see(each, ports));
  });
  await within(wall, ms, asking);
  isOver = true;
  return new Map(seen);
}

/** Since its release was applied; the record may be gone. */
export function ageOf({ release }: ListedApp, ports: Ports): string {
  const at = appliedAt(release, ports);
  const ms = at === undefined ? NaN : ports.clock.now() - Date.parse(at);
  return Number.isFinite(ms) ? sayAge(ms) : "unknown";
}

/** RFC 3339; undefined where the record is not kept any more. */
export function appliedAt(release: string, ports: Pick<Ports, "releases">): string | undefined {
  const transitions = ports.releases.kept(release)?.status?.transitions;
  return transitions?.findLast(({ phase }) => phase === "applying")?.at;
}

export const unknownHealth: Seen = { state: "unknown", said: "unknown" };

/** One cluster out of reach spoils one column of its rows, not the list. */
async function see({ app, environment }: ListedApp, ports: Ports): Promise<Seen> {
  const port = ports.environments.get(environment);
  // An environment that docc.yaml has no more: nobody can be asked.
  if (port === undefined) return unknownHealth;
  if (port.isRecordsOnly === true) return { state: "unknown", said: "not asked" };
  try {
    const health = await port.health(app);
    if (health === undefined) return { state: "unhealthy", said: "unhealthy, gone" };
    const { ready, wanted } = health;
    const counts = health;
    if (wanted === 0) return { state: "healthy", said: "paused", counts };
    const state = ready >= wanted ? "healthy" : "unhealthy";
    return { state, said: `${state}, ${ready} of ${wanted}`, counts };
  } catch {
    return unknownHealth;
  }
}
