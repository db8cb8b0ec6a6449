import { sleep, systemClock } from "../clock.ts";
import { DoccError, isDoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import { deployments, releases } from "../k8s/kinds.ts";
import { asRelease } from "../k8s/records.ts";
import { phaseOf } from "../release/phases.ts";
import type { Release } from "../release/release.ts";
import { sayDuration } from "../text/duration.ts";
import { exitCodes, exitOf } from "./command.ts";
import type { Home } from "./home-live.ts";
import type { Io } from "./io.ts";
import { isRolling, type Ready } from "./news.ts";
import type { Teller } from "./teller.ts";

const lookEveryMs = 500;

interface Following {
  /** How long somebody wants to wait in all, in milliseconds. */
  readonly waitMs: number;
  /** When that is over, in milliseconds since the epoch. */
  readonly until: number;
  readonly io: Io;
  readonly teller: Teller;
}

/** How a release was seen last, and the exit code that says why nobody looks any more. */
export interface Followed {
  readonly release: Release;
  readonly code: number;
}

/**
 * Looks at a release until it has ended, the time is over, or somebody interrupts; tells what changes. A cluster
 * that does not answer is asked again; where it may not be read any more, nobody waits for what cannot come.
 * @throws DoccError `not-found` when the release is deleted
 */
export async function follow(
  home: Home,
  first: Release,
  { waitMs, until, io, teller }: Following,
): Promise<Followed> {
  const stopping = new AbortController();
  const unhook = io.onInterrupt(() => stopping.abort());
  let release = first;
  try {
    for (;;) {
      release = await lookAgain(home, release, teller);
      const code = exitOf(phaseOf(release));
      if (code !== undefined) return { release, code };
      if (systemClock.now() >= until) {
        teller.say(`Not over after ${sayDuration(waitMs)}. ${goesOn(release)}`);
        return { release, code: exitCodes.timeout };
      }
      await sleep(systemClock, lookEveryMs, stopping.signal);
    }
  } catch (error) {
    if (stopping.signal.aborted) {
      teller.say(`Stopped waiting. ${goesOn(release)}`);
      return { release, code: exitCodes.interrupted };
    }
    if (!(error instanceof DoccError) || error.reason === "not-found") throw error;
    // Such as a token of CI that ends before the rollout does.
    const next = isKubeError(error, "unauthorized") ? " Sign in again to see its end." : "";
    teller.say(`The release cannot be read any more: ${error.message}${next} ${goesOn(release)}`);
    return { release, code: exitCodes.timeout };
  } finally {
    unhook();
  }
}

function goesOn({ metadata: { name, namespace } }: Release): string {
  return `The release goes on: kubectl get release ${name} -n ${namespace}`;
}

async function lookAgain(home: Home, last: Release, teller: Teller): Promise<Release> {
  const { name, namespace } = last.metadata;
  try {
    const found = await home.api.find(releases, { namespace, name });
    if (found === undefined) {
      throw new DoccError("not-found", `The release ${name} was deleted.`, {
        hint: "Ask again if it is still wanted.",
      });
    }
    const release = asRelease(found);
    teller.tell(release, await readyOf(home, release));
    return release;
  } catch (error) {
    if (!isDoccError(error, "unavailable", "timeout")) throw error;
    return last;
  }
}

/**
 * Pods of the new template that are surely ready, where the caller may see the very Deployment and it is in this
 * cluster; undefined otherwise: no right over a workload is needed to follow.
 */
async function readyOf({ api }: Home, { status }: Release): Promise<Ready | undefined> {
  const target = status?.rollout;
  const ref = status?.inventory?.find(
    ({ kind, name }) => kind === "Deployment" && name === target?.name,
  );
  if (target === undefined || ref === undefined || !isRolling(status?.phase ?? "")) {
    return undefined;
  }
  try {
    const { namespace, name } = ref;
    const found = await api.find(deployments, { namespace, name });
    if (found?.metadata.uid !== target.uid) return undefined;
    const { replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = found.status ?? {};
    const ready = Math.max(0, readyReplicas - (replicas - updatedReplicas));
    return { ready, wanted: found.spec?.replicas ?? 1 };
  } catch (error) {
    if (isKubeError(error, "forbidden", "not-found", "not-served")) return undefined;
    throw error;
  }
}
