import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import type { Seed } from "../../sandbox/slack/seed.ts";
import { defaultSeed } from "../../sandbox/slack/seed.ts";
import type { Installation } from "./docc.ts";
import type { Place } from "./people.ts";

/** Whom the first environment asks; the sandbox knows this person by this name. */
export const approver = "approver";

/** As docc.yaml writes the times of an election. */
type Lease = Readonly<Record<"duration" | "renew_deadline" | "retry_period", string>>;

/** As short as it may be: every life must first outwait the one that was killed. */
export const shortLease: Lease = {
  duration: "1s",
  renew_deadline: "800ms",
  retry_period: "200ms",
};
/** For the lives that end a round: on a machine with no breath left, a short one is lost all the time. */
export const longLease: Lease = { duration: "8s", renew_deadline: "6s", retry_period: "1s" };

/** Short names of one installation's things, so that many fit on one cluster. */
export interface Layout {
  readonly home: string;
  readonly environments: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly channel: string;
  }[];
  readonly places: readonly Place[];
}

/** @param name of the installation, a DNS label */
export function layOut(
  name: string,
  size: { readonly environments: number; readonly apps: number },
): Layout {
  const environments = Array.from({ length: size.environments }, (_, at) => ({
    name: `env${at}`,
    namespace: `${name}-${at}`,
    channel: `CCHAOS${at}`,
  }));
  const places = environments.flatMap(({ name: environment, channel }) =>
    Array.from({ length: size.apps }, (_, at) => ({ app: `web${at}`, environment, channel })),
  );
  return { home: `${name}-home`, environments, places };
}

/** The sandbox's people, with a channel for each environment. */
export function workspaceOf({ environments }: Layout): Seed {
  const members = ["UDEVELOPER", "UAPPROVER", "UMAINTAINER", defaultSeed.app.botUserId];
  const channels = environments.map(
    ({ channel, name }) =>
      ({ id: channel, name: `chaos-${name}`, kind: "public", members }) as const,
  );
  return { ...defaultSeed, channels: [...defaultSeed.channels, ...channels] };
}

/** Writes what docc is told by files. The first environment asks for approval. */
export async function install(
  layout: Layout,
  to: {
    /** Unique among what is installed on this cluster. */
    readonly name: string;
    readonly folder: string;
    readonly program: string;
    readonly kubeconfig: string;
    readonly slack: FakeSlack;
    /** Address of the Web API for docc. */
    readonly apiUrl: string;
    /** As docc.yaml writes it. */
    readonly rolloutTimeout: string;
    readonly lease: Lease;
  },
): Promise<Installation> {
  const config = path.join(to.folder, `${to.name}.json`);
  const kubeconfig = path.join(to.folder, `${to.name}.kubeconfig`);
  const environments = layout.environments.map(({ name, namespace, channel }, at) => [
    name,
    {
      namespace,
      channel,
      domain: `${namespace}.example.com`,
      rollout: { timeout: to.rolloutTimeout, stable: "1s" },
      registry: { resolve: "never" },
      ...(at === 0 ? { approval: { count: 1, from: ["UAPPROVER"] } } : {}),
    },
  ]);
  await writeFile(
    config,
    JSON.stringify({
      slack: { mode: "socket" },
      home: { namespace: layout.home, lease: to.lease },
      environments: Object.fromEntries(environments) as unknown,
      retention: { releases: 100, schedule: "0 0 1 1 *" },
    }),
  );
  await writeFile(kubeconfig, to.kubeconfig);
  const { botToken, appToken } = to.slack.credentials;
  return {
    program: to.program,
    env: {
      DOCC_CONFIG: config,
      KUBECONFIG: kubeconfig,
      SLACK_API_URL: to.apiUrl,
      SLACK_BOT_TOKEN: botToken,
      SLACK_APP_TOKEN: appToken,
      MALLOC_ARENA_MAX: "1",
    },
  };
}
