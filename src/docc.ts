import { createHash } from "node:crypto";
import { type Clock, systemClock } from "./clock.ts";
import type { EnvironmentPort, Ports } from "./commands/ports.ts";
import { registry } from "./commands/registry.ts";
import {
  type Config,
  defaultEnvironment,
  type EnvironmentConfig,
  organisationOf,
  platformOf,
  rulesOf,
} from "./config.ts";
import { createController } from "./controller/controller.ts";
import { decideOn } from "./controller/deciding.ts";
import {
  lockApp,
  type LockingPorts,
  tellLocked,
  tellUnlocked,
  unlockApp,
} from "./controller/locking.ts";
import type { Environment } from "./controller/ports.ts";
import { DoccError } from "./errors.ts";
import { createImageRegistry } from "./external/registry/registry.ts";
import { openAuditLog } from "./jobs/audit-log.ts";
import { startJobs } from "./jobs/jobs.ts";
import { createApi, type KubeApi } from "./k8s/api.ts";
import { openCluster } from "./k8s/cluster.ts";
import { connect, type Connection } from "./k8s/connection.ts";
import { readPullSecrets } from "./k8s/pull-secrets.ts";
import { openRecordCache } from "./k8s/record-cache.ts";
import { createRecords } from "./k8s/records.ts";
import type { Logger } from "./log.ts";
import { releasesOf } from "./release/rollback.ts";
import { createSlackEdge } from "./slack/app.ts";
import type { SlackSettings } from "./slack/settings.ts";

export interface DoccOptions {
  readonly config: Config;
  readonly slack: SlackSettings;
  /** File of the kubeconfig, or its text; without either, the pod's own service account. */
  readonly kubeconfig: { readonly path?: string; readonly text?: string };
  /** Decides by it; requests keep the time of the wall. */
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
}

export interface Docc {
  /** True while Slack and the home cluster are there for us. */
  ready(): boolean;
  /** In http mode the port that was taken. */
  port(): number | undefined;
  /** Finishes what is in hand, at most so many milliseconds. Whatever is left goes on at the next start. */
  stop(graceMs: number): Promise<void>;
}

/** Puts the house together and opens it: resolves when commands are answered and releases move. */
export async function startDocc(options: DoccOptions): Promise<Docc> {
  const { config, clock, random, log } = options;
  const clusters = openClusters(options);
  const home = clusters.at(config.home.context);
  const records = createRecords(home, config.home.namespace);
  const registries = openRegistries(options, clusters.at);
  const environments = openEnvironments(options, clusters.at, registries.of);
  const cache = openRecordCache({
    api: home,
    namespace: config.home.namespace,
    clock: systemClock,
    random,
    onError: (error) => log.warn({ err: error }, "the records cannot be read; trying again"),
    // Until everything is known the controller would take a running release for a waiting one.
    onRelease: (name) => (cache.synced ? controller.touch(name) : undefined),
  });
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  const rules = { organisation: organisationOf(config), people: config.people };
  const auditLog = openAuditLog({
    api: home,
    namespace: config.home.namespace,
    clock,
    random,
    hash,
    log,
  });
  const locking = (): LockingPorts => ({
    ...rules,
    records,
    cache,
    environments,
    directory: edge.directory,
    clock,
    announce: (to, sentence, named) => edge.announce(to, sentence, named),
    log,
  });
  const ports: Omit<Ports, "files"> = {
    clock,
    decide: (release, decision) =>
      decideOn(release, decision, {
        ...rules,
        records,
        cache,
        environments,
        directory: edge.directory,
        clock,
      }),
    locks: {
      lock: async (place, wish) => {
        const answer = await lockApp(place, wish, locking());
        if ("locked" in answer) void tellLocked(place, answer.locked, locking());
        return answer;
      },
      unlock: async (place, by) => {
        const answer = await unlockApp(place, by, locking());
        if ("unlocked" in answer) void tellUnlocked(place, answer, by, locking());
        return answer;
      },
    },
    environments: commandEnvironments(environments),
    defaultEnvironment: defaultEnvironment(config),
    releases: {
      create: (name, spec) => records.createRelease(name, spec),
      find: (name) => records.findRelease(name),
      of: (app, environment) => releasesOf(cache.releases(), app, environment),
    },
    apps: {
      find: (app, environment) => cache.application(app, environment),
      list: (environment) =>
        cache
          .applications()
          .filter(({ spec }) => environment === undefined || spec.environment === environment),
      get ready() {
        return cache.synced;
      },
    },
    audit: auditLog,
    hash,
  };
  const edge = await createSlackEdge({
    settings: options.slack,
    registry,
    ports,
    clock,
    random,
    logger: log,
    people: config.people,
    audit: (line, error) => auditLog.record(line, error),
  });
  const controller = createController({
    clock,
    random,
    hash,
    records,
    cache,
    environments,
    ...rules,
    directory: edge.directory,
    files: edge.files,
    messenger: edge.messenger,
    log,
  });
  const jobs = startJobs({ clock, records, cache, log }, config.retention);
  const { seal_after: sealAfter, channel, archived } = config.audit;
  const tell = (to: string, sentence: string): Promise<void> => edge.announce(to, sentence);
  const sealing = auditLog.startSealing({ cache, tell }, { sealAfter, channel, archived });
  const stop = async (graceMs: number): Promise<void> => {
    // Nothing new comes in, steps in hand end, and what they have to say is said.
    await edge.stopIntake(graceMs);
    const recorded = auditLog.stop(graceMs);
    await Promise.all([jobs.stop(), sealing.stop()]);
    await controller.stop();
    await Promise.all([edge.messenger.flush(graceMs), recorded]);
    edge.close();
    await cache.stop();
    await Promise.all([...environments.values()].map(({ cluster }) => cluster.stop()));
    await registries.close();
    await clusters.close();
  };
  try {
    await Promise.all([edge.start(), cache.waitUntilSynced()]);
  } catch (error) {
    await stop(0);
    throw error;
  }
  for (const { metadata } of cache.releases()) controller.touch(metadata.name);
  return { ready: () => edge.connected() && cache.synced, port: () => edge.port(), stop };
}

interface Clusters {
  /** The API of a context of the kubeconfig; undefined: the current one. */
  readonly at: (context: string | undefined) => KubeApi;
  readonly close: () => Promise<void>;
}

/** One connection for each context, however many environments share it. */
function openClusters({ kubeconfig, random }: DoccOptions): Clusters {
  const connections = new Map<string, { readonly connection: Connection; readonly api: KubeApi }>();
  const at = (context: string | undefined): KubeApi => {
    const key = context ?? "";
    const known = connections.get(key);
    if (known !== undefined) return known.api;
    const connection = connect({
      ...(kubeconfig.path === undefined ? {} : { kubeconfigPath: kubeconfig.path }),
      ...(kubeconfig.text === undefined ? {} : { kubeconfigText: kubeconfig.text }),
      ...(context === undefined ? {} : { context }),
      clock: systemClock,
      random,
    });
    const api = createApi(connection);
    connections.set(key, { connection, api });
    return api;
  };
  return {
    at,
    close: async () => {
      await Promise.all([...connections.values()].map(({ connection }) => connection.close()));
    },
  };
}

interface Registries {
  readonly of: (name: string, settings: EnvironmentConfig) => Environment["images"];
  readonly close: () => Promise<void>;
}

/** One view of the registries for each environment: their credentials never meet. */
function openRegistries({ log }: DoccOptions, at: Clusters["at"]): Registries {
  const open: { close(): Promise<void> }[] = [];
  return {
    of: (name, settings) => {
      const { resolve, timeout, token_hosts: tokenHosts } = settings.registry;
      if (resolve === "never") return undefined;
      const { namespace, pull_secrets: names } = settings;
      const registry = createImageRegistry({
        hosts: {
          registries: settings.registries,
          insecure: settings.insecure_registries,
          tokenHosts,
        },
        timeoutMs: timeout,
        pullSecrets: () => readPullSecrets(at(settings.context), namespace, names),
        clock: systemClock,
        onError: (error) =>
          log.warn({ err: error, environment: name }, "its pull secrets cannot be read"),
      });
      open.push(registry);
      return { registry, resolve };
    },
    close: async () => {
      await Promise.all(open.map((registry) => registry.close()));
    },
  };
}

function openEnvironments(
  { config, random, log }: DoccOptions,
  at: Clusters["at"],
  imagesOf: Registries["of"],
): ReadonlyMap<string, Environment> {
  const entries = Object.entries(config.environments).map(([name, settings]) => {
    const cluster = openCluster({
      api: at(settings.context),
      namespace: settings.namespace,
      clock: systemClock,
      random,
      onError: (error) =>
        log.warn({ err: error, environment: name }, "its cluster cannot be watched; trying again"),
    });
    const { rollout, channel } = settings;
    const environment: Environment = {
      name,
      platform: platformOf(name, settings, Object.keys(config.environments)),
      cluster,
      rollout,
      channel,
      images: imagesOf(name, settings),
      rules: rulesOf(settings),
    };
    return [name, environment] as const;
  });
  return new Map(entries);
}

function commandEnvironments(
  environments: ReadonlyMap<string, Environment>,
): ReadonlyMap<string, EnvironmentPort> {
  const entries = [...environments.values()].map(({ name, platform, cluster }) => {
    const port: EnvironmentPort = {
      name,
      platform,
      health: (app) => {
        if (!cluster.synced)
          throw new DoccError("unavailable", `The cluster of ${name} has not answered yet.`);
        return Promise.resolve(cluster.health(app));
      },
      logs: (app, query) => cluster.logs(app, query),
      events: (app) => cluster.events(app),
    };
    return [name, port] as const;
  });
  return new Map(entries);
}
