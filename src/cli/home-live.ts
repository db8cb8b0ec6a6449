import { systemClock } from "../clock.ts";
import { DoccError } from "../errors.ts";
import { createApi, type KubeApi } from "../k8s/api.ts";
import { connect, type Connection } from "../k8s/connection.ts";
import { isKubeError } from "../k8s/errors.ts";
import { applications, releases } from "../k8s/kinds.ts";
import { asApplication, asRelease } from "../k8s/records.ts";
import type { Application } from "../release/release.ts";
import type { HomePlace } from "./home.ts";
import type { RecordList } from "./record-ports.ts";

/** Who waits at a terminal is told soon that a cluster is out of reach. */
const usualMs = 10_000;

/** docc's records, by the kubeconfig of who calls. */
export interface Home {
  readonly api: KubeApi;
  readonly connection: Connection;
  readonly namespace: string;
}

/**
 * Connects, and ends every connection afterwards.
 * @param requestMs how long one attempt of a request may take
 */
export async function atHome<Result>(
  { namespace, context }: HomePlace,
  run: (home: Home) => Promise<Result>,
  requestMs = usualMs,
): Promise<Result> {
  const connection = connect({
    ofUser: true,
    clock: systemClock,
    requestTimeoutMs: requestMs,
    ...(context === undefined ? {} : { context }),
  });
  try {
    return await run({ api: createApi(connection), connection, namespace });
  } finally {
    await connection.close();
  }
}

/**
 * {@link atHome}, and where the apps are.
 * @param appContext of the apps' cluster, where that is not docc's
 */
export function atHomeAndApps<Result>(
  place: HomePlace,
  appContext: string | undefined,
  run: (home: Home, apps: Home) => Promise<Result>,
): Promise<Result> {
  return atHome(place, (home) =>
    appContext === undefined
      ? run(home, home)
      : atHome({ ...place, context: appContext }, (apps) => run(home, apps)),
  );
}

/** The heads of all apps, as the caller may see them. */
export async function headsAt(
  { api, namespace }: Home,
  signal?: AbortSignal,
): Promise<readonly Application[]> {
  const { items } = await api.listAll(applications, { namespace, signal });
  return items.map(asApplication);
}

/** All records of docc, listed once. */
export async function recordsAt(home: Home): Promise<RecordList> {
  const { api, namespace } = home;
  const [heads, { items }] = await Promise.all([
    headsAt(home),
    api.listAll(releases, { namespace }),
  ]);
  return { applications: heads, releases: items.map(asRelease) };
}

/**
 * Runs what needs a role in docc's namespace.
 * @param act completes "You may not ..."
 * @throws DoccError `not-allowed` that names the role, where the API server says no
 */
export async function withRole<Result>(
  act: string,
  { namespace, role = "docc-requester" }: { readonly namespace: string; readonly role?: string },
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!isKubeError(error, "forbidden", "not-served")) throw error;
    throw new DoccError("not-allowed", `You may not ${act} in the namespace ${namespace}.`, {
      hint: `Ask for the role ${role} there, or give docc's own namespace with -n.`,
      cause: error,
    });
  }
}
