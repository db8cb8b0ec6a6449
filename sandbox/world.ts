import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../src/clock.ts";
import { parseConfig, readAllWebhookKeys } from "../src/config.ts";
import { type Docc, startDocc } from "../src/docc.ts";
import { createApi, type KubeApi } from "../src/k8s/api.ts";
import { connect } from "../src/k8s/connection.ts";
import { createLogger, type Logger } from "../src/log.ts";
import type { SlackSettings } from "../src/slack/settings.ts";
import { installDocc } from "./install.ts";
import type { FakeSlack } from "./slack/fake-slack.ts";

/** Which cluster, and what of it is ours. */
export interface WorldCluster {
  /** File or text of a kubeconfig. */
  readonly kubeconfig: { readonly path?: string; readonly text?: string };
  /** docc's own namespace. */
  readonly home: string;
  /** The applications' namespace. */
  readonly apps: string;
  /** Of their hosts; several worlds on one cluster each need their own. */
  readonly domain?: string;
  /** Names of environments beside `production`; each has a namespace of its own. */
  readonly others?: readonly string[];
}

/** Receivers of events as docc.yaml has them, and the variables that hold their secrets. */
export interface WorldWebhooks {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface WorldOptions {
  readonly slack: FakeSlack;
  readonly cluster: WorldCluster;
  /** docc decides by it; the wall's time unless told. */
  readonly clock?: Clock;
  readonly mode?: SlackSettings["mode"];
  /** Where docc reaches Slack, when something stands between. */
  readonly slackApiUrl?: string;
  /** As docc.yaml writes durations. */
  readonly rollout?: { readonly timeout: string; readonly stable: string };
  /** How replicas elect their leader, as docc.yaml says it; its defaults unless told. */
  readonly lease?: Readonly<Record<"duration" | "renew_deadline" | "retry_period", string>>;
  /** Further settings of the environment in docc.yaml. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Further settings beside the environments, such as `operators`. */
  readonly top?: Readonly<Record<string, unknown>>;
  /** Called once docc is installed: what docc itself goes by, instead of the cluster's kubeconfig. */
  readonly identity?: (cluster: WorldCluster) => Promise<WorldCluster["kubeconfig"]>;
  readonly webhooks?: WorldWebhooks;
  readonly log?: Logger;
}

/** docc itself, unmodified, between an emulated Slack and a cluster. */
export interface World {
  readonly docc: Docc;
  /** For looking at the cluster past docc. */
  readonly api: KubeApi;
  stop(): Promise<void>;
}

/** Where an environment beside `production` has its applications. */
export function namespaceOf({ apps }: Pick<WorldCluster, "apps">, environment: string): string {
  return `${apps}-${environment}`;
}

/** The docc.yaml of sandbox, demo and conversation tests: `production`, and others like it. */
export function worldConfig({
  cluster,
  mode,
  rollout,
  lease,
  settings,
  top,
  webhooks,
}: Pick<
  WorldOptions,
  "cluster" | "mode" | "rollout" | "lease" | "settings" | "top" | "webhooks"
>): string {
  const { apps, domain, others = [] } = cluster;
  const environment = (namespace: string, host: string | undefined) => ({
    namespace,
    ...(host === undefined ? {} : { domain: host }),
    ...(rollout === undefined ? {} : { rollout }),
    // The registry of the examples does not exist: only the rigs know its images.
    registry: { resolve: "never" },
    ...settings,
  });
  const more = others.map((name) => {
    const host = domain === undefined ? undefined : `${name}.${domain}`;
    return [name, environment(namespaceOf(cluster, name), host)];
  });
  return JSON.stringify({
    slack: { mode: mode ?? "socket", host: "127.0.0.1", port: 0 },
    home: { namespace: cluster.home, ...(lease === undefined ? {} : { lease }) },
    environments: { ...Object.fromEntries(more), production: environment(apps, domain) },
    ...top,
    ...(webhooks === undefined ? {} : { webhooks: webhooks.settings }),
  });
}

/** Installs docc into the cluster and leaves starting it to somebody else. */
export async function openWorld(cluster: WorldCluster): Promise<Pick<World, "api" | "stop">> {
  const connection = connect({ ...kubeconfigOf(cluster), clock: systemClock });
  const api = createApi(connection);
  const { home, apps, others = [] } = cluster;
  const namespaces = [home, apps, ...others.map((name) => namespaceOf(cluster, name))];
  await installDocc(api, { namespaces, clock: systemClock });
  return { api, stop: () => connection.close() };
}

/** Installs docc into the cluster and starts it in this process. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { slack, cluster } = options;
  const mode = options.mode ?? "socket";
  const { api, stop } = await openWorld(cluster);
  const config = parseConfig(worldConfig(options), "docc.yaml");
  const docc = await startDocc({
    config,
    webhookKeys: readAllWebhookKeys(config, options.webhooks?.secrets ?? {}),
    slack: slackSettings(slack, mode, options.slackApiUrl),
    kubeconfig: (await options.identity?.(cluster)) ?? cluster.kubeconfig,
    clock: options.clock ?? systemClock,
    random: Math.random,
    identity: randomUUID(),
    log: options.log ?? createLogger("silent"),
  });
  if (mode === "http") slack.deliverTo(`http://127.0.0.1:${docc.port() ?? 0}/slack/events`);
  return {
    docc,
    api,
    stop: async () => {
      await docc.stop(2_000);
      await stop();
    },
  };
}

function kubeconfigOf({ kubeconfig: { path, text } }: WorldCluster): {
  readonly kubeconfigPath?: string;
  readonly kubeconfigText?: string;
} {
  return {
    ...(path === undefined ? {} : { kubeconfigPath: path }),
    ...(text === undefined ? {} : { kubeconfigText: text }),
  };
}

function slackSettings(
  { credentials, apiUrl: direct }: FakeSlack,
  mode: SlackSettings["mode"],
  apiUrl: string = direct,
): SlackSettings {
  const { botToken, appToken, signingSecret } = credentials;
  const shared = { botToken, apiUrl, host: "127.0.0.1", port: 0 };
  return mode === "socket" ? { ...shared, mode, appToken } : { ...shared, mode, signingSecret };
}
