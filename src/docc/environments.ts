import { systemClock } from "../clock.ts";
import type { EnvironmentPort } from "../commands/ports.ts";
import { actingOf, type Config, type EnvironmentConfig, platformOf, rulesOf } from "../config.ts";
import type { Environment } from "../controller/ports.ts";
import type { DoccOptions } from "../docc.ts";
import { lookForDrift } from "../controller/drifting.ts";
import { DoccError } from "../errors.ts";
import { createImageRegistry } from "../external/registry/registry.ts";
import type { PublishedEnvironments } from "../release/published.ts";
import type { Identity } from "../release/release.ts";
import { openCluster } from "../k8s/cluster.ts";
import { readPullSecrets } from "../k8s/pull-secrets.ts";
import type { Clusters } from "./clusters.ts";

export interface Registries {
  readonly of: (name: string, settings: EnvironmentConfig) => Environment["images"];
  readonly close: () => Promise<void>;
}

/** One view of the registries for each environment: their credentials never meet. */
export function openRegistries({ log }: DoccOptions, at: Clusters["at"]): Registries {
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

/** The same sentences for a terminal speak of its user. */
async function readFor(
  cluster: Environment["cluster"],
  app: string,
  environment: string,
): ReturnType<Environment["cluster"]["adoptable"]> {
  try {
    return await cluster.adoptable(app);
  } catch (error) {
    if (!(error instanceof DoccError) || error.reason !== "not-allowed") throw error;
    throw new DoccError("not-allowed", `docc may not read Deployments in ${environment}.`, {
      hint: "Its operators can give it the role docc-reads there.",
      cause: error,
    });
  }
}

export function openEnvironments(
  { config, random, log }: DoccOptions,
  led: Clusters["led"],
  imagesOf: Registries["of"],
): ReadonlyMap<string, Environment> {
  const entries = Object.entries(config.environments).map(([name, settings]) => {
    const cluster = openCluster({
      api: led(settings.context),
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
      acting: actingOf(settings),
      rules: rulesOf(settings),
    };
    return [name, environment] as const;
  });
  return new Map(entries);
}

/** What everybody may know of the environments who may read docc's records. */
export function publishedEnvironments({
  environments,
}: Pick<Config, "environments">): PublishedEnvironments {
  const entries = Object.entries(environments).map(
    ([name, { namespace, domain, links }]) => [name, { namespace, domain, links }] as const,
  );
  return new Map(entries);
}

/** @param mayDeploy whether a person may ask for changes there */
export function commandEnvironments(
  environments: ReadonlyMap<string, Environment>,
  { people, environments: settings }: Pick<Config, "people" | "environments">,
  mayDeploy: (person: Identity, env: Environment) => Promise<boolean>,
): ReadonlyMap<string, EnvironmentPort> {
  const entries = [...environments.values()].map((env) => {
    const { name, platform, cluster, rules } = env;
    const port: EnvironmentPort = {
      name,
      platform,
      freezes: rules.freezes,
      links: settings[name]?.links ?? {},
      health: (app) => {
        if (!cluster.synced)
          throw new DoccError("unavailable", `The cluster of ${name} has not answered yet.`);
        return Promise.resolve(cluster.health(app));
      },
      logs: (app, query) => cluster.logs(app, query),
      events: (app, query) => cluster.events(app, query),
      inspect: (app, query) => cluster.inspect({ app, ...query }),
      adoptable: async (app, by) => {
        // What docc did not make may hold what only those who run it should read.
        if (await mayDeploy(by, env)) return readFor(cluster, app, name);
        throw new DoccError("not-allowed", `Only those who may deploy to ${name} read it there.`, {
          hint: "Ask one of them, or docc's operators.",
        });
      },
      drift: (objects) => lookForDrift(objects, env, people),
    };
    return [name, port] as const;
  });
  return new Map(entries);
}
