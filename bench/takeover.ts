import { setTimeout as pause } from "node:timers/promises";
import { startFakeSlack } from "../sandbox/slack/server.ts";
import { openWorld, type WorldCluster } from "../sandbox/world.ts";
import { systemClock } from "../src/clock.ts";
import type { KubeApi } from "../src/k8s/api.ts";
import { leases, releases } from "../src/k8s/kinds.ts";
import { startControlPlane } from "../test/cluster/control-plane.ts";
import { type DoccProcess, spawnDocc } from "../test/conversation/process.ts";

/*
 * `npm run bench:takeover -- PAIRS KILLS`: how long nobody leads after the leader's SIGKILL, with the lease's
 * defaults (15 s, 10 s, 2 s). Pairs of docc processes on one real control plane, killed again and again.
 */
const [pairs = 3, kills = 10] = process.argv.slice(2).map(Number);

interface Takeover {
  /** Until the Lease names another holder, in milliseconds. */
  readonly leaseMs: number;
  /** Until a request stored just after the kill has been looked at by the controller. */
  readonly workMs: number;
}

async function benchPair(kubeconfigPath: string, number: number): Promise<readonly Takeover[]> {
  const slack = await startFakeSlack({ clock: systemClock });
  const cluster: WorldCluster = {
    kubeconfig: { path: kubeconfigPath },
    home: `docc-takeover-${number}`,
    apps: `apps-takeover-${number}`,
  };
  const world = await openWorld(cluster);
  const start = async (): Promise<DoccProcess> => {
    const docc = await spawnDocc({ slack, cluster });
    await docc.ready;
    return docc;
  };
  let both = [await start(), await start()];
  const took: Takeover[] = [];
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const name = await holder(world.api, cluster.home);
      const leader = both.find((each) => each.identity() === name);
      if (leader === undefined) throw new Error("none of the two leads");
      // Anywhere between two renewals.
      await pause(Math.random() * 4_400);
      took.push(await killOnce(world.api, cluster.home, leader, name));
      both = [...both.filter((each) => each !== leader), await start()];
    }
  } finally {
    await Promise.all(both.map((each) => each.kill()));
    await world.stop();
    await slack.stop();
  }
  return took;
}

async function holder(api: KubeApi, namespace: string): Promise<string> {
  return (await api.get(leases, { namespace, name: "docc" })).spec?.holderIdentity ?? "";
}

async function killOnce(
  api: KubeApi,
  namespace: string,
  leader: DoccProcess,
  name: string,
): Promise<Takeover> {
  const began = performance.now();
  await leader.kill();
  const request = `takeover-${Date.now().toString(36)}`;
  await api.create(releases, {
    metadata: { name: request, namespace },
    spec: {
      app: "nobody",
      environment: "production",
      kind: "deploy",
      source: { type: "stored" },
      words: {},
      requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
      channel: "CDEPLOYS",
    },
  });
  while ((await holder(api, namespace)) === name) await pause(20);
  const leaseMs = performance.now() - began;
  while ((await api.get(releases, { namespace, name: request })).status === undefined) {
    await pause(20);
  }
  return { leaseMs, workMs: performance.now() - began };
}

function say(what: string, all: readonly number[]): string {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): string => {
    const ms = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return `${(ms / 1_000).toFixed(1)} s`;
  };
  return `${what.padEnd(34)}p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}, n ${sorted.length}`;
}

const plane = await startControlPlane();
try {
  const numbers = Array.from({ length: pairs }, (_each, at) => at);
  const all = await Promise.all(numbers.map((each) => benchPair(plane.kubeconfigPath, each)));
  const took = all.flat();
  console.log(
    say(
      "kill to another holder",
      took.map(({ leaseMs }) => leaseMs),
    ),
  );
  console.log(
    say(
      "kill to the first step (aim <= 25)",
      took.map(({ workMs }) => workMs),
    ),
  );
} finally {
  await plane.stop();
}
