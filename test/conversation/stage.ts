import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { inject } from "vitest";
import { startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { runIssuer } from "../../sandbox/cluster/issuer.ts";
import type { SandboxImage } from "../../sandbox/images.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { defaultSeed, type Seed } from "../../sandbox/slack/seed.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import type { Message } from "../../sandbox/slack/types.ts";
import {
  openWorld,
  startWorld,
  type World,
  type WorldCluster,
  type WorldOptions,
  type WorldWebhooks,
} from "../../sandbox/world.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { releases } from "../../src/k8s/kinds.ts";
import { asRelease } from "../../src/k8s/records.ts";
import type { Release } from "../../src/release/release.ts";
import type { SlackSettings } from "../../src/slack/settings.ts";
import type { RealCluster } from "../cluster/global-setup.ts";
import { testImages } from "../support/images.ts";
import { kubernetes, slack as slackDialect } from "../support/proxy/calls.ts";
import { type FaultProxy, startFaultProxy } from "../support/proxy/fault-proxy.ts";
import { proxiedKubeconfig } from "../support/proxy/kubeconfig.ts";

const run = promisify(execFile);

/** A cluster that a conversation takes place on. */
export interface Target {
  readonly name: string;
  /** How docc is told to judge rollouts there: simulated time can wait, the wall's time cannot. */
  readonly rollout: { readonly timeout: string; readonly stable: string };
  /** Further settings of the environment in docc.yaml. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Names of environments beside `production`, with the same settings. */
  readonly others?: readonly string[];
  /** Further settings beside the environments. */
  readonly top?: Readonly<Record<string, unknown>>;
  /** `off`: Slack takes any number of calls; for who asks more in a minute than it would. */
  readonly rateLimits?: "off";
  /** The bot scopes that were granted; all that the emulated Slack knows unless told. */
  readonly scopes?: readonly string[];
  /** A fault proxy before the API server and one before Slack. */
  readonly hasProxies?: boolean;
  /** What docc itself goes by, where it is not to be the administrator. */
  readonly identity?: NonNullable<WorldOptions["identity"]>;
  readonly webhooks?: WorldWebhooks;
  open(): Promise<OpenTarget>;
}

interface OpenTarget {
  readonly kubeconfig: { readonly path?: string; readonly text?: string };
  readonly clock: Clock;
  /** Lets a little time pass on that clock. */
  advance(): Promise<void>;
  /** Undefined where there is no kubectl on this machine. */
  readonly kubectlPath: string | undefined;
  close(): Promise<void>;
}

export const embedded: Target = embeddedWith(testImages);

/** The embedded cluster with images of a test's own. */
export function embeddedWith(images: readonly SandboxImage[]): Target {
  return {
    name: "embedded cluster",
    rollout: { timeout: "10m", stable: "60s" },
    open: async () => {
      const open = await openEmbedded(images);
      open.cluster.clock.pause();
      return { ...open, clock: open.cluster.clock, advance: () => open.cluster.clock.step(500) };
    },
  };
}

async function openEmbedded(images: readonly SandboxImage[]) {
  const cluster = await startEmbeddedCluster({ images, nodes: 3 });
  const stopping = new AbortController();
  const { server } = cluster;
  const issuing = runIssuer({ fetch, server, clock: systemClock, signal: stopping.signal });
  return {
    cluster,
    kubeconfig: { text: cluster.kubeconfig },
    // Built together with the real control plane; it speaks to any API server.
    kubectlPath: inject("realCluster")?.kubectlPath,
    close: async (): Promise<void> => {
      stopping.abort();
      await issuing;
      await cluster.stop();
    },
  };
}

/** The embedded cluster in the time of the wall, for a docc that is a process of its own. */
export const embeddedLive: Target = {
  name: "embedded cluster",
  rollout: { timeout: "40s", stable: "1s" },
  open: async () => {
    const open = await openEmbedded(testImages);
    return { ...open, clock: systemClock, advance: () => pause(50) };
  },
};

/** The run's real control plane; its stand-in issuer belongs to the rig. */
export function realTarget({ kubeconfigPath, kubectlPath }: RealCluster): Target {
  return {
    name: "real control plane",
    rollout: { timeout: "40s", stable: "1s" },
    open: () =>
      Promise.resolve({
        kubeconfig: { path: kubeconfigPath },
        clock: systemClock,
        advance: () => pause(50),
        kubectlPath,
        close: () => Promise.resolve(),
      }),
  };
}

/** People, docc and a cluster, ready to talk. */
export interface Stage {
  readonly slack: FakeSlack;
  readonly world: Pick<World, "api" | "stop">;
  /** What stands between docc and the world, where the target asks for it. */
  readonly proxies: Proxies | undefined;
  readonly cluster: WorldCluster;
  readonly home: string;
  readonly apps: string;
  /** Of the applications' hosts. */
  readonly domain: string;
  /** Lets time pass until `ask` gives a value; fails with `what` after some two minutes of real time. */
  until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined): Promise<T>;
  /** The releases, oldest first. */
  releases(): Promise<readonly Release[]>;
  /** Waits until so many releases have ended; resolves with the last of them. */
  ended(count: number): Promise<Release>;
  /** Root messages of #deploys as a person reads them. */
  roots(): readonly Message[];
  read(message: Message): string;
  /** @throws when there is none, see {@link Stage.hasKubectl} */
  kubectl(...args: readonly string[]): Promise<string>;
  readonly hasKubectl: boolean;
  /** Stops docc and starts it again by another docc.yaml. */
  restart(changed: Pick<Target, "settings" | "top">): Promise<void>;
  close(): Promise<void>;
}

/** Before a test's own time is over, which would not say what it waited for. */
const deadlineMs = 110_000;

/** The sandbox's workspace, with a channel for the releases of one app. */
const workspace: Seed = {
  ...defaultSeed,
  channels: [
    ...defaultSeed.channels,
    { id: "CSHOPTEAM", name: "shop-team", kind: "public", members: ["UDEVELOPER", "UDOCC"] },
  ],
};

/** @param mode `none`: the stage is set, and docc comes as a process of its own */
/** @param ownDomain of the hosts, where a domain of the stage's own will not do */
export async function openStage(
  target: Target,
  mode: SlackSettings["mode"] | "none",
  ownDomain?: string,
): Promise<Stage> {
  const suffix = Math.random().toString(36).slice(2, 8);
  const domain = ownDomain ?? `${suffix}.example.com`;
  const open = await target.open();
  const slack = await startFakeSlack({
    clock: systemClock,
    workspace,
    // In docc's time: on the embedded cluster it goes faster than that of people.
    rateLimits: target.rateLimits ?? open.clock,
    ...(target.scopes === undefined ? {} : { scopes: target.scopes }),
  });
  const proxies = target.hasProxies === true ? await openProxies(open, slack) : undefined;
  const cluster: WorldCluster = {
    kubeconfig: proxies?.kubeconfig ?? open.kubeconfig,
    home: `docc-${suffix}`,
    apps: `apps-${suffix}`,
    domain,
    ...(target.others === undefined ? {} : { others: target.others }),
  };
  const start = async ({ settings, top }: Pick<Target, "settings" | "top">) =>
    mode === "none"
      ? openWorld(cluster)
      : startWorld({
          slack,
          cluster,
          mode,
          ...(proxies === undefined ? {} : { slackApiUrl: `${proxies.slack.url}/api/` }),
          clock: open.clock,
          rollout: target.rollout,
          ...(settings === undefined ? {} : { settings }),
          ...(top === undefined ? {} : { top }),
          ...(target.identity === undefined ? {} : { identity: target.identity }),
          ...(target.webhooks === undefined ? {} : { webhooks: target.webhooks }),
        });
  let world = await start(target);
  // The test looks past what it does to docc.
  const connection = connect({ ...kubeconfigOf(open), clock: systemClock });
  const api = createApi(connection);
  const until: Stage["until"] = async (what, ask) => {
    const giveUpAt = performance.now() + deadlineMs;
    for (;;) {
      const value = await ask();
      if (value !== undefined) return value;
      if (performance.now() > giveUpAt) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
      await open.advance();
    }
  };
  const list = async (): Promise<readonly Release[]> => {
    const { items } = await api.listAll(releases, { namespace: cluster.home });
    const age = ({ metadata }: Release): string => metadata.creationTimestamp;
    return items.map(asRelease).toSorted((a, b) => age(a).localeCompare(age(b)));
  };
  return {
    slack,
    world: { api, stop: () => world.stop() },
    proxies,
    cluster,
    home: cluster.home,
    apps: cluster.apps,
    domain,
    until,
    releases: list,
    ended: (count) =>
      until(`${count} releases have ended`, async () => {
        const all = await list();
        const ended = all.filter(({ status }) => status?.finishedAt !== undefined);
        return ended.length >= count ? ended.toSorted(byFinish).at(-1) : undefined;
      }),
    roots: () => slack.messages("#deploys").filter(({ threadTs }) => threadTs === undefined),
    read: (message) => slack.render(message),
    hasKubectl: open.kubectlPath !== undefined,
    kubectl: async (...args) => kubectl(open, args),
    restart: async (changed) => {
      await world.stop();
      world = await start({ ...target, ...changed });
    },
    close: async () => {
      await world.stop();
      await connection.close();
      await proxies?.close();
      await slack.stop();
      await open.close();
    },
  };
}

/** Fault proxies, and the kubeconfig that leads through one. */
interface Proxies {
  readonly kubeconfig: OpenTarget["kubeconfig"];
  readonly kube: FaultProxy;
  readonly slack: FaultProxy;
  close(): Promise<void>;
}

async function openProxies({ kubeconfig }: OpenTarget, slack: FakeSlack): Promise<Proxies> {
  const through = await proxiedKubeconfig(kubeconfig);
  const kube = await startFaultProxy({ upstream: through.upstream, dialect: kubernetes });
  const upstream = { url: slack.origin };
  const proxy = await startFaultProxy({ upstream, dialect: slackDialect, rewritesOrigin: true });
  return {
    kubeconfig: { text: through.through(kube.url) },
    kube,
    slack: proxy,
    close: async () => {
      await Promise.all([kube.close(), proxy.close()]);
    },
  };
}

function kubeconfigOf({ kubeconfig: { path, text } }: OpenTarget): {
  readonly kubeconfigPath?: string;
  readonly kubeconfigText?: string;
} {
  return {
    ...(path === undefined ? {} : { kubeconfigPath: path }),
    ...(text === undefined ? {} : { kubeconfigText: text }),
  };
}

function byFinish(a: Release, b: Release): number {
  return (a.status?.finishedAt ?? "").localeCompare(b.status?.finishedAt ?? "");
}

async function kubectl(open: OpenTarget, args: readonly string[]): Promise<string> {
  if (open.kubectlPath === undefined) throw new Error("there is no kubectl for this target");
  const folder = await mkdtemp(join(tmpdir(), "docc-kubeconfig-"));
  try {
    const path = open.kubeconfig.path ?? join(folder, "config");
    if (open.kubeconfig.text !== undefined) await writeFile(path, open.kubeconfig.text);
    const { stdout } = await run(open.kubectlPath, ["--kubeconfig", path, ...args]);
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
