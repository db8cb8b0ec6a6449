import type { Clock } from "../clock.ts";
import { applicationName } from "../release/names.ts";
import type { Application, Release } from "../release/release.ts";
import type { KubeApi } from "./api.ts";
import { applications, releases } from "./kinds.ts";
import { asApplication, asRelease } from "./records.ts";
import { reflect } from "./reflector.ts";

/** A local copy of docc's records, and the news of their changes. */
export interface RecordCache {
  release(name: string): Release | undefined;
  releases(): readonly Release[];
  application(app: string, environment: string): Application | undefined;
  applications(): readonly Application[];
  /** What this process just wrote, so that it is not surprised by its own past. */
  remember(release: Release): void;
  readonly synced: boolean;
  waitUntilSynced(): Promise<void>;
  stop(): Promise<void>;
}

export function openRecordCache(options: {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onRelease: (name: string) => void;
}): RecordCache {
  const { api, namespace, clock, random } = options;
  const shared = { namespace, clock, random };
  const written = new Map<string, Release>();
  const releaseCopy = reflect(api, releases, {
    ...shared,
    project: asRelease,
    onChange: ({ value }) => {
      const { name } = value.metadata;
      const mine = written.get(name);
      if (mine !== undefined && !isNewer(mine, value)) written.delete(name);
      options.onRelease(name);
    },
  });
  const applicationCopy = reflect(api, applications, {
    ...shared,
    project: asApplication,
    onChange: () => undefined,
  });
  let synced = false;
  const syncing = Promise.all([releaseCopy.synced(), applicationCopy.synced()]).then(() => {
    synced = true;
  });
  // Whoever waits hears of it; a cache that is stopped first has nobody to tell.
  syncing.catch(() => undefined);

  return {
    release: (name) => written.get(name) ?? releaseCopy.get(`${namespace}/${name}`),
    releases: () =>
      [...releaseCopy.values()].map((each) => written.get(each.metadata.name) ?? each),
    application: (app, environment) =>
      applicationCopy.get(`${namespace}/${applicationName(app, environment)}`),
    applications: () => [...applicationCopy.values()],
    remember: (release) => {
      const { name } = release.metadata;
      const known = written.get(name);
      if (known === undefined || !isNewer(known, release)) written.set(name, release);
    },
    get synced() {
      return synced;
    },
    waitUntilSynced: () => syncing,
    stop: async () => {
      await Promise.all([releaseCopy.stop(), applicationCopy.stop()]);
    },
  };
}

/** Resource versions are comparable as whole numbers since Kubernetes 1.35 (KEP-5504). */
function isNewer(a: Release, b: Release): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion)
  );
}
