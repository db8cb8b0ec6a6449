import { systemClock } from "../clock.ts";
import { releases } from "../k8s/kinds.ts";
import { asRelease } from "../k8s/records.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import { type Asked, offered, type placeIn } from "./complete.ts";
import { atHome, headsAt, type Home } from "./home-live.ts";

/**
 * Names that fit where somebody types, read with their kubeconfig.
 * @throws when they cannot be read in time
 */
export async function namesLive(
  asked: Asked,
  place: ReturnType<typeof placeIn>,
  patienceMs: number,
): Promise<readonly string[]> {
  const late = new AbortController();
  const cancel = systemClock.after(patienceMs, () => late.abort());
  try {
    return await atHome(
      place,
      async (home) => offered(await namesOf(home, asked, place.environment, late.signal)),
      patienceMs,
    );
  } finally {
    cancel();
  }
}

async function namesOf(
  home: Home,
  asked: Asked,
  environment: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const here = (where: string): boolean => environment === undefined || where === environment;
  const heads = await headsAt(home, signal);
  if (asked === "environments") return heads.map(({ spec }) => spec.environment);
  const apps = heads.filter(({ spec }) => here(spec.environment)).map(({ spec }) => spec.app);
  if (asked === "apps") return apps;
  const { items } = await home.api.listAll(releases, { namespace: home.namespace, signal });
  const open = items.map(asRelease).filter((release) => !isTerminal(phaseOf(release)));
  return [...open.map(({ metadata }) => metadata.name), ...apps];
}
